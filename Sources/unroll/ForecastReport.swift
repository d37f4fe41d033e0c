import Data
import Formats
import Inspection

/// A forecast of many steps as people and programs read it.
struct ForecastReport {
  private let fan: ForecastFan
  private let score: ForecastScore?
  private let tried: Int
  private let data: String
  private let quantities: [Quantity]
  /// Whether the network reads more than what it predicts.
  private let readsMore: Bool

  /// `fan`, and what `tried` other forecasts like it were worth.
  init(_ fan: ForecastFan, _ score: ForecastScore?, tried: Int, of dataset: any Dataset) {
    (self.fan, self.score, self.tried) = (fan, score, tried)
    data = dataset.name
    readsMore = dataset.input.features.reduce(1, *) > dataset.feedback?.count ?? 0
    if case .values(let quantities) = dataset.target.kind {
      self.quantities = quantities
    } else {
      quantities = []
    }
  }

  /// The names of the quantiles: `q05`.
  private static let names = ForecastFan.levels.map { level in
    let percent = Int((level * 100).rounded())
    return "q" + (percent < 10 ? "0" : "") + "\(percent)"
  }

  /// A line a step and quantity; a cell without a number is empty.
  var csv: String {
    let head =
      ["step", "quantity", "forecast"] + Self.names + ["last_value", "seasonal", "wanted"]
    let lines = (0..<fan.steps).flatMap { step in
      quantities.indices.map { place in
        let point = fan.points[place][step]
        let numbers = [point.value] + point.quantiles + [point.naive, point.seasonal, point.wanted]
        let cells = numbers.map { $0.map { $0.isFinite ? "\(Float($0))" : "" } ?? "" }
        return (["\(step + 1)", DataDump.cell(quantities[place].name)] + cells)
          .joined(separator: ",")
      }
    }
    return ([head.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// Everything.
  var json: JSON {
    [
      "schema": 1, "data": .string(data), "example": .string(fan.title),
      "read": .integer(fan.after + 1), "weights_step": .integer(fan.weightsStep),
      "quantities": .array(quantities.indices.map(quantity)),
      "score": score.map {
        [
          "sequences": .integer(tried), "rmse": .number($0.error),
          "rmse_last_value": .number($0.naive),
          "rmse_seasonal": $0.seasonal.map(JSON.number) ?? .null,
          "inside_50": .number($0.insideHalf), "inside_90": .number($0.insideNineTenths),
        ]
      } ?? .null,
    ]
  }

  private func quantity(_ place: Int) -> JSON {
    [
      "name": .string(quantities[place].name), "unit": .string(quantities[place].unit),
      "period": fan.periods[place].map(JSON.integer) ?? .null,
      "steps": .array(
        fan.points[place].map { point in
          JSON(
            [("forecast", .number(point.value))]
              + zip(Self.names, point.quantiles).map { ($0, .number($1)) } + [
                ("last_value", .number(point.naive)),
                ("seasonal", point.seasonal.map(JSON.number) ?? .null),
                ("wanted", point.wanted.map(JSON.number) ?? .null),
              ])
        }),
    ]
  }

  /// What was read, and how far such a forecast can be trusted.
  var sentence: String {
    let read =
      "Read \(fan.after + 1) steps of \(fan.title)."
      + (readsMore ? " What else the model reads stays as it is at the last of them." : "")
    guard let score else {
      return read + " The sequences are too short to hold so many steps back and compare."
    }
    let seasonal = score.seasonal.map { ", seasonal \($0.formatted(3))" } ?? ""
    return read
      + " RMSE over \(fan.steps) steps of \(tried) sequences \(score.error.formatted(3)), last value "
      + "\(score.naive.formatted(3))\(seasonal). \(Self.percent(score.insideHalf)) came true inside "
      + "the 50 % band, \(Self.percent(score.insideNineTenths)) inside the 90 % band."
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
