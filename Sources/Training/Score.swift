import Data
import Engine
import Foundation

/// What a batch's scores are worth: the loss, and the metric that people judge a model by.
struct Score {
  /// The weighted sum of the losses, in nats.
  private(set) var loss = 0.0
  private var right = 0.0
  /// The sum of the weights.
  private(set) var weight = 0.0

  /// Mean loss in nats; 0 when nothing counts.
  var meanLoss: Double { weight > 0 ? loss / weight : 0 }

  /// Adds what a network made of `batch`: its `scores` and their cross entropy.
  mutating func add(
    _ scores: Tensor, _ entropy: Tensor.CrossEntropy, _ batch: Batch, metric: Target.Metric
  ) {
    let batchWeight = batch.weights?.reduce(0.0) { $0 + Double($1) } ?? Double(batch.targets.count)
    loss += Double(entropy.loss.scalar) * batchWeight
    weight += batchWeight
    if metric == .accuracy { right += Self.rightWeight(scores, batch) }
  }

  /// The number for `metric`; 0 when nothing counts.
  func value(of metric: Target.Metric) -> Double {
    switch metric {
    case .bitsPerCharacter: meanLoss / log(2)
    case .accuracy: weight > 0 ? right / weight : 0
    }
  }

  /// The weight of the targets that have the highest score, the first of equals.
  private static func rightWeight(_ scores: Tensor, _ batch: Batch) -> Double {
    let (classes, values) = (scores.shape.last, scores.scalars)
    var right = 0.0
    for (row, target) in batch.targets.enumerated() {
      let weight = batch.weights?[row] ?? 1
      guard weight != 0 else { continue }
      var best = row * classes
      for index in best..<best + classes where values[index] > values[best] { best = index }
      if best - row * classes == Int(target) { right += Double(weight) }
    }
    return right
  }
}
