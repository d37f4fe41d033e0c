import Data
import Engine
import Layers
import Synchronization
import Testing

@testable import Training

@Suite struct TrainerTests {
  @Test func everyUpdateEndsInsideTheBoundsThatALayerSets() throws {
    let data = FirstSymbol()
    let indrnn = IndRNN.Spec(hiddenSize: 8, timeSteps: data.time)
    let network = try Network(
      ModelSpec([indrnn, LastStep.Spec(), Linear.Spec(outFeatures: 4)]), input: data.input, seed: 1)
    let recurrent = try #require(network.parameters.first { $0.name.hasSuffix("weight_hh_l0") })
    let bound = indrnn.largestRecurrentWeight
    let trainer = try Trainer(
      network: network, dataset: data, recipe: .with { $0.learningRate = 5 }, seed: 1)
    for _ in 0..<3 { _ = try trainer.trainStep() }
    let weights = recurrent.parameter.value.scalars
    #expect(weights.allSatisfy { abs($0) <= bound })
    #expect(weights.contains { abs($0) == bound })  // the updates would have left it
  }

  @Test func aNetworkThatDoesNotFitIsRefusedWithTheCure() throws {
    func refusal(_ specs: [any LayerSpec], _ data: some Dataset) throws -> String? {
      let network = try Network(ModelSpec(specs), input: data.input, seed: 1)
      do throws(TrainingError) {
        _ = try Trainer(network: network, dataset: data, recipe: TrainingRecipe(), seed: 1)
        return nil
      } catch {
        #expect(error.kind == .unfit)
        return error.description
      }
    }
    let stream = LaggedStream(symbols: 80)
    let embedding = Embedding.Spec(embeddingDim: 4)
    #expect(
      try refusal([embedding, LSTM.Spec(hiddenSize: 128)], stream)
        == "The loss needs [B, T, 80], a score for each of 80 characters, got [B, T, 128]. "
        + "End the model with linear, out_features 80.")
    #expect(
      try refusal([embedding, GRU.Spec(hiddenSize: 80), LastStep.Spec()], stream)
        == "The loss needs [B, T, 80], a score for each of 80 characters, got [B, 80]. "
        + "Remove what takes the time steps away, such as last_step.")
    #expect(
      try refusal([GRU.Spec(hiddenSize: 4)], FirstSymbol())
        == "The loss needs [B, 4], a score for each of 4 classes, got [B, T, 4]. "
        + "Put last_step or mean_over_time after the recurrent layers.")
    #expect(try refusal([embedding, GRU.Spec(hiddenSize: 80)], stream) == nil)
  }

  @Test(arguments: [
    (
      TrainingRecipe.with { $0.learningRate = .nan },
      "training needs learning_rate to be a number from 1e-09 to 1000, got nan."
    ),
    (
      .with { $0.momentum = 1 },
      "training needs momentum to be a number from 0 to below 1 or auto, got 1."
    ),
    (
      .with { $0.clipNorm = -1 },
      "training needs clip_norm to be a number from 0 to 1000000000, got -1."
    ),
    (
      .with { $0.steps = 0 },
      "training needs steps to be a whole number from 1 to 1000000000, got 0."
    ),
  ])
  func aRecipeWithImpossibleNumbersIsRefused(recipe: TrainingRecipe, sentence: String) {
    #expect(throws: TrainingError(.unfit, sentence)) {
      try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    }
  }

  @Test func aKnobTakesEffectAtTheNextStepAndABadOneNever() throws {
    let trainer = try tinyTrainer(on: FirstSymbol())
    #expect(try trainer.trainStep().learningRate == 0.002)
    try trainer.change(.learningRate(0.5))
    try trainer.change(.clipNorm(0.001))
    try trainer.change(.steps(9))
    let report = try trainer.trainStep()
    #expect(report.learningRate == 0.5)
    #expect(report.wasClipped)
    #expect(trainer.recipe.steps == 9)
    #expect(throws: TrainingError.self) { try trainer.change(.learningRate(-1)) }
    #expect(trainer.recipe.learningRate == 0.5)
  }

  @Test func clippingBoundsTheUpdateAndReportsTheNormBefore() throws {
    let recipe = TrainingRecipe.with {
      $0.optimizer = .sgd
      $0.momentum = 0
      $0.learningRate = 1
      $0.clipNorm = 1e-3
    }
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    let before = trainer.network.snapshot()
    let report = try trainer.trainStep()
    #expect(report.gradientNorm > 0.01)
    var moved = 0.0
    for (old, new) in zip(before, trainer.network.parameters) {
      moved += (new.parameter.value - old.value).sumOfSquares
    }
    #expect(abs(moved.squareRoot() - 1e-3) < 1e-6)
  }

  @Test func adamsFirstStepMovesEveryWeightByTheLearningRate() throws {
    let recipe = TrainingRecipe.with {
      $0.learningRate = 0.01
      $0.clipNorm = 0
    }
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: recipe)
    let before = trainer.network.snapshot()
    _ = try trainer.trainStep()
    for (old, new) in zip(before, trainer.network.parameters) {
      let moved = (new.parameter.value - old.value).scalars.map { abs($0) }
      #expect(moved.allSatisfy { $0 > 0.0098 && $0 < 0.010_001 })
    }
  }

  @Test func evaluationIsTheMeanOverTheWholeSplitWithPaddingLeftOut() throws {
    let data = FirstSymbol(varies: true)
    let trainer = try tinyTrainer(on: data, dropout: 0.5)
    var (loss, right) = (0.0, 0.0)
    for index in 0..<2 {
      let batch = data.batch(index, of: .validation)
      var pass = Pass()
      pass.lengths = batch.lengths
      let scores = trainer.network(batch.input, &pass)
      for row in 0..<16 {
        let one = Tensor((0..<4).map { scores[row, $0] }, [1, 4])
        loss += Double(one.softmaxCrossEntropy([batch.targets.classes[row]]).loss.scalar) / 32
        if one.scalars.max() == one[0, Int(batch.targets.classes[row])] { right += 1.0 / 32 }
      }
    }
    let report = try #require(trainer.evaluate(.validation))
    #expect(abs(report.loss - loss) < 1e-6 && abs(report.metric - right) < 1e-9)
    #expect(report.isBest && trainer.bestValidationLoss == report.loss)
    // These data have the same sequences in both splits, so nothing can be learned by heart.
    #expect(report.trainingLoss == report.loss && report.gap == 0)
    #expect(trainer.evaluate(.test)?.trainingLoss == nil)
    #expect(trainer.evaluate(.validation)?.isBest == false)
    #expect(trainer.evaluate(.test)?.isBest == false)
  }

  @Test func epochsAndStepsAreCountedFromOne() throws {
    let trainer = try tinyTrainer(on: FirstSymbol(stepsPerEpoch: 2))
    let reports = try (0..<4).map { _ in try trainer.trainStep() }
    #expect(reports.map(\.step) == [1, 2, 3, 4])
    #expect(reports.map(\.epoch) == [1, 1, 2, 2])
  }

  @Test func speedIsTokensOverTheLastSecondOfTraining() throws {
    let time = Mutex(0.0)
    // Every look at the clock is a quarter of a second later than the one before.
    let trainer = try tinyTrainer(
      on: FirstSymbol(),
      clock: {
        time.withLock { time in
          defer { time += 0.25 }
          return time
        }
      })
    let reports = try (0..<3).map { _ in try trainer.trainStep() }
    #expect(reports.map(\.tokensPerSecond) == [512, 512, 512])
    #expect(reports[2].seconds > reports[1].seconds)
  }

  @Test func throughputForgetsWhatIsOlderThanASecond() {
    var throughput = Throughput()
    #expect(throughput.rate == 0)
    throughput.add(tokens: 100, seconds: 0)
    #expect(throughput.rate == 0)
    throughput.add(tokens: 900, seconds: 1)
    #expect(throughput.rate == 1000)
    for _ in 0..<20 { throughput.add(tokens: 5, seconds: 0.1) }
    #expect(abs(throughput.rate - 50) < 1e-9)
  }

  @Test func theStopwatchLeavesPausesOut() {
    let time = Mutex(10.0)
    var watch = Stopwatch(clock: { time.withLock { $0 } }, from: 5)
    time.withLock { $0 = 12 }
    #expect(watch.seconds == 7)
    watch.pause()
    time.withLock { $0 = 100 }
    watch.pause()
    #expect(watch.seconds == 7)
    watch.resume()
    watch.resume()
    time.withLock { $0 = 101 }
    #expect(watch.seconds == 8)
  }

  @Test func everyStepDrawsADropoutMaskOfItsOwn() throws {
    // The same batch, epoch after epoch, with weights that hardly move: only the mask is new.
    let recipe = TrainingRecipe.with { $0.learningRate = 1e-9 }
    func losses(dropout: Double) throws -> Set<Double> {
      let trainer = try tinyTrainer(on: Repeated(), recipe: recipe, dropout: dropout)
      return Set(try (0..<4).map { _ in try trainer.trainStep().loss })
    }
    #expect(try losses(dropout: 0).count == 1)
    #expect(try losses(dropout: 0.5).count == 4)
  }

  @Test func aSnapshotIsACopyThatTrainingLeavesAlone() throws {
    let trainer = try tinyTrainer(on: FirstSymbol())
    _ = try trainer.trainStep()
    let snapshot = trainer.snapshot()
    let then = snapshot.weights.map(\.value.scalars)
    _ = try trainer.trainStep()
    #expect(snapshot.step == 1)
    #expect(snapshot.weights.map(\.value.scalars) == then)
    #expect(snapshot.weights.map(\.name) == trainer.network.parameters.map(\.name))
    #expect(then != trainer.network.snapshot().map(\.value.scalars))
  }
}

/// One batch, again and again.
private struct Repeated: Dataset {
  let whole = FirstSymbol()
  var name: String { whole.name }
  var summary: String { whole.summary }
  var input: Signature { whole.input }
  var target: Target { whole.target }
  var stepsPerEpoch: Int { 1 }
  func trainingBatch(at step: Int) -> Batch { whole.trainingBatch(at: 0) }
  func batchCount(of split: Split) -> Int { 0 }
  func batch(_ index: Int, of split: Split) -> Batch { trainingBatch(at: 0) }
  func exampleCount(of split: Split) -> Int { 0 }
  func example(_ index: Int, of split: Split) -> Example { whole.example(index, of: split) }
  func baselines(on split: Split) -> [Baseline] { [] }
  var longestSequence: Int { whole.time }
}
