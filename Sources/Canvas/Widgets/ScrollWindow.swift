/// The part of a long sequence that is on screen.
public struct ScrollWindow: Equatable, Sendable {
  /// The first index on screen.
  public let start: Int
  /// The number of places on screen.
  public let count: Int

  /// The window of `visible` places onto `total`, as near to `offset` as keeps `cursor` in sight.
  public init(total: Int, visible: Int, offset: Int = 0, cursor: Int? = nil) {
    let total = max(0, total)
    let visible = min(max(0, visible), total)
    var start = min(max(0, offset), total - visible)
    if let cursor, total > 0, visible > 0 {
      let cursor = min(max(0, cursor), total - 1)
      start = min(start, cursor)
      start = max(start, cursor - visible + 1)
    }
    self.start = start
    count = visible
  }

  /// The indices on screen.
  public var range: Range<Int> { start..<(start + count) }
}
