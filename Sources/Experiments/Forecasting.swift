import Formats
import Training

extension Experiment {
  /// A chaotic series.
  static let mackeyGlass = forecasting(
    "mackey-glass",
    "A GRU forecasts the next value of the chaotic series of Mackey and Glass better than the last value "
      + "and than a linear map of the last ten.",
    source: "Mackey and Glass, 1977", data: ["set": "mackey-glass", "batch_size": 32],
    training: ["learning_rate": 0.005, "steps": 800, "validate_every": 100])

  /// Sines under noise.
  static let sines = forecasting(
    "sines",
    "A GRU forecasts noisy mixes of sines, each of its own periods, better than the last value and than "
      + "a linear map of the last ten.",
    source: "a standard task of forecasting", data: ["set": "sines", "batch_size": 32],
    training: ["learning_rate": 0.005, "steps": 800, "validate_every": 100])

  /// A driven series.
  static let narma = forecasting(
    "narma10",
    "A GRU follows NARMA10, a series that depends on products of what was ten steps ago, better than a "
      + "linear map of the last ten inputs.",
    source: "Atiya and Parlos, 2000", data: ["set": "narma10", "batch_size": 32],
    training: ["learning_rate": 0.005, "steps": 1500, "validate_every": 100])

  /// A GRU against every simple method of a series, by the error on the validation split, on which
  /// those are measured.
  private static func forecasting(
    _ name: String, _ claim: String, source: String, data: JSON, training: JSON
  ) -> Experiment {
    Experiment(name: name, claim: claim, source: source) { laboratory in
      let session = try laboratory.session(
        name, data: data,
        model: [["layer": "gru", "hidden_size": 32], ["layer": "linear", "out_features": 1]],
        training: training)
      let dataset = try laboratory.dataset(of: session)
      let baseline = try laboratory.measureBaselines(of: dataset)
      let trained = try laboratory.train("GRU", session, on: dataset)
      let error = trained.best?.metric ?? .infinity
      laboratory.measure("GRU (\(trained.parameters) parameters), validation RMSE", error)
      laboratory.measure("GRU, test RMSE", trained.metric)
      laboratory.expect("GRU RMSE, \(baseline.name):", error, below: baseline.value)
    }
  }
}
