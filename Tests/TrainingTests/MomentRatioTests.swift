import Engine
import Testing

@testable import Training

@Suite struct MomentRatioTests {
  private func recipe(_ kind: TrainingRecipe.Optimizer) -> TrainingRecipe {
    .with { $0.optimizer = kind }
  }

  /// After `steps` steps with these gradients of one parameter.
  private func ratio(
    _ kind: TrainingRecipe.Optimizer, _ gradients: [[Float]]
  ) -> MomentRatio? {
    let parameter = Parameter("weight", .zeros([gradients[0].count]))
    let optimizer = Optimizer(OptimizerRule(recipe(kind)), for: [parameter])
    for (step, gradient) in gradients.enumerated() {
      optimizer.step([Tensor(gradient, [gradient.count])], rate: 0.01, count: step + 1)
    }
    return optimizer.momentRatio(of: 0, count: gradients.count)
  }

  @Test(arguments: [TrainingRecipe.Optimizer.adam, .adamw, .amsgrad])
  func gradientsThatAgreeGoTheWholeWayAndThoseThatCancelDoNot(
    kind: TrainingRecipe.Optimizer
  ) throws {
    // Two numbers whose gradients agree, and two whose signs alternate.
    let gradients = (0..<40).map { step -> [Float] in
      let sign: Float = step % 2 == 0 ? 1 : -1
      return [0.5, -2, sign, -3 * sign]
    }
    let found = try #require(ratio(kind, gradients))
    #expect(found.histogram.count == 20)
    #expect(abs(found.histogram.reduce(0, +) - 1) < 1e-9)
    #expect(found.histogram[19] == 0.5)
    #expect(found.histogram[..<4].reduce(0, +) == 0.5)
    #expect(found.mean > 0.5 && found.mean < 0.56)
  }

  @Test func theFirstStepGoesTheWholeWay() throws {
    let found = try #require(ratio(.adam, [[0.1, -7, 3e-3]]))
    #expect(found.histogram[19] == 1 && abs(found.mean - 1) < 1e-4)
  }

  @Test(arguments: [TrainingRecipe.Optimizer.sgd, .rmsprop, .adagrad])
  func rulesWithoutTwoMomentsHaveNone(kind: TrainingRecipe.Optimizer) {
    #expect(ratio(kind, [[1, 2]]) == nil)
  }

  @Test func aLargeTensorIsSampled() throws {
    let count = 10 * MomentRatio.sampleSize + 3
    let found = try #require(ratio(.adam, [Array(repeating: 1, count: count)]))
    #expect(abs(found.histogram[19] - 1) < 1e-9)
  }

  @Test func theCloserLookHasItForEveryTensor() throws {
    let trainer = try tinyTrainer("gru", on: FirstSymbol())
    let detail = try #require(try trainer.trainStep(detail: true).detail)
    #expect(detail.parameters.allSatisfy { $0.momentRatio != nil })
  }
}
