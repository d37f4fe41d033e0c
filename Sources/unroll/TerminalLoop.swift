import Canvas
import Data
import Dispatch
import Formats
import Foundation
import Inspection
import Screens
import Synchronization
import Terminal
import Training
import Workbench

/// The event loop: terminal events and the run's events in, effects done, frames out.
///
/// Keys are answered at once. What the run says is shown at most 15 times a second, and less often
/// where that would take this thread more than a hundredth of the time, which is the run's.
final class TerminalLoop {
  /// How the workbench is opened.
  struct Options {
    var ascii = false
    var light = false
    var startsTraining = false
    /// Where runs are kept.
    var runs = RunPlace.under("runs")
  }

  private static let framePeriod = Duration.milliseconds(66)
  /// How many times as long as the news of a run took to show, others have to wait.
  private static let rest = 100

  private let terminal: Terminal
  private let session: Session
  private let inbox = Inbox()
  private let experiments: ExperimentRunner
  private var state: AppState
  private var baselines: [Baseline] = []
  private var padding: PaddingShares?
  private var mayDiscardEdits = false
  private var exitStatus: Int32?

  private let clock = ContinuousClock()
  private var lastFrame: ContinuousClock.Instant
  /// When news of the run may be shown again.
  private var nextNews: ContinuousClock.Instant
  private var isRunDue = false
  private var isFrameDue = true

  /// Opens the workbench on `document`, which `source` led to, until the user leaves.
  static func run(_ document: Document, _ source: SessionOptions, _ options: Options) throws {
    var terminalOptions = TerminalOptions()
    if options.ascii { terminalOptions.glyphs = .ascii }
    terminalOptions.light = options.light
    terminalOptions.crashNote = "unroll crashed. Unsaved edits are kept and taken up next time.\n"
    let terminal: Terminal
    do {
      terminal = try Terminal.open(terminalOptions)
    } catch {
      throw Failure(error.description + " Or use 'unroll train'.", status: 64)
    }
    var environment = SessionEnvironment.user(runs: options.runs, wake: { Terminal.wake() })
    if source.session == nil, case .folder(let folder) = options.runs {
      // Edits of a run's own session belong to that run, not to the next session without a file.
      environment.stateDirectory = folder
    }
    let session = Session(
      document, file: source.session, dataWasTyped: source.dataWasTyped, in: environment)
    let experiments = ExperimentRunner(
      stateDirectory: SessionEnvironment.user(runs: options.runs, wake: {}).stateDirectory)
    let status = TerminalLoop(terminal, session, experiments).loop(
      startsTraining: options.startsTraining)
    terminal.close()
    if let farewell = session.farewell { Output.note(farewell) }
    if status != 0 { Glibc.exit(status) }
  }

  private init(_ terminal: Terminal, _ session: Session, _ experiments: ExperimentRunner) {
    self.experiments = experiments
    self.terminal = terminal
    self.session = session
    state = AppState(SessionView(session))
    state.secondsFromUTC = TimeZone.current.secondsFromGMT()
    lastFrame = clock.now - Self.framePeriod
    nextNews = clock.now
  }

  private func loop(startsTraining: Bool) -> Int32 {
    update(.resized(width: terminal.width, height: terminal.height))
    draw()
    measureBaselines()
    update(.experiment(.kept(experiments.keptReports())))
    let news = session.journal.entries.map(\.text)
    if !news.isEmpty { update(.done(news.joined(separator: "; "), view)) }
    if startsTraining {
      state.screen = .train
      perform([.command(.train)])
    }
    while exitStatus == nil {
      handleEvents()
      for event in inbox.empty() { update(event) }
      if let measured = inbox.takeBaselines(), measured.recipe == session.document.data {
        baselines = measured.baselines
        padding = measured.padding
        update(.run([], view))
      }
      if isRunDue, clock.now >= nextNews { showNews() } else if isFrameDue { draw() }
    }
    session.close()
    if mayDiscardEdits { session.discardAutosave() }
    session.leavePlace()
    return exitStatus ?? 0
  }

  /// How long to wait for the terminal: until the next frame of a run that has news.
  private var patience: Duration? {
    isRunDue ? max(.zero, nextNews - clock.now) : nil
  }

  /// Waits for the terminal, then takes what else has come: one frame shows it all.
  private func handleEvents() {
    var wait = patience
    while let event = terminal.nextEvent(timeout: wait) {
      handle(event)
      if exitStatus != nil || clock.now >= lastFrame + Self.framePeriod { return }
      wait = .zero
    }
  }

  private func handle(_ event: TerminalEvent) {
    switch event {
    case .key(let key): update(.key(key))
    case .resize(let width, let height): update(.resized(width: width, height: height))
    case .wake: isRunDue = true
    case .output(let line): session.note("printed: " + line)
    case .hangUp: exitStatus = 129
    case .terminate(let signal): exitStatus = 128 + signal
    }
  }

  /// Shows what the run has said, and notes how long that took.
  private func showNews() {
    let began = ThreadTime.now
    isRunDue = false
    let events = session.drain()
    if !events.isEmpty { update(.run(events, state.session.following(session))) }
    if isFrameDue { draw() }
    nextNews = lastFrame + max(Self.framePeriod, (ThreadTime.now - began) * Self.rest)
  }

