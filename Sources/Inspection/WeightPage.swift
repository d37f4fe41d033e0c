/// What is seen of a weight at a time.
public struct WeightPage: Sendable, Equatable {
  /// Which part it is, `gate f` or `output channel 3`; empty when it is all of the weight.
  public let name: String
  /// The rectangles of numbers, at least one unless the weight is empty.
  public let blocks: [WeightBlock]

  /// A page of `blocks`.
  public init(name: String, blocks: [WeightBlock]) {
    self.name = name
    self.blocks = blocks
  }
}

/// A rectangle of numbers out of a weight.
public struct WeightBlock: Sendable, Equatable {
  /// Which it is among those of its page: a gate or the number of a kernel; empty if it is alone.
  public let name: String
  /// The number of rows and of columns.
  public let rows, columns: Int
  /// The numbers, row by row, `[rows, columns]`.
  public let values: [Float]

  /// A rectangle of numbers.
  public init(name: String, rows: Int, columns: Int, values: [Float]) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}
