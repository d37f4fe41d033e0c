import Data
import Engine
import Formats
import Layers
import Synchronization
import Testing

@testable import Training

@Suite struct CheckpointTests {
  struct Case: CustomTestStringConvertible {
    let cell: String
    let rule: TrainingRecipe.Optimizer
    var convention = TrainingRecipe.Convention.pytorch
    let dropout: Double
    let carries: Bool
    var testDescription: String {
      "\(cell) \(rule) \(convention) dropout \(dropout) carry \(carries)"
    }

    static let all =
      ["rnn", "lstm", "gru"].flatMap { cell in
        [TrainingRecipe.Optimizer.sgd, .adam].flatMap { rule in
          [0, 0.3].flatMap { dropout in
            [false, true].map { Case(cell: cell, rule: rule, dropout: dropout, carries: $0) }
          }
        }
      }
      + TrainingRecipe.Optimizer.allCases.map { rule in
        Case(cell: "gru", rule: rule, convention: .keras, dropout: 0.3, carries: true)
      }

    func trainer() throws -> Trainer {
      let recipe = TrainingRecipe.with {
        $0.optimizer = rule
        $0.convention = convention
        $0.momentum = 0.5
        $0.carriesState = carries
        $0.learningRate = 0.05
      }
      return try tinyTrainer(cell, on: LaggedStream(), recipe: recipe, dropout: dropout)
    }
  }

  /// What a whole run leaves behind, bit for bit.
  private struct Trace: Equatable {
    var losses: [UInt64] = []
    var validations: [ValidationReport?] = []
    var weights: [UInt32] = []
    var memory: [UInt32] = []

    mutating func advance(_ trainer: Trainer, by steps: Int) throws {
      for _ in 0..<steps {
        losses.append(try trainer.trainStep().loss.bitPattern)
        if trainer.step % 4 == 0 { validations.append(trainer.evaluate(.validation)) }
      }
    }

    mutating func close(_ trainer: Trainer) {
      weights = bits(trainer.network)
      memory = trainer.checkpoint().memory.flatMap { $0.value.scalars.map(\.bitPattern) }
    }
  }

  /// A checkpoint that has been a file.
  private func throughFile(_ checkpoint: Checkpoint) throws -> Checkpoint {
    let bytes = try SafeTensors.encode(checkpoint.file)
    return try Checkpoint(try SafeTensors.decode(bytes, name: "test"), name: "test")
  }

  @Test func runningStatisticsGoOnFromTheCheckpoint() throws {
    let data = FirstSymbol()
    func makeTrainer() throws -> Trainer {
      let specs: [any LayerSpec] = [
        BatchNorm.Spec(), GRU.Spec(hiddenSize: 6), LastStep.Spec(), Linear.Spec(outFeatures: 4),
      ]
      let network = try Network(ModelSpec(specs), input: data.input, seed: 3)
      return try Trainer(
        network: network, dataset: data, recipe: TrainingRecipe(), seed: 7, clock: { 0 })
    }
    let trainer = try makeTrainer()
    for _ in 0..<3 { _ = try trainer.trainStep() }
    let resumed = try makeTrainer()
    try resumed.restore(try throughFile(trainer.checkpoint()))
    for each in [trainer, resumed] { _ = try each.trainStep() }
    let expected = trainer.network.snapshot()
    #expect(resumed.network.snapshot().map(\.value.scalars) == expected.map(\.value.scalars))
    let mean = expected.first { $0.name == "batch_norm.running_mean" }
    #expect(mean?.value.scalars.contains { $0 != 0 } == true)
  }

  @Test(arguments: Case.all)
  func aResumedRunGoesOnBitForBit(of run: Case) throws {
    var whole = Trace()
    let uninterrupted = try run.trainer()
    try whole.advance(uninterrupted, by: 19)
    whole.close(uninterrupted)

    // Stopped in the middle of the first epoch, and of the third.
    var resumed = Trace()
    var trainer = try run.trainer()
    try resumed.advance(trainer, by: 5)
    for steps in [12, 2] {
      let checkpoint = try throughFile(trainer.checkpoint())
      trainer = try run.trainer()
      try trainer.restore(checkpoint)
      try resumed.advance(trainer, by: steps)
    }
    resumed.close(trainer)
    #expect(resumed == whole)
  }

  @Test func knobsAndCountsComeBack() throws {
    let time = Mutex(0.0)
    let trainer = try tinyTrainer(on: LaggedStream(), clock: { time.withLock { $0 } })
    for _ in 0..<8 { _ = try trainer.trainStep() }
    time.withLock { $0 = 90 }
    let loss = try #require(trainer.evaluate(.validation)).loss
    try trainer.change(.learningRate(0.1))
    try trainer.change(.clipNorm(0))
    try trainer.change(.steps(77))
    let other = try tinyTrainer(on: LaggedStream())
    try other.restore(try throughFile(trainer.checkpoint()))
    #expect(other.step == 8 && other.epoch == 2)
    #expect(other.bestValidationLoss == loss)
    #expect(other.recipe == trainer.recipe)
    #expect(try other.trainStep().seconds == 90)
  }

