import Engine
import Layers
import TestSupport
import Testing

/// The fused sequences against their steps at sizes around those of the kernels' tiles.
@Suite struct SequenceSizeTests {
  /// B, T, D, H.
  private static let sizes = [
    [1, 1, 1, 1], [1, 5, 1, 1], [1, 3, 40, 2], [6, 2, 1, 16], [7, 3, 17, 15], [5, 4, 3, 65],
    [13, 2, 33, 32], [12, 1, 16, 48],
  ]
  private static let specs: [String] = ["rnn", "lstm", "gru"]

  @Test(arguments: specs, sizes) func theSequenceEqualsItsSteps(kind: String, size: [Int]) throws {
    var spec = try LayerRegistry.spec(of: kind)
    try spec.set("hidden_size", to: .integer(size[3]))
    var random = Random(seed: 1)
    let made = spec.makeLayer(for: .sequence(size[2]), using: &random)
    let layer = try #require(made as? any RecurrentLayer)
    let x = drawn([size[0], size[1], size[2]], seed: 2)
    let start = layer.stateNames.indices.map { drawn([size[0], size[3]], seed: 3 + UInt64($0)) }

    func walk(stepByStep: Bool) -> [Tensor?] {
      let tape = Tape()
      let inputs = ([x] + start).map(tape.variable)
      let probe = GradientProbe()
      let state = Array(inputs.dropFirst())
      let result =
        stepByStep
        ? layer.stepByStep(inputs[0], from: state, probe: probe)
        : layer.sequence(inputs[0], from: state, probe: probe)
      let gradients = tape.gradients(of: weightedLoss([result.output] + result.state))
      return [result.output] + result.state + result.signals + [probe.squares]
        + inputs.map { gradients[$0] } + layer.parameters.map { gradients[$0] }
    }
    for (fused, steps) in zip(walk(stepByStep: false), walk(stepByStep: true)) {
      #expect(steps != nil)
      expectClose(fused, steps, within: 5e-6)
    }
  }
}
