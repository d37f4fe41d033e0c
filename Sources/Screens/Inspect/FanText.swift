import Canvas
import Inspection

/// A forecast of many steps in words: how it turned out, beside simple methods.
struct FanText {
  private let fan: ForecastFan

  /// The words of `fan`.
  init(_ fan: ForecastFan) { self.fan = fan }

  /// One line, the most telling first.
  var summary: String {
    let reach = "\(fan.steps) steps after t \(fan.after)"
    guard let score = ForecastScore(of: [fan]) else { return reach + "  nothing to compare with" }
    let seasonal = score.seasonal.map { "  seasonal \(NumberText.short($0))" } ?? ""
    return "RMSE \(NumberText.short(score.error))  last value \(NumberText.short(score.naive))"
      + seasonal + "  \(NumberText.percent(score.insideNineTenths)) in the 90%  " + reach
  }
}
