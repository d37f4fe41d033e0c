import Canvas
import Inspection

/// Rectangles of numbers side by side, such as kernels or the channels of an image, each under its
/// name; numbers are as large as the room allows.
struct NumberSheet: Widget {
  /// The rectangles, of one size.
  var blocks: [NumberBlock]
  /// The rectangle under the cursor.
  var chosen = 0
  /// How numbers become colours.
  var scale: HeatScale
  /// The number under the cursor, in the chosen rectangle; nil: the whole rectangle.
  var cursor: (row: Int, column: Int)?
  /// Which numbers matter, rectangle by rectangle: the others are grey, or these are in reverse video;
  /// nil is all of them.
  var seen: [[Bool]]?
  /// The row and column to keep in sight where a rectangle is too large; nil: those of the cursor.
  var center: (row: Int, column: Int)?

  /// The columns and rows of a number; two numbers, one above the other, share a cell where it is half
  /// as high.
  private struct Size {
    let width, height: Int
    var isHalf = false

    func rows(of numbers: Int) -> Int { isHalf ? (numbers + 1) / 2 : numbers * height }
  }

  /// Where rectangles stand.
  private struct Grid {
    let size: Size
    /// Rows for the name.
    let name: Int
    /// The columns and rows of a rectangle with its name, and a gap on the right.
    let width, height: Int
    /// Rectangles in a line.
    let perLine: Int
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    guard let first = blocks.first, first.rows > 0, first.columns > 0, !rect.isEmpty else { return }
    let grid = grid(of: first, in: rect, canvas.capabilities)
    let visible = max(1, rect.height / grid.height)
    let lines = (blocks.count + grid.perLine - 1) / grid.perLine
    let window = ScrollWindow(
      total: lines, visible: visible, offset: chosen / grid.perLine - visible / 2,
      cursor: chosen / grid.perLine)
    canvas.clipped(to: rect) { canvas in
      for (line, number) in window.range.enumerated() {
        for place in 0..<grid.perLine where number * grid.perLine + place < blocks.count {
          let corner = Rect(
            x: rect.x + place * grid.width, y: rect.y + line * grid.height,
            width: min(grid.width, rect.width), height: min(grid.height, rect.height))
          draw(number * grid.perLine + place, grid, on: &canvas, in: corner)
        }
      }
    }
  }

  /// The grid with the largest numbers that shows all rectangles, or one with numbers as wide as high.
  private func grid(
    of block: NumberBlock, in rect: Rect, _ capabilities: Capabilities
  ) -> Grid {
    // A cell of a terminal is about twice as high as it is wide.
    let halves = capabilities.colors != .mono && capabilities.glyphs != .ascii
    let sizes =
      [(8, 4), (6, 3), (4, 2), (2, 1)].map { Size(width: $0.0, height: $0.1) }
      + [halves ? Size(width: 1, height: 1, isHalf: true) : Size(width: 1, height: 1)]
    let name = blocks.map { DisplayWidth.of($0.name) }.max() ?? 0
    let grids = sizes.map { size in
      let width = max(block.columns * size.width, name > 0 ? name + 1 : 0) + 1
      return Grid(
        size: size, name: name > 0 ? 1 : 0, width: width,
        height: size.rows(of: block.rows) + (name > 0 ? 1 : 0),
        perLine: max(1, (rect.width + 1) / width))
    }
    let fitting = grids.first { grid in
      let lines = (blocks.count + grid.perLine - 1) / grid.perLine
      return grid.width <= rect.width + 1 && lines * grid.height <= rect.height
    }
    // Where not all fit, numbers stay as wide as they are high while some rectangles have room.
    let isNarrow = grids[3].width > rect.width + 1 || grids[3].perLine < min(2, blocks.count)
    return fitting ?? (halves || isNarrow ? grids[4] : grids[3])
  }

