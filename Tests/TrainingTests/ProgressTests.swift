import Data
import Engine
import Formats
import Testing

@testable import Training

/// Schedules, patience and averages in a trainer: what they do, and that a resumed run goes on with
/// them.
@Suite struct ProgressTests {
  private func rates(_ trainer: Trainer, _ steps: Int) throws -> [Double] {
    try (0..<steps).map { _ in try trainer.trainStep().learningRate }
  }

  /// A trainer that goes on from `trainer`'s checkpoint, which has been a file.
  private func resumed(_ trainer: Trainer, _ recipe: TrainingRecipe) throws -> Trainer {
    let bytes = try SafeTensors.encode(trainer.checkpoint().file)
    let other = try tinyTrainer(on: LaggedStream(), recipe: recipe)
    try other.restore(Checkpoint(try SafeTensors.decode(bytes, name: "test"), name: "test"))
    return other
  }

  @Test(arguments: LearningRateSchedule.Kind.allCases)
  func aResumedRunContinuesTheCurveWithTheSameBits(kind: LearningRateSchedule.Kind) throws {
    let recipe = TrainingRecipe.with {
      $0.schedule = kind
      $0.steps = 20
      $0.warmupSteps = 3
      $0.validateEvery = 2
      $0.schedulePatience = 0
      $0.minDelta = 1e9  // nothing ever counts as better
      $0.learningRate = 0.0017
    }
    func advance(_ trainer: Trainer, _ steps: Int) throws -> [Double] {
      try (0..<steps).map { _ in
        let rate = try trainer.trainStep().learningRate
        _ = trainer.evaluate(.validation)
        return rate
      }
    }
    let whole = try tinyTrainer(on: LaggedStream(), recipe: recipe)
    let curve = try advance(whole, 20)
    let first = try tinyTrainer(on: LaggedStream(), recipe: recipe)
    var pieces = try advance(first, 9)
    let second = try resumed(first, recipe)
    pieces += try advance(second, 11)
    #expect(pieces == curve && second.progress == whole.progress)
    #expect(bits(second.network) == bits(whole.network))
    #expect(Set(curve).count > 2)
  }

  @Test func aPlateauLowersTheRateAfterItsPatience() {
    let recipe = TrainingRecipe.with {
      $0.schedule = .plateau
      $0.scheduleFactor = 0.5
      $0.schedulePatience = 2
    }
    var progress = Progress()
    // As torch's ReduceLROnPlateau(factor=0.5, patience=2): 1e-4 of the best is not better.
    let factors = [1.0, 0.9, 0.8999999, 0.95, .nan, 0.9, 0.8, 0.81, 0.81, 0.81].map { loss in
      progress.follow(loss, recipe, step: 1)
      return progress.factor
    }
    #expect(factors == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25])
  }

  @Test func theKnobScalesTheBaseOfTheSchedule() throws {
    let recipe = TrainingRecipe.with {
      $0.schedule = .linear
      $0.steps = 10
      $0.learningRate = 0.1
    }
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    #expect(try rates(trainer, 2) == [0.1, 0.1 * 0.9])
    try trainer.change(.learningRate(0.2))
    #expect(try rates(trainer, 2) == [0.2 * 0.8, 0.2 * (1 - 0.3)])
  }

