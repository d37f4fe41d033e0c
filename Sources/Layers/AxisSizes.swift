/// A size along every axis that something moves over: one for all axes, or one each, as in `3x5`.
public struct AxisSizes: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// One size, or as many as there are axes and not all alike.
  private let sizes: [Int]

  /// `size` along every axis.
  public init(_ size: Int) { sizes = [size] }

  /// `size` along every axis.
  public init(integerLiteral size: Int) { self.init(size) }

  /// One size for each axis, outermost first; at least one.
  public init(_ sizes: [Int]) {
    precondition(!sizes.isEmpty, "There is a size.")
    self.sizes = Set(sizes).count == 1 ? [sizes[0]] : sizes
  }

  /// What `text` says: `3` or `3x5`; nil when it says nothing of the kind.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let sizes = parts.compactMap { $0 }
    guard sizes.count == parts.count, !sizes.isEmpty else { return nil }
    self.init(sizes)
  }

  /// The size along axis `axis`, from 0.
  public subscript(axis: Int) -> Int { sizes.count == 1 ? sizes[0] : sizes[axis] }

  /// The size along each of `axes` axes.
  public func each(_ axes: Int) -> [Int] { (0..<axes).map { self[$0] } }

  /// The size that all axes have; nil where they differ.
  public var common: Int? { sizes.count == 1 ? sizes[0] : nil }

  /// The number of axes that have sizes of their own; 1 where all have the same.
  public var count: Int { sizes.count }

  /// The sizes as users write them.
  public var description: String { sizes.map(String.init).joined(separator: "x") }
}
