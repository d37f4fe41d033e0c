import Data
import Dispatch
import Engine
import Synchronization
import Testing

@testable import Training

@Suite struct RunTests {
  private func trainer(
    steps: Int, data: FirstSymbol = FirstSymbol(stepsPerEpoch: 3),
    _ change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> Trainer {
    try tinyTrainer(
      on: data,
      recipe: .with {
        $0.steps = steps
        $0.learningRate = 0.02
        change(&$0)
      })
  }

  @Test func aRunTellsOfItsStepsEpochsAndEnd() throws {
    let driver = Driver()
    #expect(driver.run(try trainer(steps: 7)) == .finished)
    #expect(
      driver.words == [
        "started 0/7 by 3", "step 1", "step 2", "step 3", "validation 3 best", "step 4", "step 5",
        "step 6", "validation 6 best", "step 7", "validation 7 best", "test 7", "finished 7",
      ])
  }

  @Test func validationComesAsOftenAsTheRecipeSays() throws {
    let driver = Driver()
    _ = driver.run(try trainer(steps: 4) { $0.validateEvery = 2 })
    #expect(
      driver.words.filter { $0.hasPrefix("validation") } == [
        "validation 2 best", "validation 4 best",
      ])
  }

  @Test func pauseAndOneStepAndGoingOn() throws {
    let driver = Driver(.pause) { event, control in
      switch event.words {
      case "paused 0": control.order(.steps(1))
      case "paused 1": control.order(.steps(2))
      case "paused 3": control.order(.run)
      default: break
      }
    }
    #expect(driver.run(try trainer(steps: 4) { $0.validateEvery = 100 }) == .finished)
    #expect(
      driver.words == [
        "started 0/4 by 3", "paused 0", "resumed 0", "step 1", "paused 1", "resumed 1", "step 2",
        "step 3", "paused 3", "resumed 3", "step 4", "validation 4 best", "test 4", "finished 4",
      ])
  }

  @Test func stopEndsTheRunWhereItIs() throws {
    let driver = Driver { event, control in
      if event.words == "step 2" { control.order(.stop) }
    }
    #expect(driver.run(try trainer(steps: 100)) == .stopped)
    #expect(driver.words == ["started 0/100 by 3", "step 1", "step 2", "finished 2 stopped"])
  }

  @Test func stopCutsAValidationShort() throws {
    let trainer = try trainer(steps: 100)
    let driver = Driver { event, control in
      if event.words == "step 3" { control.order(.stop) }
    }
    #expect(driver.run(trainer) == .stopped)
    #expect(driver.words.last == "finished 3 stopped")
    #expect(!driver.words.contains { $0.hasPrefix("validation") })
  }

  @Test func knobsTakeEffectAtTheNextStepAlsoWhilePaused() throws {
    let driver = Driver { event, control in
      switch event.words {
      case "step 1": control.order(.pause)
      case "paused 1":
        control.change(.learningRate(0.5))
        control.change(.steps(3))
        control.change(.clipNorm(-1))
      case "warning: training needs clip_norm to be a number from 0 to 1000000000, got -1.":
        control.order(.run)
      default: break
      }
    }
    _ = driver.run(try trainer(steps: 100))
    let words = driver.words
    #expect(words.contains("learning_rate 0.5 2") && words.contains("steps 3 2"))
    #expect(words.last == "finished 3")
    let rates = driver.events.compactMap { event -> Double? in
      if case .stepped(let report) = event { report.learningRate } else { nil }
    }
    #expect(rates == [0.02, 0.5, 0.5])
  }

  @Test func aSnapshotIsAnsweredWhileTheRunIsPaused() throws {
    let driver = Driver { event, control in
      switch event.words {
      case "step 2": control.order(.pause)
      case "paused 2": control.snapshot()
      case "snapshot 2": control.order(.stop)
      default: break
      }
    }
    _ = driver.run(try trainer(steps: 100))
    #expect(driver.words.suffix(3) == ["paused 2", "snapshot 2", "finished 2 stopped"])
  }

  @Test func aSnapshotIsAnsweredInTheMiddleOfAValidation() throws {
    let driver = Driver { event, control in
      if event.words == "step 3" { control.snapshot() }
    }
    _ = driver.run(try trainer(steps: 4))
    #expect(
      driver.words.prefix(6) == [
        "started 0/4 by 3", "step 1", "step 2", "step 3", "snapshot 3", "validation 3 best",
      ])
    #expect(driver.words.filter { $0.hasPrefix("snapshot") }.count == 1)
  }

  @Test func aWaitingRunIsWokenFromAnotherThread() throws {
    let control = RunControl(.pause)
    let arrived = DispatchSemaphore(value: 0)
    let mailbox = Mailbox { arrived.signal() }
    let network = try tinyNetwork("gru", for: FirstSymbol())
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "run").async {
      let trainer = try? Trainer(
        network: network, dataset: FirstSymbol(), recipe: TrainingRecipe(), seed: 7)
      if let trainer { _ = Run(trainer, control: control, mailbox: mailbox)() }
      done.signal()
    }
    var words: [String] = []
    func wait(for word: String) -> Bool {
      while !words.contains(word) {
        guard arrived.wait(timeout: .now() + 20) == .success else { return false }
        words += mailbox.drain().map(\.words)
      }
      return true
    }
    #expect(wait(for: "paused 0"))
    control.snapshot()
    #expect(wait(for: "snapshot 0"))
    control.order(.steps(2))
    #expect(wait(for: "paused 2"))
    control.order(.stop)
    #expect(wait(for: "finished 2 stopped"))
    #expect(done.wait(timeout: .now() + 20) == .success)
  }

  @Test func howARunIsDrivenChangesNoBit() throws {
    let plain = try trainer(steps: 6)
    _ = Driver().run(plain)
    let driven = try trainer(steps: 6)
    _ = Driver(.steps(1)) { event, control in
      control.snapshot()
      if case .paused = event { control.order(.steps(1)) }
    }.run(driven, detailInterval: 0)
    #expect(bits(plain.network) == bits(driven.network))
  }

  @Test func theCloserLookIsTakenAtIntervalsAndAtEverySingleStep() throws {
    let time = Mutex(0.0)
    let data = FirstSymbol(stepsPerEpoch: 100)
    let trainer = try tinyTrainer(
      on: data, recipe: .with { $0.steps = 8 }, clock: { time.withLock { $0 } })
    let driver = Driver { event, control in
      guard case .stepped(let report) = event else {
        if case .paused = event { control.order(.steps(1)) }
        return
      }
      time.withLock { $0 += 0.04 }
      if report.step == 6 { control.order(.pause) }
    }
    _ = driver.run(trainer, detailInterval: 0.1)
    let looked = driver.events.compactMap { event -> Int? in
      if case .stepped(let report) = event, report.detail != nil { report.step } else { nil }
    }
    #expect(looked == [1, 4, 7, 8])
  }

  @Test func secondsLeavePausesOut() throws {
    let time = Mutex(0.0)
    let trainer = try tinyTrainer(
      on: FirstSymbol(), recipe: .with { $0.steps = 2 }, clock: { time.withLock { $0 } })
    let driver = Driver { event, control in
      switch event.words {
      case "step 1":
        time.withLock { $0 += 1 }
        control.order(.pause)
      case "paused 1":
        time.withLock { $0 += 1000 }
        control.order(.run)
      default: break
      }
    }
    _ = driver.run(trainer)
    let seconds = driver.events.compactMap { event -> Double? in
      if case .stepped(let report) = event { report.seconds } else { nil }
    }
    #expect(seconds == [0, 1])
  }

  @Test func aRunThatDivergesSaysSoAndIsOver() throws {
    let data = FirstSymbol(stepsPerEpoch: 3, poison: (4, .nan))
    let driver = Driver()
    let outcome = driver.run(try trainer(steps: 100, data: data))
    let sentence =
      "The input of step 5 (epoch 2) is not finite: time step 2, sequence 3. Repair the data. "
      + "Parameters were kept from step 4."
    #expect(outcome == .failed(TrainingError(.diverged, sentence)))
    #expect(driver.words.suffix(2) == ["step 4", "failed: " + sentence])
  }

  @Test func aFinishedRunGoesOnWithMoreSteps() throws {
    let trainer = try trainer(steps: 2)
    #expect(Driver().run(trainer) == .finished)
    let driver = Driver()
    driver.control.change(.steps(4))
    #expect(driver.run(trainer) == .finished)
    #expect(
      driver.words.prefix(4) == ["started 2/2 by 3", "steps 4 3", "step 3", "validation 3 best"])
  }
}
