/// Some numbers, of a weight or of what a layer put out, in a few statistics, over those that are finite.
public struct NumberSummary: Sendable, Equatable {
  /// The number of numbers.
  public let count: Int
  /// The mean μ and the standard deviation σ = √(mean of (w − μ)²); 0 where nothing is finite.
  public let mean, deviation: Double
  /// ‖w‖₂ = √(Σ w²).
  public let norm: Double
  /// The smallest and the largest number; 0 where nothing is finite.
  public let minimum, maximum: Double
  /// The share of numbers that are exactly 0; 0 to 1.
  public let zeros: Double
  /// How many numbers are NaN or infinite.
  public let notFinite: Int

  /// The statistics of `values`.
  public init(_ values: [Float]) {
    let finite = values.filter(\.isFinite)
    let spread = Spread(finite)
    count = values.count
    (mean, deviation) = (spread.mean, spread.deviation)
    norm = finite.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    minimum = Double(finite.min() ?? 0)
    maximum = Double(finite.max() ?? 0)
    zeros = values.isEmpty ? 0 : Double(values.count { $0 == 0 }) / Double(values.count)
    notFinite = values.count - finite.count
  }
}
