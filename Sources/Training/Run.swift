import Data
import Engine
import Formats

/// Trains until all steps are done or the user says stop, and tells of it.
///
/// A run goes on the queue that calls it. Between steps it reads what the user wants from a
/// `RunControl`; whatever happens goes into a `Mailbox`, and into the run's directory if there is
/// one. Nothing that goes wrong with the directory ends training.
public final class Run {
  /// How a run ended.
  public enum Outcome: Sendable, Equatable {
    /// All steps are done.
    case finished
    /// The user stopped it.
    case stopped
    /// It could not go on.
    case failed(TrainingError)
  }

  private let trainer: Trainer
  private let control: RunControl
  private let mailbox: Mailbox
  private let directory: RunDirectory?
  private let detailInterval: Double?
  /// The largest share of the time that closer looks take.
  private static let detailShare = 0.005
  private let warnings: [String]

  private var isPaused = false
  private var nextDetail = -Double.infinity
  private var lastFlush = -Double.infinity
  private var validatedStep: Int?
  private var savedStep: Int?
  private var metricsFailed = false

  /// A run of `trainer` from where it stands.
  ///
  /// The closer look is taken at most every `detailInterval` seconds (nil: never), less often where
  /// it takes long, and at every single step that the user asks for. `warnings` are told first, such
  /// as those of `RunFolder.Found`.
  public init(
    _ trainer: Trainer, control: RunControl, mailbox: Mailbox, directory: RunDirectory? = nil,
    detailInterval: Double? = 0.1, warnings: [String] = []
  ) {
    self.trainer = trainer
    self.control = control
    self.mailbox = mailbox
    self.directory = directory
    self.detailInterval = detailInterval
    self.warnings = warnings + [trainer.restoredWarning].compactMap { $0 }
    let saved = directory.map { RunFolder($0.path).checkpoints } ?? []
    savedStep = saved.contains(RunDirectory.fileName(step: trainer.step)) ? trainer.step : nil
  }

  /// Trains; returns when the run is over.
  public func callAsFunction() -> Outcome {
    post(
      .started(
        step: trainer.step, totalSteps: trainer.recipe.steps,
        stepsPerEpoch: trainer.stepsPerEpoch))
    for warning in warnings { warn(warning) }
    var request = control.next()
    while true {
      serve(request)
      if request.order == .stop { return end(.stopped) }
      if trainer.isDone { return end(.finished) }
      if trainer.isValidationDue {
        // The run before this one was stopped in the middle of it.
        if validate(.validation) { save(isBest: true) }
        if trainer.isDone { return end(.finished) }
      }
      if request.order == .pause {
        pause()
        request = control.wait()
        continue
      }
      resume()
      do throws(TrainingError) {
        try step(isSingle: request.order == .steps(1))
      } catch {
        return end(.failed(error))
      }
      request = control.next()
    }
  }

  /// Does what the user wants besides going on: knobs first, so that a checkpoint has them.
  private func serve(_ request: RunControl.Request) {
    for knob in request.knobs {
      do throws(TrainingError) {
        try trainer.change(knob)
        post(.changed(knob, step: trainer.step + 1))
      } catch {
        warn(error.description)
      }
    }
    if request.wantsSnapshot { post(.snapshot(trainer.snapshot())) }
    if request.wantsCheckpoint { save(isBest: false) }
  }

  private func pause() {
    guard !isPaused else { return }
    isPaused = true
    trainer.pauseClock()
    post(.paused(step: trainer.step))
    flushMetrics()
  }

  private func resume() {
    guard isPaused else { return }
    isPaused = false
    trainer.resumeClock()
    post(.resumed(step: trainer.step))
  }

  private func step(isSingle: Bool) throws(TrainingError) {
    let now = trainer.clock()
    let isLast = trainer.step + 1 == trainer.recipe.steps
    let detail = isSingle || detailInterval != nil && (isLast || now >= nextDetail)
    post(.stepped(try trainer.trainStep(detail: detail)))
    if detail, let detailInterval {
      nextDetail = now + max(detailInterval, trainer.secondsOfDetail / Self.detailShare)
    }
    let recipe = trainer.recipe
    let validates = trainer.isValidationDue && !trainer.isDone
    let isBest = validates && validate(.validation)
    let saves = recipe.checkpointEvery > 0 ? trainer.step % recipe.checkpointEvery == 0 : validates
    if isBest || saves { save(isBest: isBest) }
    if now - lastFlush >= 1 { flushMetrics() }
  }

  /// Measures the loss on a split; true when it is the lowest one on the validation split.
  ///
  /// A long pass does not keep the user waiting for a stop or for a copy of the weights.
  private func validate(_ split: Split) -> Bool {
    let report = trainer.evaluate(split) {
      if control.takeSnapshotRequest() { post(.snapshot(trainer.snapshot())) }
      return !control.isStopped
    }
    guard let report else { return false }
    if split == .validation { validatedStep = trainer.step }
    post(.validated(report))
    if !report.loss.isFinite { warn("The \(split.rawValue) loss is not finite.") }
    return report.isBest
  }

  private func end(_ outcome: Outcome) -> Outcome {
    var isBest = false
    if outcome == .finished, trainer.isOutOfPatience {
      post(.endedEarly(trainer.recipe.patience, step: trainer.step))
    }
    if outcome == .finished, validatedStep != trainer.step { isBest = validate(.validation) }
    if isBest || (savedStep != trainer.step && trainer.isSound) {
      save(isBest: isBest, isLast: true)
    }
    if outcome == .finished { _ = validate(.test) }
    flushMetrics()
    switch outcome {
    case .finished: post(.finished(step: trainer.step, wasStopped: false))
    case .stopped: post(.finished(step: trainer.step, wasStopped: true))
    case .failed(let error): post(.failed(error.description, step: trainer.step))
    }
    flushMetrics()
    return outcome
  }

  private func save(isBest: Bool, isLast: Bool = false) {
    guard let directory else { return }
    do throws(FormatError) {
      let file = try directory.save(trainer.checkpoint(), isBest: isBest)
      savedStep = trainer.step
      post(.saved(step: trainer.step, file: file, isBest: isBest))
    } catch {
      let rest =
        isLast
        ? "The weights of step \(trainer.step) are not saved."
        : "Training goes on; the next checkpoint is tried as usual."
      warn("\(error.message) \(rest)")
    }
    flushMetrics()
  }

  private func flushMetrics() {
    lastFlush = trainer.clock()
    guard let directory else { return }
    do throws(FormatError) {
      try directory.flushMetrics()
      metricsFailed = false
    } catch {
      // Once is enough: the lines are kept and written when there is room again.
      if !metricsFailed { warn(error.message) }
      metricsFailed = true
    }
  }

  private func warn(_ sentence: String) { post(.warning(sentence, step: trainer.step)) }

  private func post(_ event: RunEvent) {
    if let directory, event.isMetric,
      let line = event.json(metric: trainer.dataset.target.metric)?.text(.compact)
    {
      directory.append(line)
    }
    mailbox.post(event)
  }
}
