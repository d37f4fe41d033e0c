/// The sizes of a tensor's axes, outermost first: `[B, T, D]`.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The size of every axis.
  public let dimensions: [Int]

  /// A shape with these axis sizes, each at least 0.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "A shape has no negative sizes.")
    self.dimensions = dimensions
  }

  /// A shape with these axis sizes.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of axes; 0 for a scalar.
  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The size of one axis.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// The size of the last axis; 1 for a scalar.
  public var last: Int { dimensions.last ?? 1 }

  /// The number of rows when every axis but the last is folded into one.
  public var rows: Int { dimensions.dropLast().reduce(1, *) }

  /// The same shape with another last axis.
  public func replacingLast(with size: Int) -> Shape { Shape(dimensions.dropLast() + [size]) }

  /// The axis sizes in brackets, as users read them.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
