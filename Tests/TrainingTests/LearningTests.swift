import Data
import Engine
import Testing

@testable import Training

@Suite struct LearningTests {
  @Test(arguments: ["rnn", "lstm", "gru"])
  func everyCellLearnsToRememberTheFirstSymbol(cell: String) throws {
    let recipe = TrainingRecipe.with { $0.learningRate = 0.02 }
    let trainer = try tinyTrainer(cell, on: FirstSymbol(time: 5), recipe: recipe, hidden: 16)
    var report = try trainer.trainStep()
    #expect(report.loss > 1.2)  // log 4 is what guessing costs
    for _ in 0..<250 { report = try trainer.trainStep() }
    #expect(report.loss < 0.15)
    #expect(report.metric > 0.95)
    #expect(try #require(trainer.evaluate(.validation)).metric > 0.95)
  }

  @Test func sgdLearnsToo() throws {
    let recipe = TrainingRecipe.with {
      $0.optimizer = .sgd
      $0.learningRate = 0.3
    }
    let trainer = try tinyTrainer("gru", on: FirstSymbol(time: 4), recipe: recipe, hidden: 16)
    for _ in 0..<250 { _ = try trainer.trainStep() }
    #expect(try #require(trainer.evaluate(.validation)).loss < 0.3)
  }

  @Test func carriedStateLearnsWhatNoWindowShows() throws {
    func validationLoss(carries: Bool) throws -> Double {
      let recipe = TrainingRecipe.with {
        $0.learningRate = 0.01
        $0.carriesState = carries
      }
      let data = LaggedStream(batchSize: 16, time: 4, lag: 3, stepsPerEpoch: 20)
      let trainer = try tinyTrainer("gru", on: data, recipe: recipe, hidden: 24)
      for _ in 0..<400 { _ = try trainer.trainStep() }
      return try #require(trainer.evaluate(.validation)).loss
    }
    let (carried, control) = try (validationLoss(carries: true), validationLoss(carries: false))
    #expect(carried < 0.6 * control)
  }

  @Test func learningIgnoresWhatHasNoWeight() throws {
    // With all weight off the last target, its class does not matter.
    let trainers = try [1, 1].map { _ in
      try tinyTrainer("lstm", on: LaggedStream(lastWeight: 0))
    }
    let report = try trainers[0].trainStep()
    #expect(try trainers[1].trainStep() == report)
    let whole = try tinyTrainer("lstm", on: LaggedStream()).trainStep()
    #expect(whole.loss != report.loss)
  }

  @Test func bitsPerCharacterAreNatsOverLogTwo() throws {
    let report = try tinyTrainer(on: LaggedStream()).trainStep()
    #expect(abs(report.metric - report.loss / 0.693147180559945) < 1e-12)
  }

  @Test(arguments: ["rnn", "lstm", "gru"])
  func theNumberOfThreadsChangesNoBit(cell: String) throws {
    // Wide enough that the engine shares the work.
    func trained(threads: Int) throws -> [UInt32] {
      Workers.threads = threads
      let data = FirstSymbol(batchSize: 33, time: 6, varies: true)
      let trainer = try tinyTrainer(cell, on: data, hidden: 96, dropout: 0.2)
      for _ in 0..<4 { _ = try trainer.trainStep() }
      return bits(trainer.network)
    }
    let before = Workers.threads
    defer { Workers.threads = before }
    let one = try trained(threads: 1)
    for threads in [2, 3, 8] { #expect(try trained(threads: threads) == one) }
  }

  @Test func theCloserLookChangesNoBit() throws {
    let plain = try tinyTrainer("lstm", on: FirstSymbol(varies: true), dropout: 0.1)
    let watched = try tinyTrainer("lstm", on: FirstSymbol(varies: true), dropout: 0.1)
    for _ in 0..<5 {
      var report = try watched.trainStep(detail: true)
      #expect(report.detail != nil)
      report.detail = nil
      #expect(try plain.trainStep() == report)
    }
    #expect(bits(plain.network) == bits(watched.network))
  }

  @Test func evaluationLeavesTrainingAlone() throws {
    let plain = try tinyTrainer("lstm", on: LaggedStream())
    let evaluated = try tinyTrainer("lstm", on: LaggedStream())
    for _ in 0..<5 {
      _ = evaluated.evaluate(.validation)
      #expect(try plain.trainStep() == evaluated.trainStep())
    }
    #expect(bits(plain.network) == bits(evaluated.network))
  }

  @Test func evaluationCanBeCutShortAndAnEmptySplitHasNoReport() throws {
    let trainer = try tinyTrainer(on: LaggedStream())
    var asked = 0
    let report = trainer.evaluate(.validation) {
      asked += 1
      return asked < 2
    }
    #expect(report == nil)
    #expect(trainer.bestValidationLoss == nil)
    #expect(trainer.evaluate(.test) == nil)
  }
}
