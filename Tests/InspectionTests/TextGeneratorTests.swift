import Data
import Engine
import Foundation
import Layers
import Testing

@testable import Inspection

private let vocabulary = Vocabulary("abcd\n".unicodeScalars)

/// A small character model with random weights, made larger so that its odds are not all alike.
private func model(seed: UInt64 = 3) throws -> Network {
  let network = try Network(
    ModelSpec([
      Embedding.Spec(embeddingDim: 4), LSTM.Spec(hiddenSize: 6), Linear.Spec(outFeatures: 5),
    ]), input: .ids(below: 5), seed: seed)
  for (_, parameter) in network.parameters { parameter.assign(parameter.value * 3) }
  return network
}

/// A model whose odds are always softmax(`scores`).
private func constant(_ scores: [Float]) throws -> Network {
  let network = try Network(
    ModelSpec([Embedding.Spec(embeddingDim: 1), Linear.Spec(outFeatures: 5)]),
    input: .ids(below: 5), seed: 1)
  network.parameters[1].parameter.assign(.zeros([5, 1]))
  network.parameters[2].parameter.assign(Tensor(scores, [5]))
  return network
}

private func write(
  _ count: Int, _ network: Network, prime: String = "ab", temperature: Double = 1, seed: UInt64 = 1
) throws -> String {
  var generator = try TextGenerator(
    network: network, vocabulary: vocabulary, prime: prime,
    rule: SamplingRule(temperature: temperature), seed: seed)
  var text = String.UnicodeScalarView()
  for _ in 0..<count { if let next = generator.next() { text.append(next) } }
  return String(text)
}

struct TextGeneratorTests {
  @Test func temperatureZeroTakesTheLikeliestEachTime() throws {
    let network = try model()
    let text = try write(30, network, temperature: 0)
    #expect(text.unicodeScalars.count == 30)
    // Reading the whole text at once, the model predicts each of its characters.
    let ids = try vocabulary.ids(of: "ab" + text)
    var pass = Pass()
    let scores = network(Tensor(ids.map(Float.init), [1, ids.count]), &pass).scalars
    for (place, id) in ids.enumerated().dropFirst(2) {
      let row = scores[(place - 1) * 5..<place * 5]
      #expect(Outcome(scores: row, target: id).isRight == true)
    }
  }

  @Test func aTemperatureNearZeroAgreesWithZero() throws {
    let network = try model()
    #expect(
      try write(40, network, temperature: 1e-9, seed: 7) == write(40, network, temperature: 0))
    #expect(
      try write(40, network, temperature: .leastNonzeroMagnitude, seed: 7)
        == write(40, network, temperature: 0))
  }

  @Test func topKDrawsFromTheLikeliestOnly() throws {
    let network = try constant([1, 0.9, 0.8, 0.7, 0.9])
    func letters(_ topK: Int) throws -> Set<Unicode.Scalar> {
      var generator = try TextGenerator(
        network: network, vocabulary: vocabulary, rule: SamplingRule(topK: topK), seed: 1)
      return Set((0..<200).compactMap { _ in generator.next() })
    }
    #expect(try letters(1) == ["\n"])
    // Of equals the first.
    #expect(try letters(2) == ["\n", "a"])
    #expect(try letters(0).count == 5 && letters(9).count == 5)
  }

  @Test func theSameSeedWritesTheSameText() throws {
    let network = try model()
    #expect(try write(50, network, seed: 5) == write(50, network, seed: 5))
    #expect(try write(50, network, seed: 5) != write(50, network, seed: 6))
  }

  @Test func charactersComeAsOftenAsTheirOdds() throws {
    // Odds 1 : 2 : 4 : 8 : 1 of the characters \n, a, b, c, d.
    let scores = [1.0, 2, 4, 8, 1].map { Float(log($0)) }
    let text = try write(4000, constant(scores))
    for (character, odds) in zip(["\n", "a", "b", "c", "d"], [1.0, 2, 4, 8, 1]) {
      let p = odds / 16
      let found = Double(text.unicodeScalars.count { String($0) == character })
      #expect(abs(found - 4000 * p) < 4 * (4000 * p * (1 - p)).squareRoot())
    }
  }

  @Test func temperatureFlattensAndSharpensTheOdds() throws {
    let network = try constant([0, 0, 0, 2, 0])
    func share(_ temperature: Double) throws -> Double {
      let text = try write(1000, network, temperature: temperature)
      return Double(text.unicodeScalars.count { $0 == "c" }) / 1000
    }
    let (cold, plain, hot) = (try share(0.5), try share(1), try share(100))
    #expect(cold > 0.9)  // e⁴ / (e⁴ + 4) = 0.93
    #expect(0.6...0.7 ~= plain)  // e² / (e² + 4) = 0.65
    #expect(0.15...0.25 ~= hot)  // 1/5
  }

  @Test func anEmptyPrimeIsALineBreak() throws {
    let network = try model()
    #expect(try write(20, network, prime: "") == write(20, network, prime: "\n"))
  }

  @Test func aPrimeOutsideTheVocabularyIsRefused() throws {
    let network = try model()
    #expect(
      message { _ = try write(1, network, prime: "abx") }
        == "The model reads the 5 characters of its text, got 'x' at column 3. Leave that "
        + "character out.")
  }

  @Test(arguments: [-1, .nan, .infinity] as [Double])
  func aTemperatureThatMakesNoSenseIsRefused(temperature: Double) throws {
    let network = try model()
    #expect(
      message { _ = try write(1, network, temperature: temperature) }
        == "Sampling needs a temperature of 0 or more, got \(temperature). "
        + "Use 1 for the model's own odds.")
  }

  @Test func aModelOfSomethingElseIsRefused() throws {
    let network = try Network(
      ModelSpec([LSTM.Spec(hiddenSize: 2), Linear.Spec(outFeatures: 5)]), input: .sequence(2),
      seed: 1)
    #expect(
      message { _ = try write(1, network) }
        == "Sampling needs a model that reads [B, T] ids < 5 and puts out [B, T, 5], "
        + "got [B, T, 2] and [B, T, 5]. Use a character model of this text.")
  }

  @Test func aModelThatReadsWholeSequencesIsRefused() throws {
    var both = LSTM.Spec(hiddenSize: 2)
    both.options.bidirectional = .concat
    for layer in [both, BNLSTM.Spec(hiddenSize: 2, maxLength: 4)] as [any LayerSpec] {
      let model = ModelSpec([
        LayerEntry(name: "embedding", spec: Embedding.Spec(embeddingDim: 3)),
        LayerEntry(name: "reader", spec: layer),
        LayerEntry(name: "linear", spec: Linear.Spec(outFeatures: 5)),
      ])
      let network = try Network(model, input: .ids(below: 5), seed: 1)
      #expect(
        message { _ = try write(1, network) }
          == "Sampling needs layers that go on character by character, got 'reader', which reads "
          + "whole sequences. Use rnn, lstm or gru in one direction.")
    }
  }

  @Test func scoresThatAreNotFiniteEndTheText() throws {
    var generator = try TextGenerator(
      network: constant([0, .nan, 0, 0, 0]), vocabulary: vocabulary, seed: 1)
    #expect(generator.next() == nil)
    #expect(
      generator.failure?.description
        == "Sampling needs finite scores, got NaN or infinity. Use weights of an earlier step.")
    #expect(generator.next() == nil)
  }
}
