/// A rectangle of numbers: of a weight, or of what a layer put out.
public struct NumberBlock: Sendable, Equatable {
  /// Which it is among those beside it: a gate, the number of a kernel or of a channel; empty if it is
  /// alone.
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
