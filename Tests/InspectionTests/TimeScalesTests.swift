import Data
import Engine
import Foundation
import Layers
import Testing

@testable import Inspection

@Suite struct TimeScalesTests {
  /// The time scales of `network` while it reads `x` `[1, T, D]`.
  private func scales(
    _ layers: [any LayerSpec], reading x: Tensor, change: (Network) -> Void = { _ in }
  ) throws -> [TimeScales] {
    let network = try Network(
      ModelSpec(layers + [Linear.Spec(outFeatures: 2)]),
      input: Signature(isSequence: true, features: Array(x.shape.dimensions.dropFirst(2))), seed: 5)
    change(network)
    let length = x.shape[1]
    let steps = network.output.isSequence ? length : 1
    return try SequenceRecording(
      network: network,
      example: Example(
        title: "", batch: Batch(input: x, targets: Array(repeating: 0, count: steps)),
        steps: Array(repeating: "", count: length)),
      target: upOrDown(perStep: network.output.isSequence), weightsStep: nil
    ).timeScales
  }

  private func noise(_ time: Int, _ width: Int = 2) -> Tensor {
    var random = Random.stream(.test, seed: 11)
    return .uniform(-1...1, [1, time, width], using: &random)
  }

  private func set(_ network: Network, _ name: String, _ change: ([Float]) -> [Float]) {
    for (full, parameter) in network.parameters where full == name {
      parameter.assign(Tensor(change(parameter.value.scalars), parameter.value.shape))
    }
  }

  @Test func aForgetGateThatStaysAtItsBiasKeepsForAsLongAsItsLogarithmSays() throws {
    let found = try scales([LSTM.Spec(hiddenSize: 3)], reading: noise(20)) { network in
      for name in ["weight_ih_l0", "weight_hh_l0", "bias_hh_l0"] {
        set(network, "lstm." + name) { $0.map { _ in 0 } }
      }
      // σ(b_f) is ½, 0.9 and, to Float32, 1.
      set(network, "lstm.bias_ih_l0") { biases in
        var biases = biases
        biases.replaceSubrange(3..<6, with: [0, Float(log(9.0)), 40])
        return biases
      }
    }
    let lstm = try #require(found.first)
    #expect(found.count == 1 && lstm.layer == "lstm" && lstm.state == "c")
    #expect(lstm.source == .gate("f"))
    #expect(abs(try #require(lstm.units[0].steps) - 1 / log(2)) < 1e-6)
    #expect(abs(try #require(lstm.units[1].steps) + 1 / log(0.9)) < 1e-4)
    #expect(lstm.units[2] == .endless)
    #expect(lstm.order == [2, 1, 0])
    #expect(lstm.median == lstm.units[1])
  }

  @Test func theUpdateGateKeepsTheStateOfAGRU() throws {
    let found = try scales([GRU.Spec(hiddenSize: 2)], reading: noise(30)) { network in
      for name in ["weight_ih_l0", "weight_hh_l0", "bias_hh_l0"] {
        set(network, "gru." + name) { $0.map { _ in 0 } }
      }
      set(network, "gru.bias_ih_l0") { _ in [0, 0, Float(log(19.0)), -9, 1, 1] }
    }
    let gru = try #require(found.first)
    #expect(gru.source == .gate("z") && gru.state == "h")
    let tau = try #require(gru.units[0].steps)
    #expect(abs(tau + 1 / log(0.95)) < 1e-3)
    // 1 / (1 − z) is half a step more.
    #expect(abs(1 / (1 - 0.95) - tau - 0.5) < 0.01)
    // A gate near 0 forgets within the step.
    #expect(try #require(gru.units[1].steps) < 0.12)
  }

  /// The definition held to what a unit does: without input a GRU unit falls to 1/e after τ steps.
  @Test func aUnitFallsToOneEthInItsMemory() throws {
    var random = Random.stream(.test, seed: 2)
    let cell = GRU(GRU.Spec(hiddenSize: 1), inputSize: 1, using: &random)
    for parameter in cell.parameters { parameter.assign(.zeros(parameter.value.shape)) }
    cell.weights.biasIH.assign(Tensor([0, Float(log(19.0)), 0], [3]))
    let tau = try #require(MemoryLength(keeping: 0.95).steps)
    let steps = Int(tau.rounded())
    let end = cell.sequence(.zeros([1, steps, 1]), from: [.ones([1, 1])], probe: nil).state[0]
    #expect(abs(Double(end.scalar) - exp(-1)) < 0.02)
  }

  @Test func theWeightsOfAnIndRNNAreItsMemory() throws {
    let found = try scales([IndRNN.Spec(hiddenSize: 5)], reading: noise(10)) { network in
      set(network, "indrnn.weight_hh_l0") { _ in [0.5, -0.5, 1, 1.005, 0] }
    }
    let indrnn = try #require(found.first)
    guard case .weights(let weights, let bound) = indrnn.source else {
      Issue.record("An IndRNN keeps by its weights.")
      return
    }
    #expect(weights == [0.5, -0.5, 1, 1.005, 0] && abs(bound - pow(2, 0.01)) < 1e-6)
    #expect(indrnn.units[0] == indrnn.units[1])
    #expect(abs(try #require(indrnn.units[0].steps) - 1 / log(2)) < 1e-6)
    #expect(indrnn.units[2] == .endless && indrnn.units[4] == .steps(0))
    guard case .growing(let steps) = indrnn.units[3] else {
      Issue.record("A weight above 1 grows.")
      return
    }
    #expect(abs(steps - 200.5) < 0.1)
    #expect(indrnn.order == [3, 2, 0, 1, 4])
  }

