import Engine
import Foundation
import Layers
import TestSupport
import Testing

/// What cells have in common where they should, and the bounds that they keep.
@Suite struct CellIdentityTests {
  private let x = drawn([3, 7, 5], seed: 1)
  private let start = [drawn([3, 6], seed: 2), drawn([3, 6], seed: 3)]

  private func layer(_ spec: any RecurrentSpec) throws -> any RecurrentLayer {
    var random = Random(seed: 4)
    return try #require(
      spec.makeLayer(for: .sequence(5), using: &random) as? any RecurrentLayer)
  }

  private func parameter(_ name: String, of layer: any Layer) throws -> Parameter {
    try #require(layer.parameters.first { $0.name == name })
  }

  @Test func withoutPeepholesThePeepholeLSTMIsTheLSTMBitForBit() throws {
    let peephole = try layer(PeepholeLSTM.Spec(hiddenSize: 6))
    let lstm = try layer(LSTM.Spec(hiddenSize: 6))
    for parameter in lstm.parameters {
      parameter.assign(try self.parameter(parameter.name, of: peephole).value)
    }
    for gate in ["ci", "cf", "co"] {
      try parameter("weight_\(gate)_l0", of: peephole).assign(.zeros([6]))
    }
    let found = peephole.stepByStep(x, from: start, probe: nil)
    let expected = lstm.stepByStep(x, from: start, probe: nil)
    for (a, b) in zip(found.state + found.signals, expected.state + expected.signals) {
      expectSameBits(a, b)
    }
  }

  /// On images of one pixel a kernel of one tap is a matrix.
  @Test(arguments: ["channel", "place"])
  func onOnePixelTheConvolutionalLSTMIsThePeepholeLSTM(peepholes: String) throws {
    var spec = ConvLSTM.Spec(hiddenChannels: 6, kernelSize: 1)
    try spec.set("peepholes", text: peepholes)
    var random = Random(seed: 4)
    let made = spec.makeLayer(for: .images(5, 1, 1), using: &random)
    let convolutional = try #require(made as? any RecurrentLayer)
    let peephole = try layer(PeepholeLSTM.Spec(hiddenSize: 6))
    try parameter("bias_hh_l0", of: peephole).assign(.zeros([24]))
    for parameter in convolutional.parameters {
      let name = parameter.name == "bias_l0" ? "bias_ih_l0" : parameter.name
      parameter.assign(
        try self.parameter(name, of: peephole).value.reshaped(parameter.value.shape))
    }
    let found = convolutional.sequence(x, from: start, probe: nil)
    let expected = peephole.stepByStep(x, from: start, probe: nil)
    for (a, b) in zip(found.state + found.signals, expected.state + expected.signals) {
      expectClose(a, b, within: 1e-6)
    }
  }

  /// So many inputs that W x + b is one product over all steps: the steps see nothing of that.
  @Test(arguments: ["rnn", "lstm", "gru"])
  func aVeryWideInputChangesNothing(kind: String) throws {
    var spec = try LayerRegistry.spec(of: kind)
    try spec.set("hidden_size", text: "4")
    var random = Random(seed: 4)
    let made = spec.makeLayer(for: .sequence(1500), using: &random)
    let layer = try #require(made as? any RecurrentLayer)
    let start = layer.stateNames.indices.map { drawn([3, 4], seed: 6 + UInt64($0)) }
    let wide = drawn([3, 7, 1500], seed: 5)
    let runs = [true, false].map { isFused -> [Tensor?] in
      let tape = Tape()
      let inputs = ([wide] + start).map(tape.variable)
      let (x, state) = (inputs[0], Array(inputs.dropFirst()))
      let result =
        isFused
        ? layer.sequence(x, from: state, probe: nil) : layer.stepByStep(x, from: state, probe: nil)
      let gradients = tape.gradients(of: weightedLoss([result.output] + result.state))
      return [result.output] + result.state + result.signals + inputs.map { gradients[$0] }
        + layer.parameters.map { gradients[$0] }
    }
    for (fused, steps) in zip(runs[0], runs[1]) { expectClose(fused, steps, within: 2e-5) }
    let alone = layer.sequence(wide.steps(0..<1), from: start, probe: nil)
    let whole = layer.sequence(wide, from: start, probe: nil)
    expectSameBits(alone.output, whole.output.steps(0..<1))
  }

  /// With r ≡ 1 it does not matter on which side of the product the reset gate stands.
  @Test func withTheResetGateOpenBothFormsOfTheGRUAgree() throws {
    let after = try layer(GRU.Spec(hiddenSize: 6))
    let before = try layer(GRU.Spec(hiddenSize: 6, resetAfter: false))
    for (a, b) in zip(after.parameters, before.parameters) {
      #expect(a.name == b.name)
      if a.name == "bias_ih_l0" {
        a.assign(Tensor(a.value.scalars.enumerated().map { $0 < 6 ? 40 : $1 }, a.value.shape))
      }
      b.assign(a.value)
    }
    let start = [start[0]]
    let closed = before.sequence(x, from: start, probe: nil)
    expectClose(closed.output, after.sequence(x, from: start, probe: nil).output, within: 1e-6)
    #expect(closed.signals[0].scalars.allSatisfy { $0 == 1 })
  }

  /// Chrono and forget biases aside, an IRNN's state without input stays what it is.
  @Test func anIRNNKeepsAStateThatIsNotNegativeExactly() throws {
    let irnn = try layer(IRNN.Spec(hiddenSize: 6))
    #expect(try parameter("weight_ih_l0", of: irnn).value.sumOfSquares < 30 * 0.002 * 0.002)
    let state = drawn([3, 6], seed: 5, in: 0...1)
    let found = irnn.sequence(.zeros([3, 7, 5]), from: [state], probe: nil)
    expectSameBits(found.state[0], state)
  }

  @Test func aJordanNetworkReturnsToItsOutputNotToItsHiddenUnits() throws {
    let jordan = try layer(Jordan.Spec(hiddenSize: 4, outputSize: 6))
    #expect(jordan.initialState(batch: 3).map(\.shape) == [[3, 6]])
    let whole = jordan.sequence(x, from: [start[0]], probe: nil)
    let first = jordan.sequence(x.steps(0..<3), from: [start[0]], probe: nil)
    let second = jordan.sequence(
      x.steps(3..<7), from: [first.output.steps(2..<3).reshaped([3, 6])], probe: nil)
    expectSameBits(second.output, whole.output.steps(3..<7))
  }

  /// ∂h_T/∂h_t = u^(T−t) where units are active.
  @Test func theGradientOfAnActiveIndRNNUnitIsAPowerOfItsWeight() throws {
    let indrnn = try layer(IndRNN.Spec(hiddenSize: 6))
    let u = try parameter("weight_hh_l0", of: indrnn)
    u.assign(Tensor([0.5, 0.9, 1, 1.01, 0.1, 0.75], [6]))
    try parameter("bias_ih_l0", of: indrnn).assign(.filled(with: 10, [6]))
    let tape = Tape()
    let state = tape.variable(.filled(with: 1, [3, 6]))
    let last = indrnn.sequence(tape.constant(x), from: [state], probe: nil).state[0]
    let gradient = try #require(tape.gradients(of: last.sum())[state])
    let expected = u.value.scalars.map { Float(pow(Double($0), 7)) }
    expectClose(gradient, Tensor(expected + expected + expected, [3, 6]), within: 1e-6)
  }

  @Test func theRecurrentWeightsOfAnIndRNNStartAndStayInsideTheirBound() throws {
    var spec = IndRNN.Spec(hiddenSize: 64, timeSteps: 50)
    spec.magnitude = 3
    let bound = Float(pow(3, 1.0 / 50))
    let plain = try parameter("weight_hh_l0", of: try layer(spec)).value.scalars
    #expect(plain.allSatisfy { (0...bound).contains($0) } && (plain.min() ?? 1) < 0.5)
    spec.keepsLongMemory = true
    spec.options.bidirectional = .concat
    var random = Random(seed: 4)
    let both = spec.makeLayer(for: .sequence(5), using: &random)
    for name in ["weight_hh_l0", "weight_hh_l0_reverse"] {
      let u = try parameter(name, of: both)
      #expect(u.value.scalars.allSatisfy { (1 / bound...bound).contains($0) })
      u.assign(Tensor((0..<64).map { Float($0) - 32 }, [64]))
    }
    both.projectParameters()
    for name in ["weight_hh_l0", "weight_hh_l0_reverse"] {
      let u = try parameter(name, of: both).value.scalars
      #expect(u[0] == -bound && u[32] == 0 && u[33] == 1 && u[34] == bound)
    }
  }

  /// LN takes the scale of both products away, so scaled weights give the same gates.
  @Test func scalingTheWeightsOfALayerNormLSTMChangesNothing() throws {
    let lstm = try layer(LayerNormLSTM.Spec(hiddenSize: 6))
    let before = lstm.sequence(x, from: start, probe: nil).output
    for name in ["weight_ih_l0", "weight_hh_l0"] {
      let weight = try parameter(name, of: lstm)
      weight.assign(weight.value * 8)
    }
    // Not to the last digit: ε is not scaled.
    expectClose(lstm.sequence(x, from: start, probe: nil).output, before, within: 1e-3)
  }
}