  private func draw(_ index: Int, _ grid: Grid, on canvas: inout Canvas, in rect: Rect) {
    let block = blocks[index]
    if grid.name > 0 {
      canvas.write(
        (index == chosen ? ">" : " ") + block.name, x: rect.x, y: rect.y,
        style: canvas.palette[index == chosen ? .focus : .muted])
    }
    let place = rect.inset(top: grid.name)
    let size = grid.size
    let middle = center ?? cursor ?? (0, 0)
    let fitting = size.isHalf ? 2 * place.height : place.height / size.height
    let rows = ScrollWindow(
      total: block.rows, visible: fitting, offset: middle.row - fitting / 2, cursor: middle.row)
    let width = rect.width / size.width
    let columns = ScrollWindow(
      total: block.columns, visible: width, offset: middle.column - width / 2,
      cursor: middle.column)
    // Pairs begin at even rows, or every step down would change all of them.
    let start = size.isHalf ? rows.start / 2 * 2 : rows.start
    for row in stride(from: start, to: rows.range.upperBound, by: size.isHalf ? 2 : 1) {
      for column in columns.range {
        let cell = Rect(
          x: place.x + (column - columns.start) * size.width,
          y: place.y + (size.isHalf ? (row - start) / 2 : (row - start) * size.height),
          width: size.width, height: size.height)
        if size.isHalf {
          drawPair(block, index, row, column, on: &canvas, in: cell)
        } else {
          drawNumber(block, index, row, column, on: &canvas, in: cell)
        }
      }
    }
  }

  private func value(_ block: NumberBlock, _ row: Int, _ column: Int) -> Double? {
    let place = row * block.columns + column
    guard row < block.rows, block.values.indices.contains(place) else { return nil }
    return Double(block.values[place])
  }

  private func isSeen(_ index: Int, _ block: NumberBlock, _ row: Int, _ column: Int) -> Bool {
    seen?[index][row * block.columns + column] ?? true
  }

  private func isAtCursor(_ index: Int, _ row: Int, _ column: Int) -> Bool {
    index == chosen && cursor.map { $0.row == row && $0.column == column } ?? false
  }

  private func color(
    _ value: Double, _ block: NumberBlock, _ index: Int, _ row: Int, _ column: Int,
    _ palette: Palette
  ) -> UInt8? {
    isSeen(index, block, row, column)
      ? scale.color(value, palette) : scale.grey(value, palette)
  }

  private func drawNumber(
    _ block: NumberBlock, _ index: Int, _ row: Int, _ column: Int, on canvas: inout Canvas,
    in place: Rect
  ) {
    guard let value = value(block, row, column) else { return }
    let palette = canvas.palette
    let color = color(value, block, index, row, column, palette)
    let isCursor = isAtCursor(index, row, column)
    if let color, canvas.capabilities.glyphs != .ascii, !isCursor {
      return canvas.fill(place, style: Style(background: color))
    }
    var style = scale.codeStyle(value)
    if isCursor, let color {
      // One cell among many: the ground has to tell it from its neighbours.
      (style.foreground, style.background) = (color, scale.contrast(value, palette))
    } else if isCursor {
      style.reverse = true
    } else if color == nil, seen != nil {
      style = isSeen(index, block, row, column) ? style.reversed : palette[.muted]
    }
    let code = String(repeating: scale.code(value), count: place.width)
    for y in place.y..<place.endY { canvas.write(code, x: place.x, y: y, style: style) }
  }

  /// Two numbers in one cell, the upper one in the foreground.
  private func drawPair(
    _ block: NumberBlock, _ index: Int, _ row: Int, _ column: Int, on canvas: inout Canvas,
    in place: Rect
  ) {
    for half in [row, row + 1] where isAtCursor(index, half, column) {
      return drawNumber(block, index, half, column, on: &canvas, in: place)
    }
    let values = [row, row + 1].map { value(block, $0, column) }
    if let odd = values.compactMap(\.self).first(where: { !$0.isFinite }) {
      canvas.write(scale.code(odd), x: place.x, y: place.y, style: scale.codeStyle(odd))
      return
    }
    let colors = zip([row, row + 1], values).map { row, value in
      value.flatMap { color($0, block, index, row, column, canvas.palette) }
    }
    canvas.write(
      "▀", x: place.x, y: place.y,
      style: Style(foreground: colors[0], background: colors[1]))
  }
}
