import Data
import Engine
import Testing

@testable import Training

@Suite struct ScoreTests {
  private let two = Target(labels: ["no", "yes"], isPerStep: false, metric: .accuracy)

  private func score(
    _ scores: [Float], _ targets: [Int32], _ weights: [Float]?, into total: inout Score
  ) {
    let scores = Tensor(scores, [targets.count, 2])
    let batch = Batch(input: .zeros([1, targets.count]), targets: targets, weights: weights)
    let loss = scores.softmaxCrossEntropy(targets, weights: weights).loss.scalar
    total.add(scores, loss: Double(loss), batch)
  }

  @Test func accuracyIsTheShareOfTheWeightThatIsRight() {
    var total = Score(two, metrics: two.metrics)
    score([1, 0, 0, 1, 3, 2], [0, 0, 0], [1, 2, 3], into: &total)
    #expect(total.value(of: .accuracy) == 4.0 / 6)
    score([0, 1, 0, 1], [1, 0], nil, into: &total)
    #expect(total.value(of: .accuracy) == 5.0 / 8)
  }

  @Test func amongEqualScoresTheFirstClassIsThePrediction() {
    var total = Score(two, metrics: two.metrics)
    score([1, 1, 1, 1], [0, 1], nil, into: &total)
    #expect(total.value(of: .accuracy) == 0.5)
  }

  @Test func lossIsTheMeanOverAllTargetsOfAllBatches() {
    var total = Score(two, metrics: two.metrics)
    score([0, 0], [0], nil, into: &total)
    score([100, 0, 100, 0, 100, 0], [0, 0, 0], [1, 1, 0], into: &total)
    #expect(abs(total.meanLoss - 0.693_147_18 / 3) < 1e-6)
    #expect(abs(total.value(of: .bitsPerCharacter) - 1.0 / 3) < 1e-6)
  }

  /// A loss that is the entropy already need not be worked out again.
  @Test func bitsAreTheSameWhetherTheLossIsTakenForThemOrNot() {
    var (once, twice) = (
      Score(two, metrics: two.metrics, lossIsEntropy: true), Score(two, metrics: two.metrics)
    )
    for weights in [nil, [1, 0, 0.5]] as [[Float]?] {
      score([0.3, 1, -2, 0.1, 4, 2], [0, 1, 1], weights, into: &once)
      score([0.3, 1, -2, 0.1, 4, 2], [0, 1, 1], weights, into: &twice)
    }
    #expect(once.values == twice.values && once.value(of: .perplexity) > 1)
    var recipe = TrainingRecipe()
    #expect(recipe.lossIsEntropy(for: two))
    recipe.labelSmoothing = 0.1
    #expect(!recipe.lossIsEntropy(for: two))
    recipe.labelSmoothing = 0
    recipe.loss = .focal
    #expect(!recipe.lossIsEntropy(for: two))
  }

  @Test func nothingIsWorthNothing() {
    let total = Score(two, metrics: two.metrics)
    #expect(total.meanLoss == 0 && total.value(of: .accuracy) == 0)
  }
}