  @Test func aCellWithoutGateIsMeasured() throws {
    // h repeats what it reads: ten steps up, ten down. A third unit does not move.
    let wave = (0..<200).map { Float($0 / 10 % 2) }
    let noisy = noise(200, 1).scalars
    let x = Tensor(zip(wave, noisy).flatMap { [$0, $1] }, [1, 200, 2])
    let found = try scales([RNN.Spec(hiddenSize: 3)], reading: x) { network in
      set(network, "rnn.weight_ih_l0") { _ in [1, 0, 0, 1, 0, 0] }
      for name in ["weight_hh_l0", "bias_ih_l0", "bias_hh_l0"] {
        set(network, "rnn." + name) { $0.map { _ in 0 } }
      }
    }
    let rnn = try #require(found.first)
    #expect(rnn.source == .measured && rnn.state == "h")
    // 19 of 199 neighbours differ: ρ₁ = 1 − 2 · 19 / 200, but for the ends.
    #expect(abs(try #require(rnn.units[0].steps) + 1 / log(1 - 2 * 19.0 / 200)) < 0.2)
    #expect(try #require(rnn.units[1].steps) < 1)
    #expect(rnn.units[2] == .unknown && rnn.order == [0, 1, 2])
  }

  @Test func zoneoutKeepsMoreThanTheGateSays() throws {
    var spec = LSTM.Spec(hiddenSize: 4)
    let plain = try #require(try scales([spec], reading: noise(12)).first)
    spec.options.zoneoutCell = 0.5
    let held = try #require(try scales([spec], reading: noise(12)).first)
    for (a, b) in zip(plain.units, held.units) {
      let (a, b) = (try #require(a.steps), try #require(b.steps))
      #expect(b > a && b > 1 / log(2))
    }
  }

  @Test func bothCellsOfABidirectionalLayerHaveTheirOwn() throws {
    var spec = LSTM.Spec(hiddenSize: 3)
    spec.options.bidirectional = .concat
    let found = try scales([spec, BNLSTM.Spec(hiddenSize: 2, maxLength: 9)], reading: noise(12))
    #expect(found.map(\.state) == ["c", "c_reverse", "c"])
    #expect(found.map(\.lane) == [.forward, .backward, .forward])
    #expect(found.map(\.source) == [.gate("f"), .gate("f_reverse"), .gate("f")])
    #expect(found[0].units != found[1].units)
  }

  /// Every recurrent kind says what keeps it, so none is left out of the view.
  @Test func everyRecurrentKindOfTheRegistryHasTimeScales() throws {
    for type in LayerRegistry.all where type is any RecurrentSpec.Type {
      let isOfImages = type == ConvLSTM.Spec.self
      let found =
        isOfImages
        ? try scales([type.init(), Flatten.Spec()], reading: noise(6).reshaped([1, 6, 2, 1, 1]))
        : try scales([type.init()], reading: noise(6))
      #expect(found.count == 1 && !found[0].units.isEmpty, "\(type.kind)")
    }
  }

  @Test func stepsOfAPooledLayerCountThoseOfTheSequence() throws {
    let cell = { (network: Network) in
      for name in ["weight_ih_l0", "weight_hh_l0", "bias_hh_l0", "bias_ih_l0"] {
        self.set(network, "lstm." + name) { $0.map { _ in 0 } }
      }
    }
    let pooled = try scales(
      [AvgPool1d.Spec(), LSTM.Spec(hiddenSize: 1), LastStep.Spec()], reading: noise(12),
      change: cell)
    #expect(abs(try #require(pooled.first?.units[0].steps) - 2 / log(2)) < 1e-5)
  }

  @Test func whatIsNotFiniteIsUnknown() {
    #expect(MemoryLength(keeping: .nan) == .unknown)
    #expect(MemoryLength(keeping: .infinity) == .unknown)
    #expect(MemoryLength(keeping: -0.3) == .steps(0))
    #expect(MemoryLength(keeping: 0) == .steps(0))
    #expect(MemoryLength(keeping: 1) == .endless)
  }

  @Test func unitsAreSortedByMemoryWhereTheyAreAsMany() throws {
    let scales = try #require(
      try scales([IndRNN.Spec(hiddenSize: 3)], reading: noise(4)) { network in
        set(network, "indrnn.weight_hh_l0") { _ in [0.2, 0.9, 0.5] }
      }.first)
    #expect(matrix([[0, 1], [1, 0], [2, 2]]).units(in: .memory(scales)) == [1, 2, 0])
    #expect(matrix([[0, 1], [1, 0]]).units(in: .memory(scales)) == [0, 1])
  }
}
