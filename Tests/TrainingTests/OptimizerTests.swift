import Engine
import TestSupport
import Testing

@testable import Training

@Suite struct OptimizerTests {
  /// Updates of a single weight by gradients, one after another.
  private func trajectory(
    _ rule: TrainingRecipe.Optimizer, from start: Float, by gradients: [Float],
    _ settings: Optimizer.Settings
  ) -> [Float] {
    let parameter = Parameter("w", Tensor([start], [1]))
    let optimizer = Optimizer(rule, for: [parameter])
    return gradients.enumerated().map { index, gradient in
      optimizer.step([Tensor([gradient], [1])], settings, count: index + 1)
      return parameter.value.scalar
    }
  }

  @Test func sgdWithoutMomentumGoesDownTheGradient() {
    let path = trajectory(.sgd, from: 1, by: [0.5, -1], Optimizer.Settings(rate: 0.1))
    #expect(path.map { ($0 * 1e6).rounded() } == [950_000, 1_050_000])
  }

  @Test func momentumBeginsAsTheFirstGradient() {
    var settings = Optimizer.Settings(rate: 0.1)
    settings.momentum = 0.9
    // v = 1, then 0.9 + 1 = 1.9, then 0.9 · 1.9 + 0 = 1.71.
    let path = trajectory(.sgd, from: 0, by: [1, 1, 0], settings)
    #expect(path.map { ($0 * 1e6).rounded() } == [-100_000, -290_000, -461_000])
  }

  @Test func adamsFirstStepIsTheLearningRateWhateverTheGradient() {
    for gradient: Float in [1e-3, 1, 1000] {
      let path = trajectory(.adam, from: 0, by: [gradient], Optimizer.Settings(rate: 0.01))
      #expect(abs(path[0] + 0.01) < 1e-6)
    }
  }

  @Test func adamsSecondStepIsTheOneWorkedOutByHand() {
    // m = 0.1·0.9 − 0.1·2 = −0.11, m̂ = −0.11 / 0.19; v = 0.001·0.999 + 0.001·4 = 0.004999,
    // v̂ = 0.004999 / 0.001999; w = −0.01 + 0.01 · 0.57895 / 1.58138 = −0.0063390.
    let path = trajectory(.adam, from: 0, by: [1, -2], Optimizer.Settings(rate: 0.01))
    #expect(abs(path[1] - -0.006_339_0) < 2e-7)
  }

  @Test func clippingScalesTheGradientTheRuleSees() {
    var settings = Optimizer.Settings(rate: 1)
    settings.clip = 0.25
    #expect(trajectory(.sgd, from: 0, by: [2], settings) == [-0.5])
  }

  @Test func theUpdateFunctionsTellHowFarTheyWent() {
    let parameters = [Parameter("a", .zeros([2])), Parameter("b", .zeros([1]))]
    let optimizer = Optimizer(.sgd, for: parameters)
    let squares = optimizer.step(
      [Tensor([3, 4], [2]), nil], Optimizer.Settings(rate: 1), count: 1)
    #expect(squares == [25, 0])
    #expect(parameters[1].value.scalars == [0])
  }

  @Test(arguments: [TrainingRecipe.Optimizer.sgd, .adam])
  func trajectoriesAreThoseOfPyTorch(rule: TrainingRecipe.Optimizer) throws {
    let fixture = try Fixture("layers/optimizers")
    let parameter = Parameter("p", try fixture("start"))
    let optimizer = Optimizer(rule, for: [parameter])
    let (gradients, wanted) = (try fixture("gradients"), try fixture(rule.rawValue))
    let settings = Optimizer.Settings(rate: rule == .sgd ? 0.1 : 0.01)
    for step in 0..<5 {
      let gradient = gradients.gathering(rows: [step]).reshaped([7, 5])
      optimizer.step([gradient], settings, count: step + 1)
      let distance = parameter.value - wanted.gathering(rows: [step]).reshaped([7, 5])
      #expect(distance.sumOfSquares.squareRoot() < 1e-5)
    }
  }

  @Test func clippingIsThatOfPyTorch() throws {
    let fixture = try Fixture("layers/optimizers")
    let gradients = try fixture("gradients")
    let (first, second) = (gradients.gathering(rows: [0]), gradients.gathering(rows: [1]))
    let parts = [first.reshaped([7, 5]), second.reshaped([7, 5]).gathering(rows: [0, 1, 2])]
    let norm = GradientNorm(parts)
    #expect(abs(norm.total - Double(try fixture("clip.norm").scalar)) < 1e-5)
    let factor = Float(norm.clipFactor(limit: 1.5))
    for (part, key) in zip(parts, ["clip.first", "clip.second"]) {
      #expect((part * factor - (try fixture(key))).sumOfSquares.squareRoot() < 1e-6)
    }
  }

  @Test func theNormIsThatOfAllGradientsTogether() {
    let norm = GradientNorm([Tensor([3], [1]), nil, Tensor([0, 4], [2])])
    #expect(norm.parameters == [3, 0, 4])
    #expect(norm.total == 5)
    #expect(norm.clipFactor(limit: 0) == 1)
    #expect(norm.clipFactor(limit: 10) == 1)
    #expect(norm.clipFactor(limit: 1) == 1 / (5 + 1e-6))
  }
}
