import Engine

/// How far an Adam-like rule goes with the numbers of a tensor, as a share of the learning rate.
///
///     r = |m̂| / (√v̂ + ε)     for each number
///
/// Near 1 where gradients point the same way step after step, near 0 where they cancel out and only
/// noise is left.
public struct MomentRatio: Sendable, Equatable {
  /// The share of numbers in each of 20 equal bins of 0 to 1; larger ones are in the last.
  public var histogram: [Double]
  /// The mean of r.
  public var mean: Double

  /// Numbers of a tensor that are looked at, evenly spread: enough for shares in percent.
  static let sampleSize = 2_048

  /// The distribution `histogram` with its mean.
  public init(histogram: [Double], mean: Double) {
    self.histogram = histogram
    self.mean = mean
  }

  /// The distribution over `moments`, first and second, of a rule that has done `count` steps.
  init(_ first: Tensor, _ second: Tensor, _ rule: OptimizerRule, count: Int) {
    func correction(_ beta: Double) -> Double {
      1 - (0..<count).reduce(1.0) { power, _ in power < 1e-9 ? power : power * beta }
    }
    let (one, two) = (correction(rule.beta1), correction(rule.beta2))
    let stride = max(1, first.count / Self.sampleSize)
    var (counts, sum, seen) = (Array(repeating: 0.0, count: 20), 0.0, 0.0)
    var place = 0
    while place < first.count {
      let (m, v) = (Double(first[flat: place]) / one, Double(second[flat: place]) / two)
      let ratio = abs(m) / (v.squareRoot() + rule.epsilon)
      counts[ratio.isNaN ? 0 : min(Int(min(ratio, 1) * 20), 19)] += 1
      sum += ratio
      seen += 1
      place += stride
    }
    self.init(histogram: counts.map { $0 / max(1, seen) }, mean: sum / max(1, seen))
  }
}

extension Optimizer {
  /// How far the rule goes with the parameter at `index` after `count` steps; nil for rules without two
  /// moments.
  func momentRatio(of index: Int, count: Int) -> MomentRatio? {
    switch rule.kind {
    case .adam, .adamw:
      MomentRatio(slots[0].values[index], slots[1].values[index], rule, count: count)
    case .amsgrad:
      MomentRatio(slots[0].values[index], slots[2].values[index], rule, count: count)
    case .sgd, .adagrad, .rmsprop: nil
    }
  }
}
