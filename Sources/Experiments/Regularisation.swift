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
    let without = try laboratory.overSeeds { try gap("no zoneout", 0, seed: $0, as: .control) }
    let with = try laboratory.overSeeds { try gap("zoneout 0.5", 0.5, seed: $0, as: .result) }
    laboratory.expect("mean gap with zoneout", with.mean, below: without.mean)
  }

  /// Normalising inside the recurrence.
  static let batchNormLSTM = Experiment(
    name: "bn-lstm",
    claim:
      "Reading digits row by row, an LSTM with batch normalisation at every step reaches the plain "
      + "LSTM's final accuracy in fewer updates, mean of 3 seeds.",
    source: "Cooijmans et al., Recurrent Batch Normalization, arXiv:1603.09025"
  ) { laboratory in
    func train(_ name: String, _ layer: JSON, _ seed: UInt64) throws -> Trained {
      let session = try laboratory.session(
        name, data: ["set": "digits", "variant": "rows", "batch_size": 64],
        model: [layer, ["layer": "last_step"], ["layer": "linear", "out_features": 10]],
        training: ["learning_rate": 0.003, "steps": 200, "validate_every": 10], seed: seed)
      return try laboratory.train(name, session, on: laboratory.dataset(of: session))
    }
    var plainUpdates: [Double] = []
    let normalisedUpdates = try laboratory.overSeeds { seed in
      let plain = try train("LSTM", ["layer": "lstm", "hidden_size": 64], seed)
      let goal = plain.best?.metric ?? 1
      let needed = Double(plain.firstStep { $0.metric >= goal } ?? plain.steps)
      plainUpdates.append(needed)
      laboratory.measure("LSTM, seed \(seed), best validation accuracy", goal, as: .control)
      laboratory.measure("LSTM, seed \(seed), updates to it", needed, as: .control)
      let normalised = try train(
        "BN-LSTM", ["layer": "bn_lstm", "hidden_size": 64, "max_length": 8], seed)
      let reached = Double(normalised.firstStep { $0.metric >= goal } ?? 2 * normalised.steps)
      laboratory.measure("BN-LSTM, seed \(seed), updates to that accuracy", reached)
      return reached
    }
    laboratory.note("An accuracy that is not reached counts as twice the updates.")
    laboratory.expect("BN-LSTM updates, LSTM:", normalisedUpdates.mean, below: plainUpdates.mean)
  }
}
