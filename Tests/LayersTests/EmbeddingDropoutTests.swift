import Engine
import Layers
import TestSupport
import Testing

@Suite struct EmbeddingDropoutTests {
  private let ids = drawnIDs([6, 40], below: 7, seed: 3)

  private func network(_ settings: [(String, String)]) throws -> Network {
    var spec = Embedding.Spec(embeddingDim: 4)
    for (name, value) in settings { try spec.set(name, text: value) }
    return try Network(ModelSpec([spec]), input: .ids(below: 7), seed: 2)
  }

  private func makePass(step: Int = 5, training: Bool = true) -> Pass {
    var pass = Pass()
    (pass.isTraining, pass.seed, pass.step) = (training, 11, step)
    return pass
  }

  /// The factor that every place's vector has, which is the same for all its numbers.
  private func factors(_ network: Network, _ output: Tensor) -> [Float] {
    let table = network.parameters[0].parameter.value
    return ids.scalars.enumerated().map { place, id in
      let factors = (0..<4).map { output.scalars[place * 4 + $0] / table[Int(id), $0] }
      #expect(factors.allSatisfy { abs($0 - factors[0]) < 1e-5 })
      return factors[0]
    }
  }

  @Test func anIDIsDroppedWhereverItStandsInASequence() throws {
    let network = try network([("dropout", "0.4")])
    var pass = makePass()
    let found = factors(network, network(ids, &pass))
    var dropped: Set<Int> = []
    var known: [Int: Float] = [:]
    for (place, id) in ids.scalars.enumerated() {
      let key = place / 40 * 7 + Int(id)
      #expect(abs(found[place]) < 1e-6 || abs(found[place] - 1 / 0.6) < 1e-5)
      #expect(abs(known[key] ?? found[place] - found[place]) < 2)
      if let other = known[key] { #expect(abs(other - found[place]) < 1e-5) }
      known[key] = found[place]
      if abs(found[place]) < 1e-6 { dropped.insert(key) }
    }
    #expect((8...26).contains(dropped.count), "of 42, expected 17 ± 3.2")
    let perSequence = Set((0..<6).map { b in Set(dropped.filter { $0 / 7 == b }.map { $0 % 7 }) })
    #expect(perSequence.count > 1, "sequences have masks of their own")
  }

  @Test func wordsAreDroppedStepByStepAndNotScaled() throws {
    let network = try network([("word_dropout", "0.25")])
    var pass = makePass()
    pass.recordsMasks = true
    let found = factors(network, network(ids, &pass))
    #expect(found.allSatisfy { abs($0) < 1e-6 || abs($0 - 1) < 1e-5 })
    #expect((40...80).contains(found.count { $0 < 0.5 }), "of 240, expected 60 ± 6.7")
    let mask = try #require(pass.recorded.first { $0.signal.name == "m_word" }).values
    #expect(mask.shape == [6, 40, 1] && mask.scalars == found.map { $0.rounded() })
  }

  @Test func bothTogetherAreTheirProductAndEvaluationDropsNothing() throws {
    let settings = [("dropout", "0.4"), ("word_dropout", "0.25")]
    func found(_ settings: [(String, String)], training: Bool = true) throws -> [Float] {
      let network = try network(settings)
      var pass = makePass(training: training)
      return factors(network, network(ids, &pass))
    }
    let (one, other) = (try found([settings[0]]), try found([settings[1]]))
    for (both, product) in zip(try found(settings), zip(one, other).map { $0 * $1 }) {
      #expect(abs(both - product) < 1e-5)
    }
    #expect(try found(settings, training: false).allSatisfy { $0 == 1 })
  }

  @Test func masksFollowTheStepAndReplayAndARowThatIsDroppedLearnsNothing() throws {
    let network = try network([("dropout", "0.5"), ("word_dropout", "0.3")])
    func run(_ step: Int) -> [Float] {
      var pass = makePass(step: step)
      return network(ids, &pass).scalars
    }
    #expect(run(1) == run(1) && run(1) != run(2))
    let tape = Tape()
    var pass = makePass()
    let output = network(tape.constant(ids), &pass)
    let gradient = try #require(tape.gradients(of: output.sum())[network.parameters[0].parameter])
    var expected = [Float](repeating: 0, count: 7)
    for (id, factor) in zip(ids.scalars, factors(network, output.detached)) {
      expected[Int(id)] += factor
    }
    for id in 0..<7 { #expect(abs(gradient[id, 0] - expected[id]) < 1e-3) }
  }

  /// A window read in pieces by one training step drops what it drops when read whole.
  @Test func piecesOfAWindowDropWhatTheWholeDrops() throws {
    let network = try network([("dropout", "0.5"), ("word_dropout", "0.3")])
    var whole = makePass()
    let output = network(ids, &whole)
    for first in stride(from: 0, to: 40, by: 10) {
      var piece = makePass()
      piece.part = (first, 40)
      expectSameBits(
        network(ids.steps(first..<first + 10), &piece), output.steps(first..<first + 10))
    }
  }
}
