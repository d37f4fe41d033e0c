import Foundation

/// How one of several classes is drawn by a network's scores z.
///
///     P(x) = softmax(z / τ)(x)                  τ the temperature
///     top-k     only the k likeliest classes are left
///     nucleus   of what is left, only the fewest likeliest classes that have a share of p together
///
/// τ = 1 keeps the model's own odds, lower ones favour the likely, 0 takes the likeliest. What is left
/// shares the whole in the same proportions. Of equals the first is the likelier.
///
/// Sources: Fan et al. 2018, arXiv:1805.04833; Holtzman et al. 2020, arXiv:1904.09751.
public struct SamplingRule: Sendable, Equatable {
  /// τ of the odds, 0 or more.
  public var temperature: Double
  /// The number of likeliest classes that are drawn from; 0: all.
  public var topK: Int
  /// The share of the odds that the classes have which are drawn from, above 0 and at most 1.
  public var topP: Double

  /// The model's own odds, unless something is said.
  public init(temperature: Double = 1, topK: Int = 0, topP: Double = 1) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }

  /// Why nothing can be drawn like this, in the user's words; nil when it can.
  public var problem: String? {
    if temperature < 0 || !temperature.isFinite {
      return "Sampling needs a temperature of 0 or more, got \(temperature). "
        + "Use 1 for the model's own odds."
    }
    if topK < 0 {
      return "Sampling needs a top-k of 0 or more, got \(topK). Use 0 to draw from all."
    }
    if !(topP > 0 && topP <= 1) {
      return "Sampling needs a top-p above 0 and at most 1, got \(topP). Use 1 to draw from all."
    }
    return nil
  }

  /// The probability of drawing each class; nil when a score is not finite.
  public func odds(of scores: some Collection<Float>) -> [Double]? {
    let values = scores.map(Double.init)
    guard let largest = values.max(), values.allSatisfy(\.isFinite) else { return nil }
    guard temperature > 0 else {
      let likeliest = values.firstIndex(of: largest)
      return values.indices.map { $0 == likeliest ? 1 : 0 }
    }
    var weights = values.map { exp(($0 - largest) / temperature) }
    let order = values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    if 0 < topK, topK < order.count { for id in order[topK...] { weights[id] = 0 } }
    let all = weights.reduce(0, +)
    if topP < 1 {
      var held = 0.0
      for id in order {
        if held >= topP * all { weights[id] = 0 }
        held += weights[id]
      }
    }
    let left = weights.reduce(0, +)
    return weights.map { $0 / left }
  }
}