  @Test func aRunEndsWhenValidationIsNoBetterForTooLong() throws {
    let recipe = TrainingRecipe.with {
      $0.steps = 100
      $0.validateEvery = 2
      $0.patience = 3
      $0.minDelta = 1e6
    }
    let driver = Driver()
    #expect(driver.run(try tinyTrainer(on: FirstSymbol(), recipe: recipe)) == .finished)
    #expect(
      driver.words.filter { !$0.hasPrefix("step") && !$0.hasPrefix("validation") } == [
        "started 0/100 by 10", "ended early 8 after 3", "test 8", "finished 8",
      ])
    // The first validation is the best one, three others are not.
    #expect(driver.words.count { $0.hasPrefix("validation") } == 4)
  }

  @Test(arguments: [(TrainingRecipe.Watched.loss, 2.0, 3.0), (.metric, 0.5, 0.4)])
  func patienceWatchesWhatItIsTold(
    watched: TrainingRecipe.Watched, best: Double, worse: Double
  ) throws {
    let recipe = TrainingRecipe.with {
      $0.watch = watched
      $0.patience = 1
    }
    var patience = Progress()
    // A higher accuracy is better: what is watched is lower when it is better.
    let sign = watched == .loss ? 1.0 : -1
    patience.follow(sign * worse, recipe, step: 1)
    patience.follow(sign * best, recipe, step: 2)
    #expect(!patience.isOver(recipe) && patience.stopping.best == sign * best)
    patience.follow(sign * worse, recipe, step: 3)
    #expect(patience.isOver(recipe))

    var recipe2 = recipe
    recipe2.validateEvery = 1
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: recipe2)
    _ = try trainer.trainStep()
    let report = try #require(trainer.evaluate(.validation))
    #expect(trainer.progress.stopping.best == (watched == .loss ? report.loss : -report.metric))
  }

  @Test func aValidationThatWasCutShortIsMadeUpFor() throws {
    let recipe = TrainingRecipe.with {
      $0.steps = 5
      $0.validateEvery = 2
      $0.patience = 50
    }
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    _ = try rates(trainer, 2)
    #expect(trainer.evaluate(.validation, while: { false }) == nil)
    let other = try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    try other.restore(trainer.checkpoint())
    let driver = Driver()
    _ = driver.run(other)
    #expect(driver.words.prefix(3) == ["started 2/5 by 10", "validation 2 best", "step 3"])
  }

  private func averaging(_ decay: Double) -> TrainingRecipe {
    .with {
      $0.averageDecay = decay
      $0.learningRate = 0.05
      $0.validateEvery = 3
    }
  }

  @Test func theAverageFollowsTheWeightsAndIsWhatIsMeasured() throws {
    let trainer = try tinyTrainer(on: LaggedStream(), recipe: averaging(0.5))
    let plain = try tinyTrainer(on: LaggedStream(), recipe: averaging(0))
    var mean = plain.network.parameters.map { $0.parameter.value.copy() }
    for step in 0..<6 {
      _ = try trainer.trainStep()
      _ = try plain.trainStep()
      #expect(bits(trainer.network) == bits(plain.network))
      let keep = min(0.5, Float(1 + step) / Float(10 + step))
      for (index, owned) in plain.network.parameters.enumerated() {
        mean[index] = mean[index] * keep + owned.parameter.value * (1 - keep)
      }
    }
    for (found, wanted) in zip(trainer.snapshot().weights, mean) {
      #expect((found.value - wanted).sumOfSquares.squareRoot() < 1e-5)
    }
    let measured = try #require(trainer.evaluate(.validation))
    #expect(bits(trainer.network) == bits(plain.network))
    for (owned, value) in zip(plain.network.parameters, trainer.snapshot().weights) {
      owned.parameter.assign(value.value)
    }
    #expect(plain.evaluate(.validation)?.loss == measured.loss)
  }

  @Test func aCheckpointCarriesTheWeightsAndTheirAverage() throws {
    let recipe = averaging(0.9)
    let whole = try tinyTrainer(on: LaggedStream(), recipe: recipe)
    let first = try tinyTrainer(on: LaggedStream(), recipe: recipe)
    _ = try rates(whole, 11)
    _ = try rates(first, 4)
    let second = try resumed(first, recipe)
    _ = try rates(second, 7)
    let (found, wanted) = (second.checkpoint(), whole.checkpoint())
    #expect(found.average.map(\.value.scalars) == wanted.average.map(\.value.scalars))
    #expect(found.weights.map(\.value.scalars) == wanted.weights.map(\.value.scalars))
    #expect(found.bestWeights.map(\.value.scalars) == found.average.map(\.value.scalars))
    #expect(found.average.map(\.value.scalars) != found.weights.map(\.value.scalars))
    #expect(throws: TrainingError.self) {
      try resumed(first, self.averaging(0))
    }
  }
}
