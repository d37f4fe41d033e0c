import Foundation

/// What a network made of one time step, or of a whole sequence: odds, and how they turned out.
public struct Outcome: Sendable, Equatable {
  /// The probability of every class; empty when the network's scores were not finite.
  public let probabilities: [Float]
  /// The likeliest class, the first of equals; nil when the scores were not finite.
  public let predicted: Int?
  /// The class that was to be predicted; nil where nothing was.
  public let target: Int?
  /// −ln of the target's probability, in nats; nil without a target or when it is not finite.
  public let loss: Double?

  /// The loss in bits.
  public var bits: Double? { loss.map { $0 / log(2) } }

  /// Whether the likeliest class is the target; nil when one of them is not known.
  public var isRight: Bool? {
    guard let predicted, let target else { return nil }
    return predicted == target
  }

  /// The outcome of a network's `scores`, one a class, before the softmax.
  init(scores: ArraySlice<Float>, target: Int?) {
    self.target = target
    // A class may be impossible (−∞); a softmax of anything else that is not finite is none.
    let isUsable = scores.allSatisfy { $0.isFinite || $0 == -.infinity }
    guard isUsable, let largest = scores.max(), largest.isFinite else {
      (probabilities, predicted, loss) = ([], nil, nil)
      return
    }
    let shifted = scores.map { Double($0) - Double(largest) }
    let sum = shifted.reduce(0) { $0 + exp($1) }
    probabilities = shifted.map { Float(exp($0) / sum) }
    predicted = shifted.firstIndex(of: 0)
    let surprise = target.map { log(sum) - shifted[$0] }
    loss = surprise.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The `count` likeliest classes, likeliest first, equals by number.
  public func alternatives(_ count: Int) -> [(label: Int, probability: Float)] {
    probabilities.enumerated()
      .sorted { $0.element == $1.element ? $0.offset < $1.offset : $0.element > $1.element }
      .prefix(max(0, count))
      .map { (label: $0.offset, probability: $0.element) }
  }
}

/// A class that a network thought of.
public struct Alternative: Sendable, Equatable {
  /// The name of the class.
  public let label: String
  /// Its probability, 0 to 1.
  public let probability: Float
  /// Whether it is the target.
  public let isTarget: Bool
}
