import Engine

/// The rows of a matrix in the plane in which they differ most.
///
///     X − 1 μᵀ = U Σ Vᵀ,   row i at (uᵢ₁ σ₁, uᵢ₂ σ₂),   share k of the variance σₖ² / Σ σ²
///
/// with μ the mean of the rows. Source: Pearson 1901; Hotelling 1933.
public struct PrincipalComponents: Sendable, Equatable {
  /// Every row along the first and the second direction; 0 where there is no second one.
  public let x, y: [Double]
  /// The shares of the variance of these two directions, 0 to 1.
  public let shares: [Double]

  /// The most rows and columns.
  public static let limits = (rows: 4_096, columns: 256)

  /// The rows of `block`; nil when there are too many, or a number is not finite.
  init?(_ block: NumberBlock) {
    let (rows, columns) = (block.rows, block.columns)
    guard rows <= Self.limits.rows, columns <= Self.limits.columns, rows > 0, columns > 0 else {
      return nil
    }
    var means = [Double](repeating: 0, count: columns)
    for (place, value) in block.values.enumerated() {
      means[place % columns] += Double(value) / Double(rows)
    }
    let centered = block.values.enumerated().map { Float(Double($1) - means[$0 % columns]) }
    guard let found = Tensor(centered, [rows, columns]).principalColumns() else { return nil }
    let variances = found.map { column in column.reduce(0) { $0 + $1 * $1 } }
    let sum = variances.reduce(0, +)
    x = found[0]
    y = columns > 1 ? found[1] : Array(repeating: 0, count: rows)
    shares = [0, 1].map { $0 < columns && sum > 0 ? variances[$0] / sum : 0 }
  }
}
