import Engine

/// The singular values of a matrix of weights: how much it stretches in its principal directions.
///
///     W = U diag(σ₁ ≥ σ₂ ≥ …) Vᵀ
///
/// Those of an orthogonal start are all 1; after training, a few large ones tell how many directions
/// matter.
public struct SingularSpectrum: Sendable, Equatable {
  /// σ₁ ≥ σ₂ ≥ …; nil for a matrix that is too large or has numbers that are not finite.
  public let values: [Double]?
  /// Why there are no values; nil when there are.
  public let obstacle: String?

  /// The most rows or columns, whichever are fewer, and the most of the others.
  public static let limits = (short: 256, long: 1_024)

  /// The singular values of `block`, unless it is too large.
  init(_ block: NumberBlock) {
    let (short, long) = (min(block.rows, block.columns), max(block.rows, block.columns))
    guard short <= Self.limits.short, long <= Self.limits.long else {
      values = nil
      obstacle =
        "\(block.rows) × \(block.columns) is too large: at most "
        + "\(Self.limits.short) × \(Self.limits.long)"
      return
    }
    values = Tensor(block.values, [block.rows, block.columns]).singularValues()
    obstacle = values == nil ? "numbers that are not finite have no spectrum" : nil
  }

  /// (Σ σ)² / Σ σ²: how many directions share the stretching, from 1 to the number of values; nil
  /// without values or when all are 0.
  public var effectiveRank: Double? {
    guard let values else { return nil }
    let (sum, squares) = values.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum * sum / squares : nil
  }
}