  private func update(_ event: AppEvent) {
    isFrameDue = true
    perform(App.update(&state, event))
  }

  private func perform(_ effects: [Effect]) {
    for effect in effects {
      do {
        try perform(effect)
      } catch {
        update(.failed(Failure(error).message))
      }
    }
  }

  private func perform(_ effect: Effect) throws {
    switch effect {
    case .command(let command):
      let before = session.document
      let answer = try session.apply(command)
      let after = session.document
      if after.data != before.data
        || after.training.loss.placesPoints != before.training.loss.placesPoints
      {
        measureBaselines()
      }
      update(.applied(answer, view))
    case .save(let name, let isReplacing):
      try session.save(as: name, replacing: isReplacing)
      update(.done("saved \(session.file ?? "")", view))
    case .record(let example, let asInTraining, let silenced):
      session.inspect(
        example: example, asInTraining: asInTraining, without: silenced,
        deliver: posting(AppEvent.recorded))
    case .clamp(let clamps, let example, let asInTraining, let silenced):
      session.clamp(
        clamps, example: example, asInTraining: asInTraining, without: silenced,
        deliver: posting(AppEvent.clamped))
    case .ablate(let silenced, let example):
      session.ablate(silenced, example: example, deliver: posting(AppEvent.ablated))
    case .stopAblating: session.stopAblating()
    case .followGradients(let example):
      session.followGradients(example: example, deliver: posting(AppEvent.followed))
    case .measureTruncation:
      session.measureTruncation(deliver: posting(AppEvent.measuredTruncation))
    case .stopMeasuringTruncation: session.stopMeasuringTruncation()
    case .previewData: session.previewData(deliver: posting(AppEvent.previewed))
    case .readSample(let index, let split):
      session.readSample(index, of: split, deliver: posting(AppEvent.sample))
    case .readBatch(let number):
      session.readBatch(number ?? session.batchNumber, deliver: posting(AppEvent.batch))
    case .write(let wish):
      session.write(wish, deliver: posting(AppEvent.wrote, failure: AppEvent.couldNotWrite))
    case .forecast(let wish, let example):
      session.forecast(wish, example: example, deliver: posting(AppEvent.forecasted))
    case .readWeights: session.readWeights(deliver: posting(AppEvent.weights))
    case .stopReadingWeights: session.stopReadingWeights()
    case .experiment(let name, let seed):
      let inbox = inbox
      experiments.start(name, seed: seed) { inbox.put(.experiment($0)) }
    case .stopExperiment: experiments.stop()
    case .redraw: terminal.redraw()
    case .suspend: terminal.suspend()
    case .quit:
      mayDiscardEdits = true
      exitStatus = 0
    case .interrupt: exitStatus = 0
    }
  }

  /// Puts what another thread finds out into the inbox as the event that `event` makes of it.
  private func posting<Found>(
    _ event: @escaping @Sendable (Found) -> AppEvent,
    failure: @escaping @Sendable (String) -> AppEvent = AppEvent.failed
  ) -> @Sendable (Result<Found, SessionError>) -> Void {
    let inbox = inbox
    return { result in
      switch result {
      case .success(let found): inbox.put(event(found))
      case .failure(let error): inbox.put(failure(error.description))
      }
    }
  }

  /// Simple methods take a moment to fit, and batches to be counted, so the first frames do without
  /// them.
  private func measureBaselines() {
    (baselines, padding) = ([], nil)
    guard case .success(let dataset) = session.dataset() else { return }
    let (inbox, recipe) = (inbox, session.document.data)
    let padding = session.paddingMeasurement()
    DispatchQueue.global(qos: .utility).async {
      inbox.put(Measured(recipe: recipe, baselines: dataset.baselines(), padding: padding()))
    }
  }

  private var view: SessionView { SessionView(session, baselines: baselines, padding: padding) }

  private func draw() {
    var canvas = Canvas(
      width: terminal.width, height: terminal.height, capabilities: terminal.capabilities)
    App.view(state, on: &canvas)
    terminal.draw(canvas)
    lastFrame = clock.now
    isFrameDue = false
  }
}

extension Session {
  /// Where the run of this visit is and how it goes on; nil when nothing of one was saved.
  fileprivate var farewell: String? {
    guard let runDirectory, !RunFolder(runDirectory).checkpoints.isEmpty else { return nil }
    let place = "The run is in \(runDirectory), \(status.step) of \(status.totalSteps) steps done."
    guard status.step < status.totalSteps else { return place }
    return place + "\nGo on with: unroll train --run \(runDirectory)"
  }
}

/// What simple methods reach on the data of a recipe, and how much of them is padding.
private struct Measured: Sendable {
  let recipe: DataRecipe
  let baselines: [Baseline]
  let padding: PaddingShares?
}

/// What other threads have for the loop.
private final class Inbox: Sendable {
  private let events = Mutex<[AppEvent]>([])
  private let measured = Mutex<Measured?>(nil)

  func put(_ event: AppEvent) {
    events.withLock { $0.append(event) }
    Terminal.wake()
  }

  func put(_ baselines: Measured) {
    measured.withLock { $0 = baselines }
    Terminal.wake()
  }

  func empty() -> [AppEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }

  func takeBaselines() -> Measured? {
    measured.withLock { measured in
      defer { measured = nil }
      return measured
    }
  }
}
