/// What became of a run of samples: enough to draw it as one column.
public struct SeriesSummary: Equatable, Sendable {
  /// The lowest finite value; `Double.infinity` if there is none.
  public private(set) var minimum = Double.infinity
  /// The highest finite value; `-Double.infinity` if there is none.
  public private(set) var maximum = -Double.infinity
  /// The lowest value above 0; `Double.infinity` if there is none.
  public private(set) var smallestPositive = Double.infinity
  /// The first finite value; NaN if there is none.
  public private(set) var first = Double.nan
  /// The last finite value; NaN if there is none.
  public private(set) var last = Double.nan
  /// The number of finite values.
  public private(set) var finite = 0
  /// The number of finite values at or below 0.
  public private(set) var nonPositive = 0
  /// The number of NaNs.
  public private(set) var nan = 0
  /// The number of positive infinities.
  public private(set) var infinite = 0
  /// The number of negative infinities.
  public private(set) var negativeInfinite = 0
  private var meanOfFinite = 0.0

  /// The summary of no samples.
  public init() {}

  /// The summary of one sample.
  public init(_ value: Double) {
    guard value.isFinite else {
      if value.isNaN { nan = 1 } else if value > 0 { infinite = 1 } else { negativeInfinite = 1 }
      return
    }
    minimum = value
    maximum = value
    first = value
    last = value
    meanOfFinite = value
    finite = 1
    if value > 0 { smallestPositive = value } else { nonPositive = 1 }
  }

  /// The mean of the finite values; NaN if there is none.
  public var mean: Double { finite > 0 ? meanOfFinite : .nan }
  /// The number of values that are NaN or infinite.
  public var nonFinite: Int { nan + infinite + negativeInfinite }
  /// The number of samples.
  public var count: Int { finite + nonFinite }

  /// The summary of these samples and then those of `other`.
  public func merging(_ other: SeriesSummary) -> SeriesSummary {
    if count == 0 { return other }
    if other.count == 0 { return self }
    var merged = self
    merged.minimum = min(minimum, other.minimum)
    merged.maximum = max(maximum, other.maximum)
    merged.smallestPositive = min(smallestPositive, other.smallestPositive)
    if finite == 0 { merged.first = other.first }
    if other.finite > 0 { merged.last = other.last }
    merged.finite += other.finite
    merged.nonPositive += other.nonPositive
    merged.nan += other.nan
    merged.infinite += other.infinite
    merged.negativeInfinite += other.negativeInfinite
    if merged.finite > 0 {
      // Weighted, because the sum of huge values would overflow where their mean does not.
      let share = Double(other.finite) / Double(merged.finite)
      merged.meanOfFinite = meanOfFinite * (1 - share) + other.meanOfFinite * share
    }
    return merged
  }
}
