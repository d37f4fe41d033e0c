import Engine
import TestSupport
import Testing

@testable import Layers

/// What divides by a size does not hear how large its input is.
@Suite struct NormInvarianceTests {
  @Test(arguments: [
    "layer_norm", "rms_norm", "scale_norm", "group_norm", "instance_norm", "batch_norm",
  ])
  func theOutputIsThatOfTheInputRescaled(kind: String) throws {
    let input: Signature =
      ["group_norm", "instance_norm", "batch_norm"].contains(kind) ? .images(4, 3, 3) : .sequence(6)
    let network = try Network(
      ModelSpec([try LayerRegistry.spec(of: kind)]), input: input, seed: 1)
    for (index, parameter) in network.parameters.map(\.parameter).enumerated() {
      parameter.assign(drawn(parameter.value.shape, seed: UInt64(index), in: 0.5...1.5))
    }
    let x = drawn(input.shape(batch: 3, time: 5), seed: 9, in: -1.5...1.5)
    func run(_ x: Tensor) -> Tensor {
      var pass = Pass()
      // Batch normalisation divides by the batch's own deviation in training only.
      pass.isTraining = true
      return network(x, &pass)
    }
    let plain = run(x)
    expectClose(run(x * 50), plain, within: 1e-4, kind)
    expectClose(run(x * 1000), plain, within: 1e-4, kind)
    let hearsShift = zip(run(x + 1).scalars, plain.scalars).contains { abs($0 - $1) > 1e-2 }
    #expect(hearsShift == ["rms_norm", "scale_norm"].contains(kind))
  }

  /// The gates of a layer-normalised LSTM see W x, not how large W is.
  @Test func aLayerNormalisedLSTMDoesNotHearHowLargeItsWeightsAre() throws {
    let network = try Network(
      ModelSpec([LayerNormLSTM.Spec(hiddenSize: 4)]), input: .sequence(5), seed: 3)
    let x = drawn([2, 6, 5], seed: 4)
    var pass = Pass()
    let plain = network(x, &pass)
    for (name, parameter) in network.parameters where name.contains(".weight_") {
      parameter.assign(parameter.value * 20)
    }
    var scaled = Pass()
    expectClose(network(x, &scaled), plain, within: 2e-3, "20 W")
  }
}
