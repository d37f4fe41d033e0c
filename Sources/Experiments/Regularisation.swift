import Formats
import Training

extension Experiment {
  /// Zoneout against overfitting.
  static let zoneout = Experiment(
    name: "zoneout",
    claim:
      "Trained on few examples until hardly any loss is left, an LSTM with zoneout does less worse "
      + "on examples it has not seen, mean of 3 seeds.",
    source: "Krueger et al., Zoneout, arXiv:1606.01305"
  ) { laboratory in
    /// The distance between test and training loss after training.
    func gap(
      _ name: String, _ zoneout: Double, seed: UInt64,
      as role: ExperimentReport.Measurement.Role
    ) throws -> Double {
      let session = try laboratory.session(
        name, data: ["set": "japanese-vowels", "batch_size": 16],
        model: [
          [
            "layer": "lstm", "hidden_size": 64, "zoneout": .number(zoneout),
            "zoneout_cell": .number(zoneout),
          ],
          ["layer": "last_step"], ["layer": "linear", "out_features": 9],
        ],
        training: ["learning_rate": 0.003, "steps": 1000, "validate_every": 1000], seed: seed)
      var (train, test) = (Double.nan, Double.nan)
      _ = try laboratory.train(
        name, session, on: laboratory.dataset(of: session),
        observe: { trainer in
          guard trainer.isDone else { return }
          train = trainer.evaluate(.train)?.loss ?? .nan
          test = trainer.evaluate(.test)?.loss ?? .nan
        })
      laboratory.measure("\(name), seed \(seed), training loss", train, as: role)
      laboratory.measure("\(name), seed \(seed), test loss", test, as: role)
      return test - train
    }
    let seeds = laboratory.seed..<laboratory.seed + 3
    let without = try seeds.map { try gap("no zoneout", 0, seed: $0, as: .control) }
    let with = try seeds.map { try gap("zoneout 0.5", 0.5, seed: $0, as: .result) }
    laboratory.expect("mean gap with zoneout", with.mean, below: without.mean)
  }

  /// Normalising inside the recurrence.
  static let batchNormLSTM = Experiment(
    name: "bn-lstm",
    claim:
      "Reading digits pixel by pixel, an LSTM with batch normalisation at every step reaches the "
      + "plain LSTM's final accuracy in at most half its updates.",
    source: "Cooijmans et al., Recurrent Batch Normalization, arXiv:1603.09025"
  ) { laboratory in
    func train(
      _ name: String, _ layer: JSON, until accuracy: Double = 2
    ) throws -> Trained {
      let session = try laboratory.session(
        name, data: ["set": "digits", "variant": "pixels", "batch_size": 32],
        model: [layer, ["layer": "last_step"], ["layer": "linear", "out_features": 10]],
        training: ["learning_rate": 0.003, "steps": 800, "validate_every": 40])
      return try laboratory.train(
        name, session, on: laboratory.dataset(of: session),
        stopsEarly: { $0.metric >= accuracy })
    }
    let plain = try train("LSTM", ["layer": "lstm", "hidden_size": 64])
    let goal = plain.best?.metric ?? 1
    let needed = plain.firstStep { $0.metric >= goal } ?? plain.steps
    laboratory.measure("LSTM, best validation accuracy", goal, as: .control)
    laboratory.measure("LSTM, updates to it", Double(needed), as: .control)
    let normalised = try train(
      "BN-LSTM", ["layer": "bn_lstm", "hidden_size": 64, "max_length": 64], until: goal)
    let reached = normalised.firstStep { $0.metric >= goal }
    laboratory.measure("BN-LSTM, updates to that accuracy", Double(reached ?? normalised.steps))
    laboratory.judge(
      "BN-LSTM reaches \(goal.formatted(3)) after "
        + (reached.map { "\($0)" } ?? "more than \(normalised.steps)")
        + " updates, at most half of \(needed)",
      reached.map { 2 * $0 <= needed } ?? false)
  }
}
