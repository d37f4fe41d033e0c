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

  /// What of `total` places is not on screen, such as `▲ 2 ▼ 5 more`; empty when all are.
  public func rest(of total: Int) -> String {
    let parts = [("▲", start), ("▼", total - range.upperBound)].filter { $0.1 > 0 }
    return parts.isEmpty ? "" : parts.map { "\($0) \($1)" }.joined(separator: " ") + " more"
  }
}

/// A window that gives up its first or last place to say what is not on screen.
public struct MarkedWindow: Equatable, Sendable {
  /// The indices on screen.
  public let range: Range<Int>
  /// What stands above them, such as `▲ 2 more`; nil when nothing is left out there.
  public let above: String?
  /// What stands below them.
  public let below: String?

  /// The window of `visible` places, signs among them, onto `total`, with `cursor` in sight. Two
  /// places or fewer are too few for signs.
  public init(total: Int, visible: Int, cursor: Int? = nil) {
    let cursor = min(max(0, cursor ?? 0), max(0, total - 1))
    guard total > visible, visible > 2 else {
      range = ScrollWindow(total: total, visible: visible, cursor: cursor).range
      (above, below) = (nil, nil)
      return
    }
    let end = visible - 1
    if cursor < end {
      range = 0..<end
    } else if cursor > total - visible {
      range = total - end..<total
    } else {
      range = cursor - end + 2..<cursor + 1
    }
    above = range.lowerBound > 0 ? "▲ \(range.lowerBound) more" : nil
    below = range.upperBound < total ? "▼ \(total - range.upperBound) more" : nil
  }
}
