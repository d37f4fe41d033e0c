import Formats
import Training

extension Experiment {
  /// Gates that see the cell.
  static let peepholes = Experiment(
    name: "peepholes",
    claim:
      "Keeping a pace without a clock, an LSTM whose gates see the cell is at least as exact as one "
      + "whose gates do not, after the same updates, mean of 3 seeds.",
    source: "Gers, Schraudolph and Schmidhuber, Learning Precise Timing, 2002"
  ) { laboratory in
    func score(
      _ name: String, _ layer: String, as role: ExperimentReport.Measurement.Role
    ) throws -> Double {
      let scores = try laboratory.overSeeds { seed in
        let session = try laboratory.session(
          name, data: ["set": "timed-spikes", "batch_size": 32],
          model: [
            ["layer": .string(layer), "name": "cell", "hidden_size": 24],
            ["layer": "linear", "out_features": 2],
          ],
          training: ["learning_rate": 0.01, "steps": 500, "validate_every": 100],
          seed: seed)
        let trained = try laboratory.train(name, session, on: laboratory.dataset(of: session))
        laboratory.measure("\(name), seed \(seed), test macro F1", trained.metric, as: role)
        return trained.metric
      }
      return scores.mean
    }
    let with = try score("peepholes", "peephole_lstm", as: .result)
    let without = try score("no peepholes", "lstm", as: .control)
    laboratory.expect("mean macro F1 with peepholes", with, atLeast: without)
  }
}
