/// The numbers of a series whose changes are learnt, in their own unit.
///
///     y_{t+h} = y_{t+h−ℓ} + what is predicted at step t
public struct SeriesLevels: Sendable, Equatable {
  /// The steps that a change goes over, ℓ; at least 1.
  public let lag: Int
  /// The steps ahead that are predicted, h; at most ℓ.
  public let horizon: Int
  /// A number a step, the first that of step −`offset`.
  private let values: [Double]
  private let offset: Int

  /// The numbers `values`, the first of which is that of step −`offset`.
  init(values: [Double], lag: Int, horizon: Int, offset: Int = 0) {
    (self.values, self.lag, self.horizon, self.offset) = (values, lag, horizon, offset)
  }

  /// The number of step `t`; before the first that is known, that one.
  public func value(_ t: Int) -> Double { values[max(0, t + offset)] }

  /// What the target of step `t` is counted from.
  public func base(_ t: Int) -> Double { value(t + horizon - lag) }

  /// The numbers of the steps `place`, and of those before that they are counted from.
  func of(_ place: Range<Int>) -> SeriesLevels {
    let first = max(0, place.lowerBound - lag)
    return SeriesLevels(
      values: Array(values[first..<place.upperBound]), lag: lag, horizon: horizon,
      offset: place.lowerBound - first)
  }
}
