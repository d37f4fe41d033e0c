import ArgumentParser
import Data
import Dispatch
import Formats
import Foundation
import Training
import Workbench

/// Trains a session without the workbench, or opens the workbench with training started.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a session.",
    discussion: """
      Lines about the run go to standard error, --jsonl to standard output. Control-C finishes the \
      step, saves and leaves; a second one leaves at once. SIGUSR1 saves and goes on.
      """)

  @OptionGroup var options: SessionOptions

  @Flag(help: "Train without the workbench, even on a terminal.")
  var headless = false

  @Option(help: "Training steps in all.")
  var steps: Int?

  @Flag(help: "Print every event as one JSON object a line; implies --headless.")
  var jsonl = false

  @Option(
    name: .customLong("run"),
    help: """
      The run's directory, or 'last'; a run that it holds goes on, with its own session if none is \
      given. By default a new one under runs/.
      """)
  var runDirectory: String?

  func run() throws {
    let runDirectory = try runDirectory == "last" ? TrainedModel.newestRun() : self.runDirectory
    if let runDirectory, !options.namesSessionOrData, RunFolder(runDirectory).session == nil {
      throw Failure(
        "There is no run in \(SafeText.quoted(runDirectory)) that could go on. Check the name, or give the "
          + "session or data of a new one.", status: 66)
    }
    var document = try options.document(ofRun: runDirectory)
    try options.applyThreads()
    if let steps {
      do {
        try document.set("training.steps", to: String(steps))
      } catch {
        throw Failure(error.description, status: 64)
      }
    }
    let runs = runDirectory.map(RunPlace.folder) ?? .under("runs")
    guard headless || jsonl || !Output.isTerminal(STDOUT_FILENO) else {
      return try TerminalLoop.run(document, options, .init(startsTraining: true, runs: runs))
    }
    let run = HeadlessRun(document, options, runs: runs, jsonl: jsonl)
    try run.go()
  }
}

/// Drives a session's run and prints what it says.
private final class HeadlessRun {
  private let session: Session
  private let jsonl: Bool
  private let arrived = DispatchSemaphore(value: 0)
  /// Microseconds in which more may arrive: short steps do not wake this thread one by one.
  private static let gathering: UInt32 = 5_000
  private var lastNote = 0.0
  private var failure: Failure?
  /// Whether steps were done since weights were saved.
  private var isUnsaved = false

  init(_ document: Document, _ options: SessionOptions, runs: RunPlace, jsonl: Bool) {
    self.jsonl = jsonl
    let arrived = arrived
    session = Session(
      document, file: options.session, dataWasTyped: options.dataWasTyped,
      in: SessionEnvironment(
        runs: runs, showsDetail: false, wake: { _ = arrived.signal() }))
  }

  /// Trains to the end, or until a signal.
  func go() throws {
    let arrived = arrived
    let signals = Interruption.watch { _ = arrived.signal() }
    defer { signals.forEach { $0.cancel() } }
    try apply(.train)
    announce()
    while true {
      arrived.wait()
      usleep(Self.gathering)
      for event in session.drain() { show(event) }
      try heedSignals()
      if let failure { throw failure }
      if case .finished(let wasStopped) = session.status.phase {
        session.close()
        if isUnsaved, session.runDirectory != nil {
          throw Failure("The weights of step \(session.status.step) are not saved.", status: 74)
        }
        if wasStopped, let number = Interruption.first { throw ExitCode(128 + number) }
        return
      }
    }
  }

  private func apply(_ command: Command) throws {
    do {
      try session.apply(command)
    } catch {
      throw Failure(error)
    }
  }

  private func heedSignals() throws {
    // A run that has just ended has saved and is about to leave.
    if Interruption.takeSave(), session.status.isActive { try apply(.checkpoint) }
    if Interruption.takeStop(), session.status.isActive {
      Output.note("finishing the step and saving; once more to leave without")
      try apply(.stop)
    }
  }

  private func announce() {
    guard case .success(let dataset) = session.dataset() else { return }
    let metric = dataset.target.metric
    let baselines = dataset.baselines()
    if jsonl {
      let start: JSON = [
        "schema": 1, "event": "start", "session": .string(session.document.name),
        "seed": session.document.seedJSON,
        "data": .string(dataset.summary),
        "baselines": .array(
          baselines.map { baseline in
            [
              "name": .string(baseline.name), metric.rawValue: .number(baseline.value),
              "loss": metric == .bitsPerCharacter
                ? .number(baseline.value * 0.6931471805599453) : .null,
            ]
          }),
      ]
      Output.raw(start.text(.compact) + "\n")
    }
    Output.note("\(session.document.name)  seed \(session.document.seed)  \(dataset.summary)")
    for baseline in baselines {
      Output.note("baseline \(baseline.name): \(metric.text(baseline.value))")
    }
  }

  private func show(_ event: RunEvent) {
    if jsonl, let json = event.json(metric: metric) { Output.raw(json.text(.compact) + "\n") }
    switch event {
    case .stepped(let report):
      isUnsaved = true
      let now = report.seconds
      guard now - lastNote >= (Output.isTerminal(STDERR_FILENO) ? 1 : 10) else { return }
      lastNote = now
      Output.note(
        "step \(report.step)/\(session.status.totalSteps)  loss \(report.loss.formatted(4))  "
          + "\(metric.text(report.metric))  |g| \(report.gradientNorm.formatted(3))  "
          + "\(report.tokensPerSecond.formatted(3)) tokens/s")
    case .validated(let report):
      Output.note(
        "step \(report.step)  \(report.split.rawValue) loss \(report.loss.formatted(4))  "
          + metric.text(report.metric) + (report.isBest ? "  best" : ""))
      if report.split == .test, !report.squaredErrors.isEmpty {
        let errors = report.squaredErrors.map { $0.formatted(3) }.joined(separator: " ")
        Output.note("step \(report.step)  test MSE of each output: \(errors)")
      }
    case .warning(let text, _): Output.note("warning: " + text)
    case .failed(let text, _):
      failure = session.startFailure.map(Failure.init) ?? Failure(text, status: 2)
    case .endedEarly(let patience, let step):
      Output.note("step \(step)  no better validation for \(patience): the run ends")
    case .saved(_, let file, _):
      isUnsaved = false
      Output.note("saved \(file)")
    case .finished(let step, let wasStopped):
      Output.note(wasStopped ? "stopped after step \(step)" : "done: \(step) steps")
    case .started(let step, _, _):
      guard let folder = session.runDirectory else { return }
      Output.note("run \(folder)" + (step > 0 ? " goes on from step \(step)" : ""))
    case .changed, .paused, .resumed, .snapshot: break
    }
  }

  private var metric: Metric {
    guard case .success(let dataset) = session.dataset() else { return .accuracy }
    return dataset.target.metric
  }
}
