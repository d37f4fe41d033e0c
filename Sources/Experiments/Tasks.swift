import Formats

extension Experiment {
  /// Whether the ones among the last bits are odd.
  static let parity = learning(
    "parity",
    "An Elman network learns whether the ones among the last 4 bits of 6 to 18 are odd.",
    source: "Khajehabdollahi et al., arXiv:2309.12927",
    data: ["set": "parity", "batch_size": 64],
    model: [
      ["layer": "rnn", "hidden_size": 64], ["layer": "last_step"],
      ["layer": "linear", "out_features": 2],
    ], training: ["learning_rate": 0.003, "steps": 4000, "validate_every": 200], atLeast: 0.99)

  /// Whether the last bit is the same as one before it.
  static let matchToSample = learning(
    "dms",
    "A GRU learns whether the last bit equals the one four steps from the end (delayed match to sample).",
    source: "Khajehabdollahi et al., arXiv:2309.12927",
    data: ["set": "dms", "batch_size": 32],
    model: [
      ["layer": "gru", "hidden_size": 32], ["layer": "last_step"],
      ["layer": "linear", "out_features": 2],
    ], training: ["learning_rate": 0.005, "steps": 1000, "validate_every": 100], atLeast: 0.99)

  /// A symbol that has to be kept over a string of a grammar.
  static let reber = learning(
    "reber",
    "An LSTM keeps the second symbol of an embedded Reber string up to its end, over up to 40 symbols.",
    source: "Hochreiter and Schmidhuber, Long Short-Term Memory, 1997",
    data: ["set": "reber", "batch_size": 32],
    model: [
      ["layer": "embedding", "embedding_dim": 8], ["layer": "lstm", "hidden_size": 32],
      ["layer": "last_step"], ["layer": "linear", "out_features": 2],
    ], training: ["learning_rate": 0.005, "steps": 600, "validate_every": 100], atLeast: 0.99)

  /// Which of two motifs comes first.
  static let dnaMotifs = learning(
    "dna-motifs",
    "Convolution before a GRU tells which of two motifs, that may have a wrong letter each, comes first "
      + "in 150 letters of DNA.",
    source: "after Quang and Xie, DanQ, doi:10.1093/nar/gkw226",
    data: ["set": "dna-motifs", "batch_size": 64],
    model: [
      ["layer": "conv1d", "out_channels": 32, "kernel_size": 9, "padding": "valid"],
      ["layer": "activation", "function": "relu"],
      ["layer": "max_pool1d", "kernel_size": 8, "stride": 8], ["layer": "gru", "hidden_size": 32],
      ["layer": "last_step"], ["layer": "linear", "out_features": 2],
    ], training: ["learning_rate": 0.006, "steps": 2000, "validate_every": 250], atLeast: 0.95)

  /// A task that needs a step of thought for every digit.
  static let modularSum = learning(
    "modular-sum", "A GRU learns to add 4 digits modulo 7, one after another.",
    source: "a standard task of sequential depth",
    data: ["set": "depth", "variant": "modular", "batch_size": 64],
    model: [
      ["layer": "embedding", "embedding_dim": 16], ["layer": "gru", "hidden_size": 64],
      ["layer": "last_step"], ["layer": "linear", "out_features": 7],
    ], training: ["learning_rate": 0.004, "steps": 2000, "validate_every": 200], atLeast: 0.95)

  /// An experiment on a task that is made up: a small model against the trivial score, which leaves
  /// nothing to be right by but the answer.
  private static func learning(
    _ name: String, _ claim: String, source: String, data: JSON, model: JSON, training: JSON,
    atLeast limit: Double
  ) -> Experiment {
    Experiment(name: name, claim: claim, source: source) { laboratory in
      let session = try laboratory.session(name, data: data, model: model, training: training)
      let dataset = try laboratory.dataset(of: session)
      let trivial = try laboratory.measureBaselines(of: dataset)
      let trained = try laboratory.train("model", session, on: dataset)
      laboratory.measure(
        "model (\(trained.parameters) parameters), test accuracy", trained.metric)
      laboratory.expect("test accuracy", trained.metric, atLeast: limit)
      laboratory.expect(
        "test accuracy, \(trivial.name):", trained.metric, above: trivial.value)
    }
  }
}
