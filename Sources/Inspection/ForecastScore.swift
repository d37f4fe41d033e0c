/// How forecasts of many steps turned out, beside simple methods.
public struct ForecastScore: Sendable, Equatable {
  /// Root mean square errors over what came true, of the recursive forecast, of the last value and of the
  /// value a period ago: of each of the target's numbers, then their mean. `seasonal` is nil unless every
  /// forecast shows a period.
  public let error, naive: Double
  /// The same of the value a period ago.
  public let seasonal: Double?
  /// The share of what came true that lies between the quantiles at .25 and .75, which should be half.
  public let insideHalf: Double
  /// The share between those at .05 and .95, which should be nine tenths.
  public let insideNineTenths: Double
  /// How many numbers came true.
  public let count: Int

  /// The score of `fans`; nil when nothing came true.
  public init?(of fans: [ForecastFan]) {
    let width = fans.first?.points.count ?? 0
    let known = (0..<width).map { place in
      fans.flatMap { fan in
        fan.points[place].compactMap { point in point.wanted.map { (point, $0) } }
      }
    }
    let all = known.flatMap { $0 }
    guard !all.isEmpty else { return nil }
    count = all.count
    func error(_ said: (ForecastFan.Point) -> Double) -> Double {
      known.reduce(0) { sum, points in
        let squares = points.reduce(0) { $0 + (said($1.0) - $1.1) * (said($1.0) - $1.1) }
        return sum + (squares / Double(max(1, points.count))).squareRoot() / Double(width)
      }
    }
    self.error = error(\.value)
    naive = error(\.naive)
    let hasPeriod = all.allSatisfy { $0.0.seasonal != nil }
    seasonal = hasPeriod ? error { $0.seasonal ?? .nan } : nil
    func share(_ low: Int, _ high: Int) -> Double {
      let inside = all.count { $0.0.quantiles[low] <= $0.1 && $0.1 <= $0.0.quantiles[high] }
      return Double(inside) / Double(all.count)
    }
    insideHalf = share(1, 3)
    insideNineTenths = share(0, 4)
  }
}
