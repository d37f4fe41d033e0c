import Canvas
import Data
import Inspection

/// Forecasts in words: values in their units, flags as probabilities.
struct ForecastText {
  /// What each number is: `temperature`, `p(rain)`.
  let names: [String]
  private let units: [String]
  private let kind: Target.Kind

  /// The words of `target`.
  init(_ target: Target) {
    kind = target.kind
    switch target.kind {
    case .values(let quantities):
      names = quantities.map(\.name)
      units = quantities.map(\.unit)
    case .flags(let labels), .classes(let labels), .points(let labels):
      names = labels.map { "p(\($0))" }
      units = labels.map { _ in "" }
    }
  }

  /// A number of output `output` with its unit.
  func number(_ value: Double, _ output: Int) -> String {
    units[output].isEmpty
      ? NumberText.short(value) : NumberText.withUnit(value, units[output])
  }

  /// What was to be said of output `output`.
  func wanted(_ value: Double, _ output: Int) -> String {
    if case .flags = kind { return value > 0.5 ? "so" : "not so" }
    return number(value, output)
  }

  /// Every number of `forecast` beside what was wanted.
  func lines(of forecast: Forecast, _ palette: Palette) -> [StyledText] {
    let width = names.map { DisplayWidth.of($0) }.max() ?? 0
    return forecast.values.enumerated().map { output, value in
      var line = StyledText(names[output].padded(to: width), palette[.muted])
      line.append("  " + number(value, output))
      if let wanted = forecast.wanted {
        line.append("  wanted \(self.wanted(wanted[output], output))", palette[.good])
      }
      return line
    }
  }

  /// The first `count` numbers of `forecast` in one line.
  func line(of forecast: Forecast, count: Int) -> String {
    forecast.values.prefix(count).enumerated().map { output, value in
      let wanted = forecast.wanted.map { " wanted \(self.wanted($0[output], output))" } ?? ""
      return "  \(names[output]) \(number(value, output))\(wanted)"
    }.joined()
  }
}
