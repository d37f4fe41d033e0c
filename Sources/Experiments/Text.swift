import Formats
import Training
import Workbench

extension Experiment {
  /// Characters of Shakespeare against counts.
  static let characters = Experiment(
    name: "characters",
    claim:
      "An LSTM predicts the characters of a text with fewer bits than counts of three characters.",
    source: "Graves, Generating Sequences With Recurrent Neural Networks, arXiv:1308.0850"
  ) { laboratory in
    var session = Document.standard
    session.seed = laboratory.seed
    let dataset = try laboratory.dataset(of: session)
    let counts = try laboratory.measureBaselines(of: dataset)
    let trained = try laboratory.train("LSTM", session, on: dataset)
    let validation = trained.best?.metric ?? .infinity
    laboratory.measure(
      "LSTM (\(trained.parameters) parameters), test bits a character", trained.metric)
    laboratory.measure("LSTM, validation bits a character", validation)
    for baseline in dataset.baselines() {
      laboratory.measure("\(baseline.name), validation", baseline.value, as: .baseline)
    }
    laboratory.note(
      "The test part is sonnets, which are harder for both than the validation part, the end of a play "
        + "and the first sonnets.")
    laboratory.expect("test bits a character, \(counts.name):", trained.metric, below: counts.value)
  }

  /// Two layers against one.
  static let depth = Experiment(
    name: "depth",
    claim:
      "With equally many parameters, two LSTM layers that the scores both see predict characters "
      + "no worse than one, or the seeds do not tell them apart.",
    source: "Hermans and Schrauwen, Training and Analysing Deep Recurrent Neural Networks, 2013"
  ) { laboratory in
    func bits(
      _ name: String, _ layers: [JSON], as role: ExperimentReport.Measurement.Role
    ) throws -> [Double] {
      try laboratory.overSeeds { seed in
        let session = try laboratory.characterModel(name, layers, steps: 1200, seed: seed)
        let trained = try laboratory.train(name, session, on: laboratory.dataset(of: session))
        laboratory.measure(
          "\(name) (\(trained.parameters) parameters), seed \(seed), test bits", trained.metric,
          as: role)
        return trained.metric
      }
    }
    let one = try bits("1 layer", [["layer": "lstm", "hidden_size": 96]], as: .control)
    let two = try bits(
      "2 layers",
      [
        ["layer": "lstm", "name": "lower", "hidden_size": 58],
        [
          "layer": "parallel", "name": "both", "merge": "concat",
          "layers": [
            ["layer": "identity", "name": "as_it_is"],
            ["layer": "lstm", "name": "upper", "hidden_size": 58],
          ],
        ],
      ], as: .result)
    let spread = max(one.spread, two.spread)
    laboratory.measure("1 layer, mean", one.mean, as: .control)
    laboratory.measure("2 layers, mean", two.mean)
    let isTie = abs(one.mean - two.mean) <= spread
    if isTie { laboratory.note("A tie: the means differ by less than the seeds do.") }
    laboratory.judge(
      "2 layers \(two.mean.formatted(4)) ≤ 1 layer \(one.mean.formatted(4)), or a tie within "
        + spread.formatted(2), two.mean <= one.mean || isTie)
  }
}

extension Laboratory {
  /// A character model of the bundled text with `layers` between embedding and scores.
  func characterModel(
    _ name: String, _ layers: [JSON], steps: Int, seed: UInt64? = nil
  ) throws -> Document {
    try session(
      name, data: ["set": "shakespeare", "batch_size": 32, "sequence_length": 64],
      model: .array(
        [["layer": "embedding", "embedding_dim": 32]] + layers
          + [["layer": "linear", "out_features": 80]]),
      training: [
        "learning_rate": 0.006, "schedule": "cosine", "steps": .integer(steps),
        "validate_every": 200,
      ], seed: seed)
  }
}

extension [Double] {
  /// The arithmetic mean; NaN of nothing.
  var mean: Double { reduce(0, +) / Double(count) }

  /// The distance between the largest and the smallest; 0 of nothing.
  var spread: Double { (self.max() ?? 0) - (self.min() ?? 0) }
}
