import Canvas
import Inspection

/// The kernels of a channel side by side, each under the number of the channel that it looks at.
struct KernelSheet: Widget {
  private let kernels: [WeightBlock]
  private let chosen: Int
  private let scale: HeatScale

  /// Kernels of one size, with the cursor on kernel `chosen`.
  init(_ kernels: [WeightBlock], chosen: Int, scale: HeatScale) {
    self.kernels = kernels
    self.chosen = chosen
    self.scale = scale
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    guard let first = kernels.first, first.rows > 0, first.columns > 0, !rect.isEmpty else {
      return
    }
    let grid = grid(of: first, in: rect)
    let visible = max(1, rect.height / grid.height)
    let lines = (kernels.count + grid.perLine - 1) / grid.perLine
    let window = ScrollWindow(
      total: lines, visible: visible, offset: chosen / grid.perLine - visible / 2,
      cursor: chosen / grid.perLine)
    canvas.clipped(to: rect) { canvas in
      for (row, line) in window.range.enumerated() {
        for place in 0..<grid.perLine where line * grid.perLine + place < kernels.count {
          draw(
            line * grid.perLine + place,
            at: (x: rect.x + place * grid.width, y: rect.y + row * grid.height),
            number: grid.number, on: &canvas)
        }
      }
    }
  }

  /// Where kernels stand.
  private struct Grid {
    /// The columns and rows of a number.
    let number: (width: Int, height: Int)
    /// The columns and rows of a kernel with its name, and a gap on the right.
    let width, height: Int
    /// Kernels in a line.
    let perLine: Int
  }

  /// The grid with the largest numbers that shows all kernels, or the one with the smallest.
  private func grid(of kernel: WeightBlock, in rect: Rect) -> Grid {
    // A cell of a terminal is about twice as high as it is wide.
    let sizes = [(8, 4), (6, 3), (4, 2), (2, 1), (1, 1)]
    let name = DisplayWidth.of(kernels.last?.name ?? "") + 1
    let grids = sizes.map { size in
      let width = max(kernel.columns * size.0, name) + 1
      return Grid(
        number: (width: size.0, height: size.1), width: width, height: kernel.rows * size.1 + 1,
        perLine: max(1, (rect.width + 1) / width))
    }
    let fitting = grids.first { grid in
      let lines = (kernels.count + grid.perLine - 1) / grid.perLine
      return grid.width <= rect.width + 1 && lines * grid.height <= rect.height
    }
    // Where not all fit, numbers stay as wide as they are high while one kernel has room.
    return fitting ?? (grids[3].width <= rect.width + 1 ? grids[3] : grids[4])
  }

  private func draw(
    _ index: Int, at corner: (x: Int, y: Int), number: (width: Int, height: Int),
    on canvas: inout Canvas
  ) {
    let kernel = kernels[index]
    let palette = canvas.palette
    canvas.write(
      (index == chosen ? ">" : " ") + kernel.name, x: corner.x, y: corner.y,
      style: palette[index == chosen ? .focus : .muted])
    for row in 0..<kernel.rows {
      for column in 0..<kernel.columns {
        let value = Double(kernel.values[row * kernel.columns + column])
        let place = Rect(
          x: corner.x + column * number.width, y: corner.y + 1 + row * number.height,
          width: number.width, height: number.height)
        if let color = scale.color(value, palette), canvas.capabilities.glyphs != .ascii {
          canvas.fill(place, style: Style(background: color))
        } else {
          let code = String(repeating: scale.code(value), count: place.width)
          for y in place.y..<place.endY {
            canvas.write(code, x: place.x, y: y, style: scale.codeStyle(value))
          }
        }
      }
    }
  }
}
