import Foundation

/// What a target's metric says about predictions that were made without a network.
///
/// Only rows that count are given; numbers are as networks see them, the result is in the unit
/// that people read.
struct Yardstick: Sendable {
  /// What is predicted, and the metric.
  let target: Target

  /// The metric of class numbers; nil when it needs more than the class.
  func score(_ predicted: [Int], _ truth: [Int]) -> Double? {
    switch target.metric {
    case .accuracy:
      Double(zip(predicted, truth).count { $0 == $1 }) / Double(max(1, truth.count))
    case .macroF1: Self.macroF1(predicted, truth)
    default: nil
    }
  }

  /// The metric of always giving class c the probability `shares[c]`; nil when there is none.
  func score(ofShares shares: [Double], _ truth: [Int]) -> Double? {
    let bits = truth.reduce(0.0) { $0 - log2(max(shares[$1], 1e-12)) } / Double(max(1, truth.count))
    let first = shares.firstIndex(of: shares.max() ?? 0) ?? 0
    switch target.metric {
    case .bitsPerCharacter: return bits
    case .perplexity: return exp2(bits)
    case .top5Accuracy:
      let order = shares.indices.sorted { (shares[$0], $1) > (shares[$1], $0) }.prefix(5)
      return Double(truth.count { order.contains($0) }) / Double(max(1, truth.count))
    case .areaUnderROC: return 0.5
    case .areaUnderPR: return Double(truth.count { $0 == 1 }) / Double(max(1, truth.count))
    default: return score(Array(repeating: first, count: truth.count), truth)
    }
  }

  /// The metric of rows of K numbers.
  func score(_ predicted: [[Double]], _ truth: [[Double]]) -> Double? {
    guard case .values(let quantities) = target.kind else { return nil }
    // As people read them: each quantity by itself, then the mean.
    let errors = quantities.enumerated().map { place, quantity in
      zip(predicted, truth).map { ($0[place] - $1[place]) * quantity.deviation }
    }
    func mean(_ measure: ([Double]) -> Double) -> Double {
      errors.reduce(0) { $0 + measure($1) } / Double(max(1, errors.count))
    }
    let count = Double(max(1, truth.count))
    func meanSquare(_ errors: [Double]) -> Double { errors.reduce(0) { $0 + $1 * $1 } / count }
    switch target.metric {
    case .meanSquaredError: return mean(meanSquare)
    case .rootMeanSquareError: return mean { meanSquare($0).squareRoot() }
    case .meanAbsoluteError: return mean { $0.reduce(0) { $0 + abs($1) } / count }
    default: return nil
    }
  }

  private static func macroF1(_ predicted: [Int], _ truth: [Int]) -> Double {
    let classes = Set(predicted).union(truth)
    let scores = classes.sorted().map { label in
      let hits = zip(predicted, truth).count { $0 == label && $1 == label }
      let named = predicted.count { $0 == label } + truth.count { $0 == label }
      return 2 * Double(hits) / Double(named)
    }
    return scores.reduce(0, +) / Double(max(1, scores.count))
  }
}
