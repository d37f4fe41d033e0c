import Data
import Formats
import Training
import Workbench

extension Experiment {
  /// A chaotic series.
  static let mackeyGlass = Experiment(
    name: "mackey-glass",
    claim:
      "A GRU forecasts the next value of the chaotic series of Mackey and Glass with at most a tenth "
      + "of the error of the last value.",
    source: "Mackey and Glass, 1977"
  ) { laboratory in
    let session = try laboratory.session(
      "mackey-glass", data: ["set": "mackey-glass", "batch_size": 32],
      model: [["layer": "gru", "hidden_size": 32], ["layer": "linear", "out_features": 1]],
      training: ["learning_rate": 0.005, "steps": 1000, "validate_every": 100])
    let dataset = try laboratory.dataset(of: session)
    let persistence = try laboratory.measureBaselines(of: dataset, named: "persistence")
    let error = try laboratory.forecastError(session, on: dataset)
    laboratory.note(
      "The series is smooth and without noise, so a linear map of ten values is all but exact: no "
        + "network of this size comes near it one step ahead.")
    laboratory.expect("GRU test RMSE, tenth of persistence:", error, below: persistence / 10)
  }

  /// Sines under noise.
  static let sines = forecasting(
    "sines",
    "A GRU forecasts noisy mixes of sines, each of its own periods, better than the last value and "
      + "than a linear map of the last ten.",
    source: "a standard task of forecasting",
    training: ["learning_rate": 0.005, "steps": 800, "validate_every": 100])

  /// A driven series.
  static let narma = forecasting(
    "narma10",
    "A GRU follows NARMA10, a series that depends on products of what was ten steps ago, better than "
      + "a linear map of the last ten inputs.",
    source: "Atiya and Parlos, 2000",
    training: ["learning_rate": 0.005, "steps": 1500, "validate_every": 100])

  /// A series that was observed, once a year.
  static let sunspots = forecasting(
    "sunspots",
    "A GRU forecasts next year's sunspots better than this year's, those of a cycle of 11 years ago and "
      + "a linear map of the last ten years, mean of 3 seeds.",
    source: "National Geophysical Data Center; Yule, 1927",
    data: ["set": "sunspots", "batch_size": 8, "sequence_length": 40],
    model: [["layer": "gru", "hidden_size": 16], ["layer": "linear", "out_features": 1]],
    training: [
      "learning_rate": 0.005, "schedule": "cosine", "steps": 600, "validate_every": 20,
    ], seeds: 3)

  /// A series that rises out of what it was trained on.
  static let carbonDioxide = forecasting(
    "co2",
    "A GRU that reads how carbon dioxide changed forecasts the next week better than this week's value, "
      + "that of a year ago and a linear map of the last ten weeks, in years that lie above all that "
      + "trained it; mean of 3 seeds.",
    source: "Keeling and Whorf, 2004",
    data: ["set": "co2", "batch_size": 16, "sequence_length": 104, "difference": 1],
    model: [["layer": "gru", "hidden_size": 32], ["layer": "linear", "out_features": 1]],
    training: [
      "learning_rate": 0.005, "schedule": "cosine", "steps": 400, "validate_every": 20,
    ], seeds: 3)

  /// A GRU of 32 units against the best simple method of the generated series called `name`.
  private static func forecasting(
    _ name: String, _ claim: String, source: String, training: JSON
  ) -> Experiment {
    forecasting(
      name, claim, source: source, data: ["set": .string(name), "batch_size": 32],
      model: [["layer": "gru", "hidden_size": 32], ["layer": "linear", "out_features": 1]],
      training: training)
  }

  /// A model against the best simple method of a series, by the error on the test split.
  private static func forecasting(
    _ name: String, _ claim: String, source: String, data: JSON, model: JSON, training: JSON,
    seeds: UInt64 = 1
  ) -> Experiment {
    Experiment(name: name, claim: claim, source: source) { laboratory in
      let errors = try laboratory.overSeeds(seeds) { seed in
        let session = try laboratory.session(
          name, data: data, model: model, training: training, seed: seed)
        return try laboratory.forecastError(session, on: laboratory.dataset(of: session))
      }
      let session = try laboratory.session(name, data: data, model: model, training: training)
      let baseline = try laboratory.measureBaselines(of: laboratory.dataset(of: session))
      if seeds > 1 { laboratory.measure("GRU, mean test RMSE", errors.mean) }
      laboratory.expect("GRU test RMSE, \(baseline.name):", errors.mean, below: baseline.value)
    }
  }
}

extension Laboratory {
  /// Trains a forecasting session and gives its error on the test split.
  fileprivate func forecastError(_ session: Document, on dataset: any Dataset) throws -> Double {
    let trained = try train("GRU", session, on: dataset)
    measure("GRU (\(trained.parameters) parameters), test RMSE", trained.metric)
    measure("GRU, validation RMSE", trained.best?.metric ?? .infinity)
    return trained.metric
  }
}
