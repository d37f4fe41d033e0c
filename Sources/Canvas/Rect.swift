/// A rectangle of cells; `x` grows to the right and `y` downwards.
///
/// Positions and sizes are held within ±1 000 000, so that arithmetic on them never overflows.
public struct Rect: Equatable, Hashable, Sendable {
  /// The leftmost column.
  public let x: Int
  /// The topmost row.
  public let y: Int
  /// Number of columns, at least 0.
  public let width: Int
  /// Number of rows, at least 0.
  public let height: Int

  static let limit = 1_000_000

  /// A rectangle; negative sizes are taken as 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = min(max(x, -Self.limit), Self.limit)
    self.y = min(max(y, -Self.limit), Self.limit)
    self.width = min(max(width, 0), Self.limit)
    self.height = min(max(height, 0), Self.limit)
  }

  /// A rectangle at the origin.
  public init(width: Int, height: Int) { self.init(x: 0, y: 0, width: width, height: height) }

  /// The column after the last one.
  public var endX: Int { x + width }
  /// The row after the last one.
  public var endY: Int { y + height }
  /// Whether there is no cell in it.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at column `x`, row `y` is inside.
  public func contains(x: Int, y: Int) -> Bool {
    x >= self.x && x < endX && y >= self.y && y < endY
  }

  /// The cells that are in both rectangles.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(endX, other.endX) - left, height: min(endY, other.endY) - top)
  }

  /// This rectangle without `left`, `top`, `right` and `bottom` cells at its edges.
  public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    let bounded = [left, top, right, bottom].map { min(max($0, 0), Self.limit) }
    return Rect(
      x: x + min(bounded[0], width), y: y + min(bounded[1], height),
      width: width - bounded[0] - bounded[2], height: height - bounded[1] - bounded[3])
  }

  /// This rectangle without `amount` cells at every edge.
  public func inset(by amount: Int) -> Rect {
    inset(left: amount, top: amount, right: amount, bottom: amount)
  }

  /// The row `offset` rows below the top, one cell high; empty if it is outside.
  public func row(_ offset: Int) -> Rect {
    guard offset >= 0 && offset < height else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: x, y: y + offset, width: width, height: 1)
  }

  /// A rectangle of the given size in the middle of this one, no larger than it.
  public func centered(width: Int, height: Int) -> Rect {
    let w = min(max(width, 0), self.width)
    let h = min(max(height, 0), self.height)
    return Rect(x: x + (self.width - w) / 2, y: y + (self.height - h) / 2, width: w, height: h)
  }
}
