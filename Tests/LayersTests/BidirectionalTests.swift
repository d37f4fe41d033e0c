import Engine
import Layers
import TestSupport
import Testing

@Suite struct BidirectionalTests {
  private let x = drawn([3, 7, 5], seed: 1)

  private func network(_ merge: RecurrentOptions.Bidirectional) throws -> Network {
    var spec = GRU.Spec(hiddenSize: 4)
    spec.options.bidirectional = merge
    return try Network(ModelSpec([spec]), input: .sequence(5), seed: 2)
  }

  @Test func aPaddedSequenceReadsLikeTheSequenceAlone() throws {
    let network = try network(.concat)
    let lengths = [4, 7, 1]
    var pass = Pass()
    pass.lengths = lengths
    let padded = network(x, &pass)
    for (row, length) in lengths.enumerated() {
      var alone = Pass()
      let single = network(x.gathering(rows: [row]).steps(0..<length), &alone)
      expectSameBits(padded.gathering(rows: [row]).steps(0..<length), single)
    }
  }

  @Test func theSumIsTheSumOfTheHalvesOfTheConcatenation() throws {
    var pass = Pass()
    let halves = try network(.concat)(x, &pass).split(2)
    expectSameBits(try network(.sum)(x, &pass), halves[0] + halves[1])
  }

  @Test func signalsOfTheSecondCellAreShownInTheOrderOfTime() throws {
    var pass = Pass()
    pass.recordsSignals = true
    pass.lengths = [4, 7, 1]
    let output = try network(.concat)(x, &pass)
    #expect(
      pass.recorded.map(\.fullName) == [
        "gru.r", "gru.z", "gru.n", "gru.h", "gru.r_reverse", "gru.z_reverse", "gru.n_reverse",
        "gru.h_reverse",
      ])
    expectSameBits(pass.recorded[3].values, output.split(2)[0])
    expectSameBits(pass.recorded[7].values, output.split(2)[1])
    #expect(pass.recorded[7].signal.meaning == "hidden state, read backwards")
  }

  @Test func noStateIsCarried() throws {
    let network = try network(.concat)
    var pass = Pass()
    let first = network(x, &pass)
    #expect(pass.states.isEmpty)
    expectSameBits(network(x, &pass), first)
  }

  /// A loss at the middle step reaches the first cell's past and the second cell's future only.
  @Test func theProbesShowEachDirectionsGradientInTheOrderOfTime() throws {
    let network = try network(.concat)
    let tape = Tape()
    var pass = Pass()
    pass.probesGradients = true
    pass.lengths = [6, 6, 6]
    let output = network(tape.constant(x), &pass)
    _ = tape.gradients(of: output.step(2).sum())
    #expect(pass.probes.map(\.layer) == ["gru", "gru_reverse"])
    let reached = pass.probes.map { probe in
      (0..<7).map { (probe.probe.squares?[0, $0] ?? 0) > 0 }
    }
    #expect(reached[0] == [true, true, true, false, false, false, false])
    #expect(reached[1] == [false, false, true, true, true, true, false])
  }
}
