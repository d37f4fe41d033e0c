import Formats
import Training

extension Experiment {
  /// Gates that see the cell.
  static let peepholes = Experiment(
    name: "peepholes",
    claim:
      "Keeping a pace without a clock, an LSTM whose gates see the cell fires at least as close to the "
      + "wanted steps as one whose gates do not, and tells spikes from quiet at least as well, after the "
      + "same updates, mean of 3 seeds.",
    source: "Gers, Schraudolph and Schmidhuber, Learning Precise Timing, 2002"
  ) { laboratory in
    func scores(
      _ name: String, _ layer: String, as role: ExperimentReport.Measurement.Role
    ) throws -> (timing: Double, macroF1: Double) {
      let found = try laboratory.overSeeds { seed -> (timing: Double, macroF1: Double) in
        let session = try laboratory.session(
          name, data: ["set": "timed-spikes", "batch_size": 32],
          model: [
            ["layer": .string(layer), "name": "cell", "hidden_size": 24],
            ["layer": "linear", "out_features": 2],
          ],
          training: ["learning_rate": 0.01, "steps": 500, "validate_every": 100],
          seed: seed)
        let dataset = try laboratory.dataset(of: session)
        let trained = try laboratory.train(name, session, on: dataset)
        let timing = TimingError(of: trained.network, on: dataset, .test)
        laboratory.measure("\(name), seed \(seed), test macro F1", trained.metric, as: role)
        laboratory.measure("\(name), seed \(seed), steps missed", timing.meanMissed, as: role)
        laboratory.measure("\(name), seed \(seed), steps astray", timing.meanStray, as: role)
        return (timing: timing.mean, macroF1: trained.metric)
      }
      return (found.map(\.timing).mean, found.map(\.macroF1).mean)
    }
    let with = try scores("peepholes", "peephole_lstm", as: .result)
    let without = try scores("no peepholes", "lstm", as: .control)
    laboratory.measure("peepholes, mean timing error in steps", with.timing)
    laboratory.measure("no peepholes, mean timing error in steps", without.timing, as: .control)
    laboratory.expect("mean timing error with peepholes", with.timing, atMost: without.timing)
    laboratory.expect("mean macro F1 with peepholes", with.macroF1, atLeast: without.macroF1)
  }
}
