import Data
import Engine
import Formats
import Foundation
import Synchronization
import Testing

@testable import Training

@Suite struct RunDirectoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func create(_ name: String = "char lstm", seed: UInt64 = 1) throws -> RunDirectory {
    var random = Random(seed: seed)
    return try RunDirectory.create(
      in: folder.path + "/runs", name: name, session: "{\"format\": 1}\n",
      date: Date(timeIntervalSince1970: 1_795_253_412), using: &random)
  }

  private func trainer(steps: Int, _ change: (inout TrainingRecipe) -> Void = { _ in }) throws
    -> Trainer
  {
    try tinyTrainer(
      on: FirstSymbol(stepsPerEpoch: 2),
      recipe: .with {
        $0.steps = steps
        $0.learningRate = 0.02
        change(&$0)
      })
  }

  @Test func aRunIsNamedAfterItsTimeAndSession() throws {
    var random = Random(seed: 1)
    let date = Date(timeIntervalSince1970: 1_795_253_412)
    let name = RunDirectory.folderName("Char LSTM: ../é", date: date, using: &random)
    #expect(name.wholeMatch(of: /20261121T093012Z-char-lstm-[0-9a-f]{4}/) != nil)
    let blank = RunDirectory.folderName("…", date: date, using: &random)
    #expect(blank.wholeMatch(of: /20261121T093012Z-run-[0-9a-f]{4}/) != nil)
  }

  @Test func aRunOnDiskHoldsWhatItWasAskedAndWhatItFound() throws {
    let directory = try create()
    let driver = Driver()
    _ = driver.run(try trainer(steps: 4), in: directory)
    let run = RunFolder(directory.path)
    #expect(run.session == "{\"format\": 1}\n")
    #expect(run.checkpoints == ["ckpt-00000002.safetensors", "ckpt-00000004.safetensors"])
    #expect(run.best == "ckpt-00000004.safetensors")
    #expect(
      run.history.map(\.words) == [
        "step 1", "step 2", "validation 2 best", "step 3", "step 4", "validation 4 best", "test 4",
      ])
    #expect(try run.newestCheckpoint().checkpoint.step == 4)
    #expect(
      driver.words.filter { $0.hasPrefix("saved") } == ["saved 2 best", "saved 4 best"])
    let summary = try JSON(path: directory.path + "/run.json")
    #expect(summary["best"]?.string == "ckpt-00000004.safetensors")
    #expect(summary["best_validation_loss"]?.double != nil)
  }

  @Test func theLastThreeAndTheBestAreKept() throws {
    let directory = try create()
    let trainer = try trainer(steps: 99)
    for step in 1...6 {
      _ = try trainer.trainStep()
      #expect(
        try directory.save(trainer.checkpoint(), isBest: step == 2)
          == "ckpt-0000000\(step).safetensors")
    }
    let run = RunFolder(directory.path)
    #expect(run.checkpoints.map { $0.dropFirst(12).first } == ["2", "4", "5", "6"])
    #expect(run.best == "ckpt-00000002.safetensors")
    #expect(try run.bestCheckpoint().checkpoint.step == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(names.allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test func aFutureThatTheRunLeftIsForgotten() throws {
    let directory = try create()
    let trainer = try trainer(steps: 99)
    _ = try trainer.trainStep()
    let early = trainer.checkpoint()
    for _ in 0..<3 {
      _ = try trainer.trainStep()
      _ = try directory.save(trainer.checkpoint(), isBest: true)
    }
    _ = try directory.save(early, isBest: false)
    #expect(RunFolder(directory.path).checkpoints == ["ckpt-00000001.safetensors"])
    #expect(RunFolder(directory.path).best == nil)
  }

  @Test func aDamagedCheckpointIsPassedOverAndNamed() throws {
    let directory = try create()
    _ = Driver().run(try trainer(steps: 4), in: directory)
    let path = directory.path + "/ckpt-00000004.safetensors"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[bytes.count - 3] ^= 4
    try bytes.write(to: URL(fileURLWithPath: path))
    let found = try RunFolder(directory.path).newestCheckpoint()
    #expect(found.checkpoint.step == 2 && found.file == "ckpt-00000002.safetensors")
    #expect(found.warnings.count == 1)
    #expect(found.warnings[0].contains("ckpt-00000004.safetensors"))
    #expect(found.warnings[0].hasSuffix(" The checkpoint before it is used."))
    #expect(try RunFolder(directory.path).bestCheckpoint().checkpoint.step == 2)
    let driver = Driver()
    let resumed = try trainer(steps: 6)
    try resumed.restore(found.checkpoint)
    driver.control.change(.steps(6))
    _ = driver.run(resumed, in: directory, warnings: found.warnings)
    #expect(driver.words[1] == "warning: " + found.warnings[0])
    #expect(try RunFolder(directory.path).newestCheckpoint().warnings.isEmpty)
  }

  @Test func aRunWithoutACheckpointSaysWhatToDo() throws {
    let directory = try create()
    #expect(
      throws: FormatError(
        .noInput,
        "Run '\(directory.path)' needs a checkpoint, got none. Train it first, or choose another run."
      )
    ) {
      try RunFolder(directory.path).newestCheckpoint()
    }
  }

  @Test func oneProcessWritesARun() throws {
    let directory = try create()
    do throws(FormatError) {
      _ = try RunDirectory(opening: directory.path)
      Issue.record("Two hold the lock.")
    } catch {
      #expect(error.kind == .locked)
    }
  }

  @Test func aResumedRunOnDiskEndsWithTheSameBits() throws {
    let whole = try trainer(steps: 9)
    let wholeEvents = Driver()
    _ = wholeEvents.run(whole)

    let directory = try create()
    let first = Driver { event, control in
      if event.words == "step 5" { control.order(.stop) }
    }
    _ = first.run(try trainer(steps: 9), in: directory)
    let again = try trainer(steps: 9)
    let found = try RunFolder(directory.path).newestCheckpoint()
    #expect(found.checkpoint.step == 5)
    try again.restore(found.checkpoint)
    _ = Driver().run(again, in: directory)
    #expect(bits(again.network) == bits(whole.network))
    #expect(
      RunFolder(directory.path).history.map(\.words)
        == wholeEvents.events.filter(\.isMetric).map(\.words))
  }

  @Test func aCheckpointIsWrittenWhenTheUserAsks() throws {
    let directory = try create()
    let driver = Driver { event, control in
      if event.words == "step 1" { control.save() }
    }
    _ = driver.run(try trainer(steps: 2) { $0.validateEvery = 100 }, in: directory)
    #expect(driver.words.filter { $0.hasPrefix("saved") } == ["saved 1", "saved 2 best"])
  }

  @Test func theBestIsSavedWhateverTheCheckpointsInterval() throws {
    let driver = Driver()
    let trainer = try trainer(steps: 3) {
      $0.validateEvery = 1
      $0.checkpointEvery = 100
    }
    _ = driver.run(trainer, in: try create())
    let words = driver.words
    #expect(words.contains("validation 1 best") && words.contains("saved 1 best"))
    #expect(
      words.filter { $0.hasPrefix("validation") && $0.hasSuffix("best") }.count
        == words.filter { $0.hasPrefix("saved") && $0.hasSuffix("best") }.count)
  }

  @Test func metricsAreOnDiskWithinASecondOrTwo() throws {
    let directory = try create()
    let time = Mutex(0.0)
    let trainer = try tinyTrainer(
      on: FirstSymbol(stepsPerEpoch: 100), recipe: .with { $0.steps = 5 },
      clock: { time.withLock { $0 } })
    let found = Mutex<[Int]>([])
    let driver = Driver { event, _ in
      guard case .stepped = event else { return }
      found.withLock { $0.append(RunFolder(directory.path).history.count) }
      time.withLock { $0 += 0.6 }
    }
    _ = driver.run(trainer, in: directory)
    #expect(found.withLock { $0 } == [0, 1, 1, 1, 4])
  }

  @Test func aFailedSaveIsAWarningAndTheNextOneIsTried() throws {
    let directory = try create()
    // A folder stands where the first checkpoint should go.
    let blocked = directory.path + "/ckpt-00000002.safetensors"
    try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: false)
    let driver = Driver()
    #expect(driver.run(try trainer(steps: 4), in: directory) == .finished)
    #expect(
      driver.words.filter { $0.hasPrefix("warning") || $0.hasPrefix("saved") } == [
        "warning: Cannot save '\(blocked)': it is a folder. Choose another name. "
          + "Training goes on; the next checkpoint is tried as usual.",
        "saved 4 best",
      ])
  }

  @Test func trainingGoesOnWhenTheFolderIsGone() throws {
    let directory = try create()
    try FileManager.default.removeItem(atPath: directory.path)
    let driver = Driver()
    let alone = try trainer(steps: 4)
    #expect(driver.run(alone, in: directory) == .finished)
    let without = try trainer(steps: 4)
    _ = Driver().run(without)
    #expect(bits(alone.network) == bits(without.network))
    let warnings = driver.words.filter { $0.hasPrefix("warning") }
    #expect(
      warnings.contains(
        "warning: Cannot write '\(directory.path)/metrics.jsonl': No such file or directory. "
          + "The lines are kept for later."))
  }

  @Test func aRunThatDivergesKeepsItsLastGoodWeights() throws {
    let directory = try create()
    let data = FirstSymbol(stepsPerEpoch: 2, poison: (3, .infinity))
    let trainer = try tinyTrainer(on: data, recipe: .with { $0.steps = 9 })
    _ = Driver().run(trainer, in: directory)
    let found = try RunFolder(directory.path).newestCheckpoint()
    #expect(found.checkpoint.step == 3)
    #expect(found.checkpoint.weights.allSatisfy { $0.value.isFinite })
  }

  @Test func weightsThatAreNotFiniteAreNotSaved() throws {
    let directory = try create()
    let trainer = try trainer(steps: 9)
    let weight = trainer.parameters[0].parameter
    let driver = Driver { event, _ in
      guard event.words == "step 3" else { return }
      weight.assign(.filled(with: .nan, weight.value.shape))
    }
    guard case .failed = driver.run(trainer, in: directory) else {
      Issue.record("It did not fail.")
      return
    }
    #expect(RunFolder(directory.path).checkpoints == ["ckpt-00000002.safetensors"])
  }

  @Test func metricsGoOnBehindALineThatACrashCutShort() throws {
    let directory = try create()
    let path = directory.path + "/metrics.jsonl"
    try Data("{\"schema\":1,\"st".utf8).write(to: URL(fileURLWithPath: path))
    directory.append("{\"a\":1}")
    try directory.flushMetrics()
    directory.append("{\"b\":2}")
    try directory.flushMetrics()
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "{\"schema\":1,\"st\n{\"a\":1}\n{\"b\":2}\n")
  }
}
