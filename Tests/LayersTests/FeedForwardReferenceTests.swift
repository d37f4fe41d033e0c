import Engine
import Layers
import Testing
import TestSupport

/// Against PyTorch with the same weights: see Fixtures/layers/make_feedforward.py.
@Suite struct FeedForwardReferenceTests {
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
