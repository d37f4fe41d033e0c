import Formats

extension Experiment {
  /// Pen strokes, read point by point.
  static let penDigits = beatingTheProbe(
    "pen-digits",
    "A GRU that reads pen strokes point by point tells digits apart better than a "
      + "linear classifier that sees the whole stroke at once.",
    data: ["set": "pendigits", "batch_size": 64],
    model: [
      ["layer": "gru", "hidden_size": 64], ["layer": "last_step"],
      ["layer": "linear", "out_features": 10],
    ],
    training: ["learning_rate": 0.005, "steps": 1170], isQuick: true)

  /// Vowels of nine speakers, read in both directions.
  static let vowels = beatingTheProbe(
    "vowels",
    "A bidirectional LSTM tells nine speakers apart by two vowels better than a linear "
      + "classifier that sees the statistics of each utterance.",
    data: ["set": "japanese-vowels", "batch_size": 16],
    model: [
      ["layer": "lstm", "hidden_size": 64, "bidirectional": "concat"], ["layer": "mean_over_time"],
      ["layer": "dropout", "p": 0.5], ["layer": "linear", "out_features": 9],
    ],
    training: ["learning_rate": 0.002, "steps": 300], isQuick: true)

  /// An experiment on a bundled set of real data: a recurrent model against simple methods, the
  /// strongest of which is a linear probe, and against itself with frozen random recurrent weights.
  static func beatingTheProbe(
    _ name: String, _ claim: String, data: JSON, model: JSON, training: JSON,
    isQuick: Bool = false
  ) -> Experiment {
    Experiment(
      name: name, claim: claim, source: "the data set's own page; see assets/", isQuick: isQuick
    ) { laboratory in
      let session = try laboratory.session(name, data: data, model: model, training: training)
      let dataset = try laboratory.dataset(of: session)
      let best = try laboratory.measureBaselines(of: dataset)
      let trained = try laboratory.train("model", session, on: dataset)
      let metric = dataset.target.metric.rawValue
      laboratory.measure("model, test \(metric)", trained.metric)
      laboratory.measure("model, parameters", Double(trained.parameters))
      laboratory.expect(
        "test \(metric) of \(trained.parameters) parameters beats the \(best.name):",
        trained.metric,
        atLeast: best.value)
    }
  }
}
