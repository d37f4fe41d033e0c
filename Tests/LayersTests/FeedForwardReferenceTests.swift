import Engine
import Layers
import Testing
import TestSupport

/// Against PyTorch with the same weights: see Fixtures/layers/make_feedforward.py.
@Suite struct FeedForwardReferenceTests {
  /// Holds the output and every gradient of a layer to the fixture's.
  private func compare(
    _ name: String, _ spec: any LayerSpec, _ input: Signature, training: Bool = false
  ) throws -> (fixture: Fixture, layer: any Layer, pass: Pass) {
    let fixture = try Fixture("layers/" + name)
    _ = try spec.output(for: input)
    var random = Random(seed: 0)
    let layer = spec.makeLayer(for: input, using: &random)
    try fixture.assign(to: layer.parameters)
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    pass.isTraining = training
    let output = layer(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-6, name)
    expectClose(gradients[x], try fixture("grad.x"), within: 4e-6, name + " x")
    for parameter in layer.parameters {
      expectClose(
        gradients[parameter], try fixture("grad." + parameter.name), within: 2e-6,
        name + " " + parameter.name)
    }
    return (fixture, layer, pass)
  }

  @Test func aNormalisationComputesWhatPyTorchDoes() throws {
    let image = Signature.image(4, 3, 5)
    _ = try compare("layer_norm", LayerNorm.Spec(), .sequence(5))
    _ = try compare("layer_norm_image", LayerNorm.Spec(), image)
    _ = try compare("rms_norm", RMSNorm.Spec(), .sequence(5))
    _ = try compare("group_norm", GroupNorm.Spec(numGroups: 2), .sequence(6))
    _ = try compare("group_norm_image", GroupNorm.Spec(numGroups: 2), image)
  }

  @Test(arguments: ["batch_norm", "batch_norm_image"])
  func batchNormMovesItsRunningStatisticsAsPyTorchDoes(name: String) throws {
    let input: Signature = name == "batch_norm" ? .sequence(5) : .image(4, 3, 5)
    let (fixture, layer, pass) = try compare(name, BatchNorm.Spec(), input, training: true)
    #expect(layer.buffers.map(\.name) == ["running_mean", "running_var"])
    #expect(layer.buffers[1].value.scalars.allSatisfy { $0 == 1 }, "moved before it was told to")
    pass.keepStatistics()
    for buffer in layer.buffers {
      expectClose(buffer.value, try fixture(buffer.name), within: 1e-6, buffer.name)
    }
    var evaluation = Pass()
    let output = layer(try fixture("x"), &evaluation)
    expectClose(output, try fixture("evaluated"), within: 2e-6, "evaluated")
    #expect(evaluation.statistics.isEmpty)
  }

  @Test(arguments: Activation.Function.allCases)
  func anActivationComputesWhatPyTorchDoes(function: Activation.Function) throws {
    let fixture = try Fixture("layers/activations")
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    let output = Activation(Activation.Spec(function))(x, &pass)
    // Element by element: a function that saturates must be right where it is small, too.
    let wanted = try fixture("output.\(function.rawValue)")
    for (found, expected) in zip(output.scalars, wanted.scalars) {
      #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)))
    }
    let gradient = tape.gradients(of: weightedLoss([output]))[x]
    expectClose(gradient, try fixture("grad.\(function.rawValue)"), within: 2e-6)
  }
}
