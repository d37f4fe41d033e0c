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

extension NumberBlock {
  /// The block with at most so many rows and columns: the mean of those that fall together.
  public func pooled(rows most: Int, columns mostColumns: Int) -> NumberBlock {
    let (high, wide) = (min(rows, max(1, most)), min(columns, max(1, mostColumns)))
    guard high < rows || wide < columns else { return self }
    var (sums, counts) = (
      [Double](repeating: 0, count: high * wide), [Double](repeating: 0, count: high * wide)
    )
    for (index, value) in values.prefix(rows * columns).enumerated() {
      let place = index / columns * high / rows * wide + index % columns * wide / columns
      sums[place] += Double(value)
      counts[place] += 1
    }
    return NumberBlock(
      name: name, rows: high, columns: wide,
      values: zip(sums, counts).map { Float($0 / max(1, $1)) })
  }
}
