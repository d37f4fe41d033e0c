import Testing
import TestSupport

@testable import Engine

/// Five steps against PyTorch's optimisers: see Fixtures/layers/make_layers.py.
@Suite struct OptimizerStepTests {
  private static let sgd: [(name: String, step: Parameter.SGDStep)] = [
    ("sgd", .init(rate: 0.1, clip: 1, momentum: 0, decay: 0, nesterov: false)),
    ("sgd_decay", .init(rate: 0.1, clip: 1, momentum: 0, decay: 0.03, nesterov: false)),
    ("sgd_momentum", .init(rate: 0.1, clip: 1, momentum: 0.9, decay: 0.03, nesterov: false)),
    ("sgd_nesterov", .init(rate: 0.1, clip: 1, momentum: 0.9, decay: 0, nesterov: true)),
  ]

  @Test(arguments: sgd.indices) func sgdGoesWherePyTorchGoes(index: Int) throws {
    let (name, step) = Self.sgd[index]
    let velocity = Tensor.zeros([7, 5])
    try follow(name) { parameter, gradient, _ in
      parameter.update(step, gradient: gradient, velocity: velocity)
    }
  }

  private static func adam(
    rate: Float = 0.01, betas: (Float, Float) = (0.9, 0.999), decay: Float = 0,
    decoupled: Bool = false
  ) -> Parameter.AdamStep {
    .init(
      rate: rate, clip: 1, beta1: betas.0, beta2: betas.1, epsilon: 1e-8, decay: decay,
      decoupled: decoupled, count: 0)
  }

  private static let adams: [(name: String, step: Parameter.AdamStep)] = [
    ("adam", adam()),
    ("adam_decay", adam(betas: (0.8, 0.99), decay: 0.03)),
    ("adamw", adam(decay: 0.1, decoupled: true)),
  ]

  @Test(arguments: adams.indices) func adamGoesWherePyTorchGoes(index: Int) throws {
    let (name, rule) = Self.adams[index]
    let (first, second) = (Tensor.zeros([7, 5]), Tensor.zeros([7, 5]))
    try follow(name) { parameter, gradient, count in
      var step = rule
      step.count = count
      return parameter.update(step, gradient: gradient, firstMoment: first, secondMoment: second)
    }
  }

  /// Five updates from the fixture's start with its gradients; each returns ‖Δw‖².
  private func follow(
    _ name: String, _ update: (Parameter, Tensor, Int) -> Double
  ) throws {
    let fixture = try Fixture("layers/optimizers")
    let parameter = Parameter("weight", try fixture("start"))
    let (gradients, expected) = (try fixture("gradients"), try fixture(name))
    for step in 0..<5 {
      let before = parameter.value.copy()
      let gradient = gradients.gathering(rows: [step]).reshaped([7, 5])
      let square = update(parameter, gradient, step + 1)
      expectClose(
        parameter.value, expected.gathering(rows: [step]).reshaped([7, 5]), within: 1e-6,
        "\(name) step \(step + 1)")
      let moved = (parameter.value - before).sumOfSquares
      #expect(abs(square - moved) < 1e-4 * moved, "\(name) says it moved by another distance")
    }
  }

  @Test func aFactorFromTheGlobalNormClipsAsPyTorchDoes() throws {
    let fixture = try Fixture("layers/optimizers")
    let gradients = try fixture("gradients")
    let first = gradients.gathering(rows: [0]).reshaped([7, 5])
    let second = gradients.gathering(rows: [1]).reshaped([7, 5]).gathering(rows: [0, 1, 2])
    let norm = (first.sumOfSquares + second.sumOfSquares).squareRoot()
    #expect(abs(norm - Double(try fixture("clip.norm").scalar)) < 1e-6 * norm)

    let step = Parameter.SGDStep(
      rate: 1, clip: Float(1.5 / (norm + 1e-6)), momentum: 0, decay: 0, nesterov: false)
    for (gradient, name) in [(first, "clip.first"), (second, "clip.second")] {
      let parameter = Parameter("weight", .zeros(gradient.shape))
      parameter.update(step, gradient: gradient, velocity: .zeros(gradient.shape))
      expectClose(-parameter.value, try fixture(name), within: 1e-6, name)
    }
  }
}
