import Formats

extension Experiment {
  /// Exploding gradients, and what clipping does about them.
  static let clipping = Experiment(
    name: "clipping",
    claim:
      "A ReLU network whose recurrent matrix starts as the identity learns for 1000 updates over 200 "
      + "steps with clipping of the global norm; without, its loss explodes.",
    source: "Pascanu, Mikolov and Bengio, arXiv:1211.5063", isQuick: true
  ) { laboratory in
    func train(_ name: String, clip: Double) throws -> Trained {
      let session = try laboratory.session(
        name, data: ["set": "adding", "batch_size": 16, "length": 200],
        model: [
          ["layer": "irnn", "hidden_size": 32], ["layer": "last_step"],
          ["layer": "linear", "out_features": 1],
        ],
        training: [
          "optimizer": "sgd", "learning_rate": 0.01, "clip_norm": .number(clip), "steps": 1000,
          "validate_every": 1000,
        ])
      return try laboratory.train(name, session, on: laboratory.dataset(of: session))
    }
    let clipped = try train("clipped at 1", clip: 1)
    let free = try train("not clipped", clip: 0)
    let (bounded, unbounded) = (clipped.largestLoss, free.largestLoss)
    laboratory.measure("clipped at 1, largest loss", bounded)
    laboratory.measure("clipped at 1, test MSE", clipped.metric)
    laboratory.measure("not clipped, largest loss", unbounded, as: .control)
    laboratory.measure("not clipped, test MSE", free.metric, as: .control)
    if let divergence = free.divergence { laboratory.note("Not clipped: " + divergence) }
    laboratory.judge(
      "clipped does all \(clipped.steps) updates",
      clipped.divergence == nil && clipped.steps == 1000)
    laboratory.expect("clipped, largest loss", bounded, below: 100)
    laboratory.expect("not clipped, largest loss", unbounded, atLeast: 1e6)
  }
}

extension Trained {
  /// The largest training loss; infinite when training diverged.
  fileprivate var largestLoss: Double {
    divergence == nil ? losses.max() ?? .nan : .infinity
  }
}
