import Data
import Engine
import Foundation
import Layers

/// Lets a character model write: draws one character after another from its odds.
///
///     P(x) = softmax(z / τ)(x),   z the network's scores, τ the temperature
///
/// τ = 1 keeps the model's own odds, lower ones favour the likely, 0 takes the likeliest. With `topK`
/// only the k likeliest characters are drawn from (Fan et al. 2018, arXiv:1805.04833). The state
/// is carried from character to character. The same seed writes the same text.
public struct TextGenerator: IteratorProtocol, Sendable {
  private let network: Network
  private let vocabulary: Vocabulary
  private let temperature: Double
  private let topK: Int
  private var random: Random
  private var states: [String: [Tensor]] = [:]
  /// What the network has not read yet: the prime text, later the character drawn last.
  private var unread: [Int]

  /// Why there is no next character; nil while there is one.
  public private(set) var failure: InspectionError?

  /// A generator that goes on where `prime` ends; an empty one is read as a line break.
  ///
  /// Throws when the network is no model of such characters, when `prime` has a character that is
  /// not in `vocabulary`, or when the temperature is below 0 or not finite. `topK` 0 draws from all.
  public init(
    network: Network, vocabulary: Vocabulary, prime: String = "", temperature: Double = 1,
    topK: Int = 0, seed: UInt64
  ) throws(InspectionError) {
    guard temperature >= 0, temperature.isFinite else {
      throw InspectionError(
        "Sampling needs a temperature of 0 or more, got \(temperature). "
          + "Use 1 for the model's own odds.")
    }
    let (reads, puts) = (Signature.ids(below: vocabulary.count), network.output)
    guard network.input == reads, puts == .sequence(vocabulary.count) else {
      throw InspectionError(
        "Sampling needs a model that reads \(reads) and puts out "
          + "\(Signature.sequence(vocabulary.count)), got \(network.input) and \(puts). "
          + "Use a character model of this text.")
    }
    if let whole = network.elements.first(where: { $0.layer.needsWholeSequences }) {
      throw InspectionError(
        "Sampling needs layers that go on character by character, got '\(whole.name)', which reads "
          + "whole sequences. Use rnn, lstm or gru in one direction.")
    }
    do throws(DataError) {
      unread = try vocabulary.ids(of: prime)
    } catch {
      throw InspectionError(error.description)
    }
    if unread.isEmpty { unread = [vocabulary.id(of: "\n") ?? 0] }
    self.network = network
    self.vocabulary = vocabulary
    self.temperature = temperature
    self.topK = topK
    random = .stream(.sampling, seed: seed)
  }

  /// The next character; nil once the network's scores are not finite (see `failure`).
  public mutating func next() -> Unicode.Scalar? {
    guard failure == nil else { return nil }
    var pass = Pass()
    pass.states = states
    let scores = network(Tensor(unread.map(Float.init), [1, unread.count]), &pass)
    states = pass.states
    guard let chosen = draw(from: scores.scalars.suffix(vocabulary.count)) else {
      failure = InspectionError(
        "Sampling needs finite scores, got NaN or infinity. Use weights of an earlier step.")
      return nil
    }
    unread = [chosen]
    return vocabulary.characters[chosen]
  }

  /// A class by its odds; nil when the scores are not finite.
  private mutating func draw(from scores: ArraySlice<Float>) -> Int? {
    let values = scores.map(Double.init)
    guard let largest = values.max(), values.allSatisfy(\.isFinite) else { return nil }
    let likeliest = values.firstIndex(of: largest)
    if temperature == 0 { return likeliest }
    var weights = values.map { exp(($0 - largest) / temperature) }
    if 0 < topK, topK < values.count {
      let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
      for id in order[topK...] { weights[id] = 0 }
    }
    let uniform = Double(random.next() >> 11) * 0x1p-53
    var left = uniform * weights.reduce(0, +)
    for (id, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return id }
    }
    return likeliest  // rounding left a crumb over
  }
}
