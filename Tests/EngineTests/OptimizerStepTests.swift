import Testing
import TestSupport

@testable import Engine

/// Five steps against PyTorch's optimisers: see Fixtures/layers/make_layers.py.
@Suite struct OptimizerStepTests {
  private static func treatment(
    decay: Float = 0, shrink: Float = 0, clip: Float = 1
  ) -> Parameter.Treatment {
    var treatment = Parameter.Treatment()
    treatment.decay = decay
    treatment.shrink = shrink
    treatment.clip = clip
    return treatment
  }

  private static let sgd: [(name: String, step: Parameter.SGDStep, decay: Float)] = [
    ("sgd", .init(rate: 0.1), 0),
    ("sgd_decay", .init(rate: 0.1), 0.03),
    ("sgd_momentum", .init(rate: 0.1, momentum: 0.9), 0.03),
    ("sgd_nesterov", .init(rate: 0.1, momentum: 0.9, nesterov: true), 0),
  ]

  @Test(arguments: sgd.indices) func sgdGoesWherePyTorchGoes(index: Int) throws {
    var (name, step, decay) = Self.sgd[index]
    step.treatment = Self.treatment(decay: decay)
    let velocity = Tensor.zeros([7, 5])
    try follow(name) { parameter, gradient, _ in
      parameter.update(step, gradient: gradient, velocity: velocity)
    }
  }

  private static let adams: [(name: String, betas: (Float, Float), Parameter.Treatment)] = [
    ("adam", (0.9, 0.999), treatment()),
    ("adam_decay", (0.8, 0.99), treatment(decay: 0.03)),
    ("adamw", (0.9, 0.999), treatment(shrink: 0.01 * 0.1)),
  ]

  @Test(arguments: adams.indices) func adamGoesWherePyTorchGoes(index: Int) throws {
    let (name, betas, treatment) = Self.adams[index]
    let (first, second) = (Tensor.zeros([7, 5]), Tensor.zeros([7, 5]))
    try follow(name) { parameter, gradient, count in
      var step = Parameter.AdamStep(
        rate: 0.01, beta1: betas.0, beta2: betas.1, epsilon: 1e-8, count: count)
      step.treatment = treatment
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

    var step = Parameter.SGDStep(rate: 1)
    step.treatment = Self.treatment(clip: Float(1.5 / (norm + 1e-6)))
    for (gradient, name) in [(first, "clip.first"), (second, "clip.second")] {
      let parameter = Parameter("weight", .zeros(gradient.shape))
      parameter.update(step, gradient: gradient, velocity: .zeros(gradient.shape))
      expectClose(-parameter.value, try fixture(name), within: 1e-6, name)
    }
  }
}
