import Data
import Engine
import Layers

/// Lets a character model write: draws one character after another as a `SamplingRule` says. The state
/// is carried from character to character. The same seed writes the same text.
public struct TextGenerator: IteratorProtocol, Sendable {
  private let network: Network
  private let vocabulary: Vocabulary
  private let rule: SamplingRule
  private var random: Random
  private var states: [String: [Tensor]] = [:]
  /// What the network has not read yet: the prime text, later the character drawn last.
  private var unread: [Int]

  /// Why there is no next character; nil while there is one.
  public private(set) var failure: InspectionError?

  /// A generator that goes on where `prime` ends; an empty one is read as a line break.
  ///
  /// Throws when the network is no model of such characters, when `prime` has a character that is
  /// not in `vocabulary`, or when nothing can be drawn as `rule` says.
  public init(
    network: Network, vocabulary: Vocabulary, prime: String = "",
    rule: SamplingRule = SamplingRule(), seed: UInt64
  ) throws(InspectionError) {
    if let problem = rule.problem { throw InspectionError(problem) }
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
    self.rule = rule
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
    guard let odds = rule.odds(of: scores) else { return nil }
    var left = Double(random.next() >> 11) * 0x1p-53
    for (id, share) in odds.enumerated() {
      left -= share
      if left < 0 { return id }
    }
    return odds.firstIndex(of: odds.max() ?? 0)  // rounding left a crumb over
  }
}
