/// Dots finer than cells: 2x4 in braille, 2x2 in quadrant blocks, 1x2 in ASCII.
///
/// A cell shows the dots of one owner only, the last one to draw there, because a cell has one
/// colour and dots of two series in it could not be told apart.
struct DotGrid {
  /// Size in dots.
  let width: Int
  let height: Int
  /// Dots of a cell.
  let dotsPerColumn: Int
  let dotsPerRow: Int

  private let glyphs: Capabilities.Glyphs
  private let columns: Int
  private var masks: [UInt8]
  private var owners: [Int]
  /// Set for an ASCII cell that a vertical run goes through.
  private static let through: UInt8 = 0x80

  /// A grid of the given size in cells.
  init(columns: Int, rows: Int, glyphs: Capabilities.Glyphs) {
    dotsPerColumn = glyphs == .ascii ? 1 : 2
    dotsPerRow = glyphs == .braille ? 4 : 2
    self.glyphs = glyphs
    self.columns = max(0, columns)
    width = self.columns * dotsPerColumn
    height = max(0, rows) * dotsPerRow
    masks = Array(repeating: 0, count: self.columns * max(0, rows))
    owners = Array(repeating: -1, count: masks.count)
  }

  /// Sets one dot; `y` grows downwards. Outside of the grid nothing happens.
  mutating func set(x: Int, y: Int, owner: Int) {
    guard x >= 0 && x < width && y >= 0 && y < height else { return }
    let cell = y / dotsPerRow * columns + x / dotsPerColumn
    if owners[cell] != owner {
      owners[cell] = owner
      masks[cell] = 0
    }
    masks[cell] |= bit(x % dotsPerColumn, y % dotsPerRow)
  }

  /// Sets every dot of column `x` between two heights.
  mutating func run(x: Int, from first: Int, to last: Int, owner: Int) {
    let top = max(0, min(first, last))
    let bottom = min(height - 1, max(first, last))
    guard top <= bottom else { return }
    for y in top...bottom {
      set(x: x, y: y, owner: owner)
      if glyphs == .ascii && x >= 0 && x < width && y % 2 == 1 && y > top {
        masks[y / dotsPerRow * columns + x] |= Self.through
      }
    }
  }

  /// Sets the dots of a straight line (Bresenham 1965), where `stroke` of the column holds.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int, stroke: (Int) -> Bool
  ) {
    let dx = abs(end.x - start.x)
    let dy = -abs(end.y - start.y)
    let stepX = start.x < end.x ? 1 : -1
    let stepY = start.y < end.y ? 1 : -1
    var error = dx + dy
    var (x, y) = start
    while true {
      if stroke(x) { set(x: x, y: y, owner: owner) }
      if x == end.x && y == end.y { return }
      let doubled = 2 * error
      if doubled >= dy {
        error += dy
        x += stepX
      }
      if doubled <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// The glyph and owner of a cell; `nil` where there is no dot.
  func cell(column: Int, row: Int) -> (glyph: String, owner: Int)? {
    let index = row * columns + column
    guard masks.indices.contains(index), masks[index] != 0 else { return nil }
    return (glyph(masks[index]), owners[index])
  }

  private func bit(_ x: Int, _ y: Int) -> UInt8 {
    // Braille numbers its upper six dots down the columns, then the lowest row.
    glyphs == .braille
      ? (y < 3 ? UInt8(1) << (y + 3 * x) : UInt8(0x40) << x) : UInt8(1) << (y * dotsPerColumn + x)
  }

  private func glyph(_ mask: UInt8) -> String {
    switch glyphs {
    case .braille:
      return Unicode.Scalar(0x2800 + UInt32(mask)).map { String($0) } ?? " "
    case .blocks:
      let quadrants = [
        " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
      ]
      return quadrants[Int(mask & 15)]
    case .ascii:
      if mask & Self.through != 0 { return "|" }
      return [" ", "'", ".", ":"][Int(mask & 3)]
    }
  }
}
