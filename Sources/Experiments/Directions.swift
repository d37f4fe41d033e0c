import Formats
import Training

extension Experiment {
  /// Seeing what comes after.
  static let lookAhead = Experiment(
    name: "look-ahead",
    claim: "Where the tag of a step depends on the next token, a bidirectional network is right at "
      + "least 20 points more often than one that reads forwards only.",
    source: "Schuster and Paliwal, Bidirectional Recurrent Neural Networks, 1997", isQuick: true
  ) { laboratory in
    func train(
      _ name: String, _ direction: JSON, hidden: Int,
      as role: ExperimentReport.Measurement.Role
    ) throws -> Trained {
      let session = try laboratory.session(
        name, data: ["set": "look-ahead", "batch_size": 32],
        model: [
          ["layer": "embedding", "embedding_dim": 8],
          ["layer": "lstm", "hidden_size": .integer(hidden), "bidirectional": direction],
          ["layer": "linear", "out_features": 4],
        ],
        training: ["learning_rate": 0.01, "steps": 300, "validate_every": 100])
      let trained = try laboratory.train(name, session, on: laboratory.dataset(of: session))
      laboratory.measure(
        "\(name) (\(trained.parameters) parameters), test accuracy", trained.metric, as: role)
      return trained
    }
    let both = try train("both directions", "concat", hidden: 16, as: .result)
    let forwards = try train("forwards only", "off", hidden: 24, as: .control)
    laboratory.expect("both minus forwards", both.metric - forwards.metric, atLeast: 0.2)
  }
}
