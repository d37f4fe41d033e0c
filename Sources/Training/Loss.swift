import Data
import Engine

/// What training makes small; raw values are the names in session files.
///
/// There is no divergence of distributions among them: data have one class a target and no distribution, and
/// against what label smoothing makes of it, q, the cross entropy is KL(q ‖ p) + H(q), which has the same
/// gradients.
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
  /// ½ [y d² + (1 − y) max(0, m − d)²] of all pairs of a batch; for classes, as points.
  case contrastive
  /// max(0, d_ap − d_an + m) of triplets of a batch; for classes, as points.
  case triplet
  /// −log of how an example finds the others of its class; for classes, as points.
  case supervisedContrastive = "supervised_contrastive"
  /// −log of how an example of a class finds another one of it among one of each class; for classes, as
  /// points.
  case infoNCE = "info_nce"

  /// Whether it places examples by their classes and predicts nothing: the network then puts out points.
  public var placesPoints: Bool { Self.ofPoints.contains(self) }

  private static let ofPoints: [Loss] = [
    .triplet, .contrastive, .supervisedContrastive, .infoNCE,
  ]

  /// The losses that such targets can have, the standard one first.
  static func possible(for kind: Target.Kind) -> [Loss] {
    switch kind {
    case .classes: [.crossEntropy, .focal]
    case .flags: [.binaryCrossEntropy]
    case .points: ofPoints
    case .values: [.meanSquared, .meanAbsolute, .huber]
    }
  }

  /// This loss, or what the standard one is for `kind`.
  public func resolved(for kind: Target.Kind) -> Loss {
    self == .standard ? Self.possible(for: kind)[0] : self
  }

  /// Why this loss cannot be had for `target`; nil when it can.
  public func misfit(to target: Target) -> String? {
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
    case .points: "points"
    }
  }
}

extension TrainingRecipe {
  /// The mean loss of what a network put out for `batch`, a scalar to differentiate.
  func loss(of output: Tensor, _ batch: Batch, _ target: Target) -> Tensor {
    if case .points = target.kind { return loss(ofPoints: output, batch.countedClasses) }
    return switch (batch.targets, loss.resolved(for: target.kind)) {
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

  /// The loss of a batch of points `[M, D]` of these classes, negative ones not counted.
  func loss(ofPoints points: Tensor, _ classes: [Int32]) -> Tensor {
    switch loss {
    case .contrastive: points.contrastiveLoss(of: classes, margin: Float(lossMargin))
    case .supervisedContrastive:
      points.supervisedContrastiveLoss(of: classes, temperature: Float(lossTemperature))
    case .infoNCE: points.infoNCELoss(of: classes, temperature: Float(lossTemperature))
    default:
      points.tripletLoss(of: classes, margin: Float(lossMargin), mining: tripletMining)
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

extension Batch {
  /// The class of each target, and −1 for one that does not count.
  var countedClasses: [Int32] {
    guard let weights else { return targets.classes }
    return zip(targets.classes, weights).map { $1 == 0 ? -1 : $0 }
  }
}
