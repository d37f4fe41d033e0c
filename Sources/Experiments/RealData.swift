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

  /// Exercises felt by a watch, on people never seen in training.
  static let watch = beatingTheProbe(
    "watch-exercises",
    "A convolution before a bidirectional GRU tells seven exercises apart on people it "
      + "has never seen, better than the published linear probe on statistics (0.73).",
    data: ["set": "watch-exercises", "batch_size": 32],
    model: [
      ["layer": "conv1d", "out_channels": 32, "kernel_size": 5, "stride": 2, "padding": "valid"],
      ["layer": "activation", "function": "relu"],
      ["layer": "gru", "hidden_size": 48, "bidirectional": "concat"],
      ["layer": "mean_over_time"], ["layer": "dropout", "p": 0.5],
      ["layer": "linear", "out_features": 7],
    ],
    training: ["learning_rate": 0.002, "steps": 400, "validate_every": 40], published: 0.73)

  /// Splice junctions of DNA.
  static let splice = beatingTheProbe(
    "splice",
    "A convolution before a bidirectional GRU finds splice junctions, better than the published "
      + "linear probe (0.93).",
    data: ["set": "splice", "batch_size": 32],
    model: [
      ["layer": "embedding", "embedding_dim": 8],
      [
        "layer": "conv1d", "out_channels": 64, "kernel_size": 9, "stride": 3, "padding": "same",
      ],
      ["layer": "activation", "function": "relu"], ["layer": "dropout", "name": "drop1", "p": 0.4],
      ["layer": "gru", "hidden_size": 64, "bidirectional": "concat"], ["layer": "last_step"],
      ["layer": "dropout", "name": "drop2", "p": 0.4], ["layer": "linear", "out_features": 3],
    ],
    training: [
      "learning_rate": 0.004, "schedule": "cosine", "steps": 2000, "validate_every": 100,
    ], published: 0.93)

  /// Names, letter by letter.
  static let names = beatingTheProbe(
    "names",
    "A GRU tells the language of a name, letter by letter, better than counts of letters do.",
    data: ["set": "names", "batch_size": 64, "bucket": true],
    model: [
      ["layer": "embedding", "embedding_dim": 24],
      ["layer": "gru", "hidden_size": 96, "bidirectional": "concat"], ["layer": "mean_over_time"],
      ["layer": "linear", "out_features": 18],
    ],
    training: ["learning_rate": 0.004, "steps": 1200, "validate_every": 200])

  /// Sentences, letter by letter.
  static let authors = beatingTheProbe(
    "authors",
    "A GRU tells who wrote a sentence, letter by letter, better than counts of letters do.",
    data: ["set": "authors", "batch_size": 32, "bucket": true],
    model: [
      ["layer": "embedding", "embedding_dim": 24],
      ["layer": "conv1d", "out_channels": 64, "kernel_size": 5, "stride": 2, "padding": "same"],
      ["layer": "activation", "function": "relu"],
      ["layer": "gru", "hidden_size": 64], ["layer": "mean_over_time"],
      ["layer": "dropout", "p": 0.3], ["layer": "linear", "out_features": 4],
    ],
    training: ["learning_rate": 0.003, "steps": 800, "validate_every": 100])

  /// Weather, day by day.
  static let weather = beatingTheProbe(
    "weather",
    "A GRU tags every day of Seattle with its weather better than the most frequent kind and "
      + "than a linear probe.",
    data: ["set": "seattle-weather", "batch_size": 16, "sequence_length": 28],
    model: [
      ["layer": "gru", "hidden_size": 32], ["layer": "dropout", "p": 0.3],
      ["layer": "linear", "out_features": 5],
    ],
    training: ["learning_rate": 0.004, "steps": 400, "validate_every": 40])

  /// An experiment on a bundled set of real data: a recurrent model against simple methods, the
  /// strongest of which is a linear probe, and the published one where there is a number. All are judged
  /// on the test split, which chose nothing.
  static func beatingTheProbe(
    _ name: String, _ claim: String, data: JSON, model: JSON, training: JSON,
    published: Double? = nil, isQuick: Bool = false
  ) -> Experiment {
    Experiment(
      name: name, claim: claim, source: "the data set's own page; see assets/", isQuick: isQuick
    ) { laboratory in
      let session = try laboratory.session(name, data: data, model: model, training: training)
      let dataset = try laboratory.dataset(of: session)
      let best = try laboratory.measureBaselines(of: dataset)
      let trained = try laboratory.train("model", session, on: dataset)
      let metric = dataset.target.metric.rawValue
      laboratory.measure("model, validation \(metric)", trained.best?.metric ?? .nan)
      laboratory.measure("model, test \(metric)", trained.metric)
      laboratory.measure("model, parameters", Double(trained.parameters))
      if let published {
        laboratory.measure("published linear probe", published, as: .baseline)
        laboratory.expect("test \(metric), published probe:", trained.metric, above: published)
      }
      laboratory.expect("test \(metric), \(best.name):", trained.metric, above: best.value)
    }
  }
}
