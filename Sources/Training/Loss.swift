import Data
import Engine

/// What training makes small; raw values are the names in session files.
public enum Loss: String, Sendable, CaseIterable {
  /// What fits the target: cross entropy for classes, for flags that of each, squares for values.
  case standard = "default"
  /// −log softmax(z)_y, with label smoothing if that is set; for classes.
  case crossEntropy = "cross_entropy"
  /// −(1 − p)^γ log p with p = softmax(z)_y; for classes.
  case focal
  /// −t log σ(z) − (1 − t) log(1 − σ(z)); for flags.
  case binaryCrossEntropy = "binary_cross_entropy"
  /// (y − t)²; for values.
  case meanSquared = "mse"
  /// |y − t|; for values.
  case meanAbsolute = "mae"
  /// Squares near the target, distances beyond δ; for values.
  case huber

  /// The losses that such targets can have, the standard one first.
  static func possible(for kind: Target.Kind) -> [Loss] {
    switch kind {
    case .classes: [.crossEntropy, .focal]
    case .flags: [.binaryCrossEntropy]
    case .values: [.meanSquared, .meanAbsolute, .huber]
    }
  }

  /// This loss, or what the standard one is for `kind`.
  func resolved(for kind: Target.Kind) -> Loss {
    self == .standard ? Self.possible(for: kind)[0] : self
  }

  /// Why this loss cannot be had for `target`; nil when it can.
  func misfit(to target: Target) -> String? {
    let possible = Self.possible(for: target.kind)
    guard self != .standard, !possible.contains(self) else { return nil }
    let names = possible.map(\.rawValue).joined(separator: " or ")
    return "Loss \(rawValue) does not fit data that predict \(target.noun). Use \(names)."
  }
}

extension Target {
  /// What is predicted, in the plural.
  var noun: String {
    switch kind {
    case .classes: metric == .bitsPerCharacter ? "characters" : "classes"
    case .flags: "flags"
    case .values: "values"
    }
  }
}

extension TrainingRecipe {
  /// The mean loss of what a network put out for `batch`, a scalar to differentiate.
  func loss(of output: Tensor, _ batch: Batch, _ target: Target) -> Tensor {
    switch (batch.targets, loss.resolved(for: target.kind)) {
    case (.classes(let classes), .focal):
      output.focalLoss(classes, weights: batch.weights, gamma: Float(focalGamma)).loss
    case (.classes(let classes), _):
      output.softmaxCrossEntropy(
        classes, weights: batch.weights, smoothing: Float(labelSmoothing)
      ).loss
    case (.values(let values), let loss):
      output.mean(pointwise(loss), of: values, weights: batch.weights)
    }
  }

  /// Whether the loss is the cross entropy against the classes of `target` and nothing else.
  func lossIsEntropy(for target: Target) -> Bool {
    loss.resolved(for: target.kind) == .crossEntropy && labelSmoothing == 0
  }

  private func pointwise(_ loss: Loss) -> PointwiseLoss {
    switch loss {
    case .binaryCrossEntropy: .logistic
    case .meanAbsolute: .absolute
    case .huber: .huber(delta: Float(huberDelta))
    default: .squared
    }
  }
}
