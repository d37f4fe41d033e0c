/// What a forecast has to beat: simple methods that know a series only.
public enum NaiveForecast {
  /// The last value, `steps` times: nothing changes. `series` has a value or more.
  public static func last(of series: [Double], steps: Int) -> [Double] {
    Array(repeating: series.last ?? 0, count: steps)
  }

  /// What was `period` steps ago, period after period.
  ///
  ///     x̂_{T+h} = x_{T + h − m ⌈h/m⌉}      m the period
  public static func seasonal(_ series: [Double], period: Int, steps: Int) -> [Double] {
    precondition(1...series.count ~= period, "A period is a part of the series.")
    return (0..<steps).map { series[series.count - period + $0 % period] }
  }

  /// The length of the cycle that a series shows, in steps; nil when it shows none.
  ///
  /// The lag of at most half of the series with the highest autocorrelation past the first that is
  /// below 0, if it is above .3: a series that only drifts has none.
  public static func period(of series: [Double]) -> Int? {
    let mean = series.reduce(0, +) / Double(max(1, series.count))
    let centred = series.map { $0 - mean }
    let power = centred.reduce(0) { $0 + $1 * $1 }
    guard power > 0 else { return nil }
    let correlations = (0...series.count / 2).map { lag in
      zip(centred, centred.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / power
        * Double(series.count) / Double(series.count - lag)
    }
    guard let turn = correlations.firstIndex(where: { $0 < 0 }) else { return nil }
    let best = correlations.indices[turn...].max { correlations[$0] < correlations[$1] }
    return best.flatMap { correlations[$0] > 0.3 ? $0 : nil }
  }
}