  @Test func theFileNamesWhatItHolds() throws {
    let trainer = try Trainer(
      network: tinyNetwork("lstm", for: LaggedStream()), dataset: LaggedStream(),
      recipe: TrainingRecipe(), seed: 7, config: "{\"name\": \"é\"}")
    _ = try trainer.trainStep()
    let file = trainer.checkpoint().file
    #expect(file["model.lstm.weight_ih_l0"]?.shape == [32, 6])
    #expect(file["optim.exp_avg.lstm.weight_ih_l0"]?.shape == [32, 6])
    #expect(file["optim.exp_avg_sq.linear.bias"]?.shape == [5])
    #expect(file["carry.lstm.h"]?.shape == [4, 8])
    #expect(file["carry.lstm.c"]?.shape == [4, 8])
    #expect(file.metadata["step"] == "1" && file.metadata["epoch"] == "1")
    #expect(file.metadata["config"] == "{\"name\": \"é\"}")
    #expect(file.metadata["engine"] == Kernels.name)
    #expect(file.metadata["best_validation_loss"] == nil)
    #expect(file.metadata["data_fingerprint"] == LaggedStream().fingerprint)
  }

  private func refusal(_ trainer: Trainer, _ checkpoint: Checkpoint) -> String? {
    let before = bits(trainer.network)
    defer { #expect(bits(trainer.network) == before) }
    do throws(TrainingError) {
      try trainer.restore(checkpoint)
      return nil
    } catch {
      #expect(error.kind == .checkpoint)
      return error.description
    }
  }

  @Test func aCheckpointOfAnotherSessionIsRefusedWithTheCure() throws {
    let trainer = try tinyTrainer("gru", on: LaggedStream())
    _ = try trainer.trainStep()
    let checkpoint = trainer.checkpoint()
    #expect(
      refusal(try tinyTrainer("gru", on: LaggedStream(), hidden: 9), checkpoint)
        == "The model needs 'gru.weight_ih_l0' with shape [27, 6], got [24, 6]. "
        + "Open the session that the weights were made with.")
    #expect(
      refusal(try tinyTrainer("lstm", on: LaggedStream()), checkpoint)
        == "The model needs 'lstm.weight_ih_l0' with shape [32, 6], got none. "
        + "Open the session that the weights were made with.")
    #expect(
      refusal(try tinyTrainer("gru", on: LaggedStream(seed: 2)), checkpoint)
        == "The checkpoint was made with other data than 'lagged stream' as it is now. "
        + "Restore the data and their settings, or start a new run.")
    #expect(
      refusal(
        try tinyTrainer("gru", on: LaggedStream(), recipe: .with { $0.optimizer = .sgd }),
        checkpoint)
        == "The checkpoint was made with adam, the session has sgd. Set optimizer to adam, "
        + "or start a new run.")
    #expect(
      refusal(
        try tinyTrainer("gru", on: LaggedStream(), recipe: .with { $0.convention = .keras }),
        checkpoint)
        == "The checkpoint was made with pytorch, the session has keras. Set convention to pytorch, "
        + "or start a new run.")
    var changed = checkpoint
    changed.seed = 8
    #expect(
      refusal(trainer, changed)
        == "The checkpoint was made with seed 8, the session has 7. Set seed to 8, "
        + "or start a new run.")
    changed = checkpoint
    changed.weights.append(("extra", .zeros([2])))
    #expect(
      refusal(trainer, changed)
        == "The model has no 'extra' with shape [2]. "
        + "Open the session that the weights were made with.")
    changed = checkpoint
    changed.cuts[0].states[0].value = .zeros([4, 3])
    #expect(
      refusal(trainer, changed)
        == "The model needs 'gru.h' with shape [4, 8], got [4, 3]. "
        + "Open the session that the weights were made with.")
    changed = checkpoint
    changed.knobs = [.learningRate(0)]
    #expect(
      refusal(trainer, changed)
        == "The checkpoint: training needs learning_rate to be a number from 1e-09 to 1000, got 0.")
  }

  @Test(
    arguments: [
      ("step", "-1", "A checkpoint needs metadata step, got '-1' in 'x'."),
      ("step", "18446744073709551615", nil),
      ("learning_rate", "nan", "A checkpoint needs metadata learning_rate, got 'nan' in 'x'."),
      ("best_validation_loss", "inf", nil),
      ("window", "1", "A checkpoint needs metadata window of at most step 0, got 1 in 'x'."),
      ("seed", nil, "A checkpoint needs metadata seed, got none in 'x'."),
      (
        "format_version", "2", "'x' needs format_version 1, got 2. Use a newer unroll."
      ),
    ] as [(String, String?, String?)])
  func brokenMetadataAreRefused(key: String, value: String?, sentence: String?) throws {
    var file = try tinyTrainer(on: LaggedStream()).checkpoint().file
    file.metadata[key] = value
    do throws(FormatError) {
      _ = try Checkpoint(file, name: "'x'")
      Issue.record("It was read.")
    } catch {
      #expect(error.kind == .badData)
      if let sentence { #expect(error.message == sentence) }
    }
  }

  @Test func aCheckpointOfOtherKernelsComesWithAWarning() throws {
    let trainer = try tinyTrainer(on: FirstSymbol(), recipe: .with { $0.steps = 1 })
    var checkpoint = trainer.checkpoint()
    try trainer.restore(checkpoint)
    #expect(trainer.restoredWarning == nil)
    checkpoint.engine = "other"
    try trainer.restore(checkpoint)
    let driver = Driver()
    _ = driver.run(trainer)
    #expect(
      driver.words[1]
        == "warning: The checkpoint was made by the other kernels and the \(Kernels.name) kernels go on: "
        + "the numbers are as good, but the last bits may differ.")
  }
}
