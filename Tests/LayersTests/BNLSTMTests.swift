import Engine
import Layers
import TestSupport
import Testing

/// Against an LSTM over PyTorch's batch_norm (see make_cells.py), and what its statistics keep.
@Suite struct BNLSTMTests {
  private let x = drawn([4, 6, 5], seed: 1)

  private func layer(maxLength: Int) -> BNLSTM {
    var random = Random(seed: 2)
    return BNLSTM(.init(hiddenSize: 4, maxLength: maxLength), inputSize: 5, using: &random)
  }

  private func buffers(_ layer: BNLSTM) -> [[Float]] { layer.buffers.map { $0.value.scalars } }

  @Test func itComputesWhatPyTorchDoesAndMovesTheSameStatistics() throws {
    let fixture = try Fixture("layers/bn_lstm")
    let layer = layer(maxLength: 7)
    try fixture.assign(to: layer.parameters)
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    pass.isTraining = true
    let output = layer(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    // Ten times the bound of other cells: normalising magnifies the rounding of what lies close.
    expectClose(output, try fixture("output"), within: 2e-5)
    expectClose(gradients[x], try fixture("grad.x"), within: 2e-5)
    for parameter in layer.parameters {
      expectClose(
        gradients[parameter], try fixture("grad." + parameter.name), within: 2e-5, parameter.name)
    }
    pass.keepStatistics()
    for buffer in layer.buffers {
      expectClose(buffer.value, try fixture(buffer.name), within: 2e-6, buffer.name)
    }
    var evaluation = Pass()
    expectClose(layer(x.detached, &evaluation), try fixture("evaluated"), within: 2e-6)
    #expect(evaluation.statistics.isEmpty)
  }

  @Test func paddingLeavesTheStatisticsAsTheyAre() {
    let padded = layer(maxLength: 6)
    var pass = Pass()
    pass.isTraining = true
    pass.lengths = [3, 3, 1, 2]
    let before = buffers(padded)
    _ = padded(x, &pass)
    #expect(buffers(padded) == before)  // until the step is accepted
    pass.keepStatistics()
    let after = buffers(padded)
    #expect(zip(after, before).allSatisfy { $0.suffix($0.count / 2) == $1.suffix($1.count / 2) })
    #expect(zip(after, before).contains { $0 != $1 })

    // Other numbers in the padding move the statistics to the same bits.
    let other = layer(maxLength: 6)
    var numbers = x.scalars
    for (row, length) in [3, 3, 1, 2].enumerated() {
      for index in (row * 6 + length) * 5..<(row + 1) * 30 { numbers[index] = 1000 }
    }
    pass.lengths = [3, 3, 1, 2]
    var again = Pass()
    (again.isTraining, again.lengths) = (true, pass.lengths)
    _ = other(Tensor(numbers, x.shape), &again)
    again.keepStatistics()
    #expect(buffers(other) == after)
  }

  @Test func stepsBeyondTheLastWithStatisticsUseItsInEvaluation() throws {
    let short = layer(maxLength: 2)
    let long = layer(maxLength: 6)
    for (index, buffer) in short.buffers.enumerated() {
      let moved = drawn(buffer.value.shape, seed: 9, in: 0.5...1)
      buffer.assign(moved)
      let repeated = [0, 1, 1, 1, 1, 1].flatMap { moved.rows($0..<$0 + 1).scalars }
      long.buffers[index].assign(Tensor(repeated, long.buffers[index].value.shape))
    }
    var (first, second) = (Pass(), Pass())
    expectSameBits(short(x, &first), long(x, &second))
    #expect(first.states.isEmpty)
  }

  /// A second cell reads from the last valid step of each sequence, with statistics of its own.
  @Test func bothDirectionsAreTwoCells() throws {
    var spec = BNLSTM.Spec(hiddenSize: 4, maxLength: 5)
    spec.options.bidirectional = .concat
    var random = Random(seed: 2)
    let both = try #require(spec.makeLayer(for: .sequence(5), using: &random) as? Bidirectional)
    #expect(both.buffers.count == 12 && Set(both.buffers.map(\.name)).count == 12)
    let lengths = [6, 3, 4, 1]
    func training() -> Pass {
      var pass = Pass()
      (pass.isTraining, pass.lengths) = (true, lengths)
      return pass
    }
    func gradients(_ run: (Tensor, inout Pass) -> Tensor) throws -> [[Float]] {
      let tape = Tape()
      let input = tape.variable(x)
      var pass = training()
      let found = tape.gradients(of: weightedLoss([run(input, &pass)]))
      return try [#require(found[input])].map(\.scalars)
        + both.parameters.map { try #require(found[$0]).scalars }
    }
    var (whole, there, back) = (training(), training(), training())
    let halves = both(x, &whole).split(2)
    expectSameBits(halves[0], both.forward(x, &there))
    let reversed = both.backward(x.reversedInTime(lengths: lengths), &back)
    expectSameBits(halves[1], reversed.reversedInTime(lengths: lengths))
    #expect(
      try gradients { both($0, &$1) }
        == gradients { x, pass in
          var (there, back) = (pass, pass)
          let reversed = both.backward(x.reversedInTime(lengths: lengths), &back)
          return .concatenated([both.forward(x, &there), reversed.reversedInTime(lengths: lengths)])
        })
    let found = whole.statistics.map(\.value.scalars)
    #expect(found == (there.statistics + back.statistics).map(\.value.scalars) && found.count == 12)
    #expect(found[0] != both.forward.buffers[0].value.scalars)
  }

  @Test func zoneoutOfEverythingKeepsTheStateOfZeros() throws {
    var spec = BNLSTM.Spec(hiddenSize: 4, maxLength: 5)
    (spec.options.zoneout, spec.options.zoneoutCell) = (1, 1)
    var random = Random(seed: 2)
    let layer = spec.makeLayer(for: .sequence(5), using: &random)
    for isTraining in [false, true] {
      var pass = Pass()
      pass.isTraining = isTraining
      #expect(layer(x, &pass).scalars.allSatisfy { $0 == 0 })
    }
  }
}
