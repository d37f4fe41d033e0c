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
    let session = try gru(
      laboratory, "mackey-glass",
      training: ["learning_rate": 0.005, "steps": 1000, "validate_every": 100])
    let dataset = try laboratory.dataset(of: session)
    let baselines = dataset.baselines()
    try laboratory.measureBaselines(of: dataset)
    let error = try laboratory.forecastError(session, on: dataset)
    let persistence = baselines.first { $0.name == "persistence" }?.value ?? 0
    laboratory.note(
      "The series is smooth and without noise, so a linear map of ten values is all but exact: no "
        + "network of this size comes near it one step ahead.")
    laboratory.expect("GRU RMSE, tenth of persistence:", error, below: persistence / 10)
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

  /// A GRU against the best simple method of a series, by the error on the validation split, on which
  /// those are measured.
  private static func forecasting(
    _ name: String, _ claim: String, source: String, training: JSON
  ) -> Experiment {
    Experiment(name: name, claim: claim, source: source) { laboratory in
      let session = try gru(laboratory, name, training: training)
      let dataset = try laboratory.dataset(of: session)
      let baseline = try laboratory.measureBaselines(of: dataset)
      let error = try laboratory.forecastError(session, on: dataset)
      laboratory.expect("GRU RMSE, \(baseline.name):", error, below: baseline.value)
    }
  }

  /// A GRU of 32 units on the set that is called as the experiment is.
  private static func gru(
    _ laboratory: Laboratory, _ name: String, training: JSON
  ) throws -> Document {
    try laboratory.session(
      name, data: ["set": .string(name), "batch_size": 32],
      model: [["layer": "gru", "hidden_size": 32], ["layer": "linear", "out_features": 1]],
      training: training)
  }
}

extension Laboratory {
  /// Trains a forecasting session and gives its least error on the validation split.
  fileprivate func forecastError(_ session: Document, on dataset: any Dataset) throws -> Double {
    let trained = try train("GRU", session, on: dataset)
    let error = trained.best?.metric ?? .infinity
    measure("GRU (\(trained.parameters) parameters), validation RMSE", error)
    measure("GRU, test RMSE", trained.metric)
    return error
  }
}
