import Data
import Engine
import Foundation

/// What a network's outputs are worth: the loss, and the metrics that people judge a model by.
struct Score {
  private let target: Target
  private let metrics: [Metric]
  /// Whether the loss that is added is the entropy that metrics are made of.
  private let lossIsEntropy: Bool
  private var lossSum = 0.0
  /// The sum of the weights.
  private(set) var weight = 0.0
  private var entropySum = 0.0
  private var hits = HitTally()
  private(set) var confusion: Confusion?
  /// Whether probabilities are what they say; nil for values and where nobody asked.
  private(set) var calibration: Calibration?
  private var ranks: [RankTally] = []
  private var errors: [ErrorTally] = []
  private var points = PointTally()
  /// The loss of some points of these classes, where it is to be that of batches drawn from all of them
  /// rather than of those that came.
  private let pointLoss: ((Tensor, [Int32]) -> Double)?

  /// A score without a batch yet; only `metrics` are measured, and calibration if that is asked for.
  /// With `lossIsEntropy` a loss that is the cross entropy is not worked out twice. Data may come class by
  /// class: with `pointLoss` the loss of points is that of batches drawn from all that came.
  init(
    _ target: Target, metrics: [Metric], calibrates: Bool = false, lossIsEntropy: Bool = false,
    pointLoss: ((Tensor, [Int32]) -> Double)? = nil
  ) {
    self.target = target
    self.pointLoss = pointLoss
    self.metrics = metrics
    self.lossIsEntropy = lossIsEntropy
    if case .classes(let labels) = target.kind, metrics.contains(.macroF1) {
      confusion = Confusion(labels: labels)
    }
    if calibrates { calibration = Calibration() }
    switch target.kind {
    case .classes: ranks = [RankTally()]
    case .flags(let labels): ranks = labels.map { _ in RankTally() }
    case .points: calibration = nil
    case .values(let quantities):
      errors = quantities.map(ErrorTally.init)
      calibration = nil
    }
  }

  /// Mean loss; 0 when nothing counts.
  var meanLoss: Double {
    if case .points = target.kind, let pointLoss { return points.meanLoss(pointLoss) }
    return weight > 0 ? lossSum / weight : 0
  }

  /// Adds what a network put out for `batch`, and its mean `loss` there.
  mutating func add(_ output: Tensor, loss: Double, _ batch: Batch) {
    let rows = batch.targets.count
    let weights = batch.weights ?? Array(repeating: 1, count: rows)
    let batchWeight = weights.reduce(0.0) { $0 + Double($1) }
    lossSum += loss * batchWeight
    weight += batchWeight
    if case .points = target.kind { return points.add(output, batch.countedClasses) }
    switch batch.targets {
    case .classes(let classes):
      if metrics.contains(where: \.isEntropy) {
        let entropy =
          lossIsEntropy
          ? loss
          : Double(output.detached.softmaxCrossEntropy(classes, weights: weights).loss.scalar)
        entropySum += entropy * batchWeight
      }
      if calibration != nil || metrics.contains(where: { !$0.isEntropy }) {
        count(output, classes, weights)
      }
    case .values(let values): measure(output, values, weights)
    }
  }

  /// The number for `metric`; 0 when nothing counts, NaN when it is not among those measured.
  func value(of metric: Metric) -> Double {
    guard metrics.contains(metric) else { return .nan }
    guard weight > 0 else { return 0 }
    switch metric {
    case .bitsPerCharacter: return entropySum / weight / log(2)
    case .perplexity: return exp(entropySum / weight)
    case .accuracy: return hits.share
    case .top5Accuracy: return hits.topShare
    case .macroF1: return confusion?.macroF1 ?? mean(ranks.map(\.f1))
    case .areaUnderROC: return mean(ranks.compactMap(\.areaUnderROC))
    case .areaUnderPR: return mean(ranks.compactMap(\.areaUnderPR))
    case .nearestNeighbour: return points.nearestShare
    case .meanSquaredError: return mean(errors.map(\.meanSquare))
    case .meanAbsoluteError: return mean(errors.map(\.meanAbsolute))
    case .rootMeanSquareError: return mean(errors.map { $0.meanSquare.squareRoot() })
    }
  }

  /// The mean squared error of each number of a target of 2 to 64.
  var squaredErrors: [Double] { 2...64 ~= errors.count ? errors.map(\.meanSquare) : [] }

  /// Every metric, in their order.
  var values: [MetricValue] { metrics.map { MetricValue($0, value(of: $0)) } }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private mutating func count(_ output: Tensor, _ classes: [Int32], _ weights: [Float]) {
    let (width, scores) = (output.shape.last, output.scalars)
    let ranksThem = width == 2 && metrics.contains(where: \.isRanking)
    for (row, wanted) in classes.enumerated() where weights[row] != 0 {
      let scores = scores[row * width..<(row + 1) * width]
      let weight = Double(weights[row])
      let predicted = hits.add(scores, wanted: Int(wanted), weight)
      confusion?.add(wanted: Int(wanted), predicted: predicted, weight)
      calibration?.add(scores, predicted: predicted, wanted: Int(wanted), weight)
      if ranksThem {
        let score = scores[scores.startIndex + 1] - scores[scores.startIndex]
        ranks[0].add(score, isSo: wanted == 1, weight)
      }
    }
  }

  private mutating func measure(_ output: Tensor, _ values: Tensor, _ weights: [Float]) {
    let (width, outputs, wanted) = (values.shape[1], output.scalars, values.scalars)
    for row in 0..<values.shape[0] where weights[row] != 0 {
      let weight = Double(weights[row])
      for column in 0..<width {
        let (y, t) = (outputs[row * width + column], wanted[row * width + column])
        if errors.isEmpty {
          hits.add((y > 0) == (t > 0.5), weight)
          ranks[column].add(y, isSo: t > 0.5, weight)
          calibration?.add(y, isSo: t > 0.5, weight)
        } else {
          errors[column].add(y, wanted: t, weight)
        }
      }
    }
  }
}

extension Metric {
  /// Whether it follows from the cross entropy.
  fileprivate var isEntropy: Bool { self == .bitsPerCharacter || self == .perplexity }

  /// Whether it follows from the order of the scores.
  fileprivate var isRanking: Bool { self == .areaUnderROC || self == .areaUnderPR }
}
