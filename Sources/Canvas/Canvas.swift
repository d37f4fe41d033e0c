/// A grid of cells that widgets draw on; knows nothing of terminals.
///
///     var canvas = Canvas(width: 20, height: 2)
///     canvas.write("loss", x: 0, y: 0, style: canvas.palette[.title])
///     canvas.text  // "loss\n"
///
/// Nothing drawn on it can fail: what falls outside of `clip` is cut off, and every text passes the
/// sanitiser of `Glyphs` before it becomes cells.
public struct Canvas: Equatable, Sendable {
  /// Number of columns.
  public let width: Int
  /// Number of rows.
  public let height: Int
  /// What the terminal can show.
  public let capabilities: Capabilities
  /// The part that can be drawn on; see `clipped(to:_:)`.
  public private(set) var clip: Rect
  /// Where the terminal's own cursor belongs (a text field shows it); `nil` hides it.
  public private(set) var cursor: (x: Int, y: Int)?

  private var cells: [Cell]

  /// A blank canvas; negative sizes are taken as 0, and sides are at most 10 000.
  public init(width: Int, height: Int, capabilities: Capabilities = .full) {
    self.width = min(max(width, 0), 10_000)
    self.height = min(max(height, 0), 10_000)
    self.capabilities = capabilities
    clip = Rect(width: self.width, height: self.height)
    cells = Array(repeating: .blank, count: self.width * self.height)
  }

  /// The whole canvas.
  public var bounds: Rect { Rect(width: width, height: height) }

  /// The colours of the workbench on this terminal.
  public var palette: Palette { Palette(capabilities) }

  /// The cell at column `x`, row `y`; blank outside of the canvas.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0 && x < width && y >= 0 && y < height else { return .blank }
    return cells[y * width + x]
  }

  /// Runs `body` with drawing restricted to `rect` (within the present clip).
  public mutating func clipped(to rect: Rect, _ body: (inout Canvas) -> Void) {
    let outer = clip
    clip = clip.intersection(rect)
    body(&self)
    clip = outer
  }

  /// Shows the terminal's cursor at column `x`, row `y`, if that is inside the clip.
  public mutating func placeCursor(x: Int, y: Int) {
    if clip.contains(x: x, y: y) { cursor = (x, y) }
  }

  /// Two canvases are equal when they show the same.
  public static func == (a: Canvas, b: Canvas) -> Bool {
    a.width == b.width && a.height == b.height && a.cells == b.cells
      && a.cursor?.x == b.cursor?.x && a.cursor?.y == b.cursor?.y
  }
}

extension Canvas {
  /// Writes `text` on one row from column `x` on; what does not fit is cut off.
  ///
  /// - Parameters:
  ///   - text: Any text; it is made safe first.
  ///   - x: Column of the first glyph; may lie outside.
  ///   - y: Row; may lie outside.
  ///   - style: How the glyphs look.
  ///   - limit: Most columns to use; without it, up to the right edge of the clip.
  ///   - ellipsis: Whether a text that is too long ends in `…`.
  /// - Returns: The number of columns from `x` to the end of what was written.
  @discardableResult
  public mutating func write(
    _ text: String, x: Int, y: Int, style: Style = .plain, limit: Int? = nil,
    ellipsis: Bool = false
  ) -> Int {
    guard y >= clip.y && y < clip.endY, x < clip.endX, x > -Rect.limit else { return 0 }
    let end = min(clip.endX, limit.map { x + min(max($0, 0), Rect.limit) } ?? clip.endX)
    var column = x
    var glyphs = Glyphs(text)
    while let glyph = glyphs.next() {
      if column + glyph.width > end {
        if ellipsis { column = cutShort(at: column, from: x, end: end, y: y, style: style) }
        break
      }
      put(glyph, x: column, y: y, style: style)
      column += glyph.width
    }
    return max(0, column - x)
  }

  /// Draws `glyph` at column `x`, row `y` if all of it is inside the clip.
  public mutating func put(_ glyph: Glyph, x: Int, y: Int, style: Style = .plain) {
    guard clip.contains(x: x, y: y), clip.contains(x: x + glyph.width - 1, y: y) else { return }
    let index = y * width + x
    breakWide(at: index)
    if glyph.width == 2 { breakWide(at: index + 1) }
    if capabilities.glyphs == .ascii {
      let folded = Glyph.folded(glyph)
      for offset in 0..<glyph.width {
        cells[index + offset] = Cell(glyph: folded, style: style, isContinuation: false)
      }
      return
    }
    cells[index] = Cell(glyph: glyph, style: style, isContinuation: false)
    if glyph.width == 2 {
      cells[index + 1] = Cell(glyph: .space, style: style, isContinuation: true)
    }
  }

  /// Fills `rect` with spaces of one style.
  public mutating func fill(_ rect: Rect, style: Style = .plain) {
    let area = rect.intersection(clip)
    for y in area.y..<area.endY {
      for x in area.x..<area.endX { put(.space, x: x, y: y, style: style) }
    }
  }

  /// Lays `style` over what `rect` shows already: its colours replace, its attributes are added.
  public mutating func overlay(_ style: Style, in rect: Rect) {
    let area = rect.intersection(clip)
    for y in area.y..<area.endY {
      for index in (y * width + area.x)..<(y * width + area.endX) {
        cells[index].style = cells[index].style.overlaid(with: style)
      }
    }
  }

  /// Replaces the last glyphs before `end` by an ellipsis; returns the column after it.
  private mutating func cutShort(
    at column: Int, from x: Int, end: Int, y: Int, style: Style
  ) -> Int {
    guard end > x else { return column }
    var place = min(column, end - 1)
    // Half of a wide glyph cannot stay: its other half is where the ellipsis goes.
    if self[place, y].isContinuation { place = max(x, place - 1) }
    put(Glyph(safe: "…", width: 1), x: place, y: y, style: style)
    return place + 1
  }

  /// Blanks the other half of a wide glyph that is about to lose one of its cells.
  private mutating func breakWide(at index: Int) {
    if cells[index].isContinuation, index % width > 0 {
      cells[index - 1].glyph = .space
      cells[index].isContinuation = false
    } else if cells[index].glyph.width == 2, index + 1 < cells.count {
      cells[index + 1].isContinuation = false
    }
  }
}

extension Glyph {
  /// The ASCII stand-in for one column of `glyph`.
  fileprivate static func folded(_ glyph: Glyph) -> Glyph {
    guard let first = glyph.text.unicodeScalars.first, !first.isASCII else {
      return Glyph(safe: String(glyph.text.unicodeScalars.prefix(1)), width: 1)
    }
    return Glyph(safe: String(ASCIIFold.fold(first)), width: 1)
  }
}
