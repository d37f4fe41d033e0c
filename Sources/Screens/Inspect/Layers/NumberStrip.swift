import Canvas
import Inspection

/// A vector folded into lines of equal length, so that it fills a rectangle with numbers as large as
/// the room allows.
struct NumberStrip {
  /// Numbers in a line.
  let perLine: Int
  private let count: Int

  /// A vector of `count` numbers in `rect`.
  init(_ count: Int, in rect: Rect) {
    self.count = count
    let lengths = [(8, 4), (6, 3), (4, 2), (2, 1)].map { width, height in
      (perLine: rect.width / width, lines: rect.height / height)
    }
    let fitting = lengths.first { $0.perLine > 0 && $0.perLine * $0.lines >= count }
    // Lines of equal numbers: of ten numbers a line each can be found.
    let most = max(1, fitting?.perLine ?? rect.width / 2)
    perLine = min(count, most >= 10 ? most / 10 * 10 : most)
  }

  /// The row of `block` as several, the last one with what is left.
  func folded(_ block: NumberBlock) -> NumberBlock {
    let length = max(1, perLine)
    return NumberBlock(
      name: block.name, rows: (count + length - 1) / length, columns: length,
      values: block.values)
  }

  /// Where number `index` stands.
  func place(of index: Int) -> (row: Int, column: Int) {
    (index / max(1, perLine), index % max(1, perLine))
  }
}
