import Data
import Dispatch
import Foundation
import Inspection
import Layers
import Training

/// The session object: a document, its commands, its journal and its run.
///
/// Whoever drives it, the screens, the command line or a test, says `apply(_:)` and reads what
/// changed. It belongs to one thread; only its run works on another.
public final class Session {
  /// What the user edits and saves.
  public private(set) var document: Document
  /// Every command so far.
  public private(set) var journal = Journal()
  /// Where the run stands, as far as `drain()` has heard.
  public private(set) var status = RunStatus()
  /// The directory of the run that goes on or ended last; nil when it could not be made.
  public var runDirectory: String? { run?.folder }
  /// The file that `save()` writes; nil for a session that has none yet.
  public private(set) var file: String?
  /// What the file holds.
  public private(set) var savedDocument: Document?
  /// The edits that can be undone.
  public var undoDepth: Int { history.depth }
  /// Whether there is something that the file does not have.
  public var isDirty: Bool { document != savedDocument }

  private var history = History()
  private var run: RunController?
  private var loaded: (recipe: DataRecipe, result: Result<any Dataset, SessionError>)?
  private let autosave: Autosave?
  private let place: RunPlace
  private let openedSource: DataRecipe.Source
  private var inspections: [Inspection] = []
  private let inspectionQueue = DispatchQueue(label: "unroll.inspection", qos: .userInitiated)
  private let clock: @Sendable () -> Double
  private let wake: @Sendable () -> Void

  /// A session that edits `document`, which `file` holds if there is one.
  ///
  /// Edits that an earlier session did not save are taken up again; `undo` takes them back.
  public init(_ document: Document, file: String? = nil, in environment: SessionEnvironment) {
    self.document = document
    self.file = file
    savedDocument = document
    place = environment.runs
    openedSource = document.data.source
    clock = environment.clock
    wake = environment.wake
    autosave = environment.stateDirectory.map {
      Autosave(directory: $0, file: file, name: document.name)
    }
    if let recovered = autosave?.recover(), recovered != document {
      history.record(.redo, changing: document)
      self.document = recovered
      note("unsaved edits of the last session were taken up again; undo takes them back")
    }
  }

  // MARK: What the screens show

  /// The data of the document, or why they cannot be had. Loaded once a recipe.
  public func dataset() -> Result<any Dataset, SessionError> {
    if let loaded, loaded.recipe == document.data { return loaded.result }
    let result = document.loadData(
      beside: file, wasTyped: document.data.source != openedSource || file == nil)
    loaded = (document.data, result)
    return result
  }

  /// Every layer's shapes and parameters; empty when the data cannot be had.
  public func rows() -> [ModelSpec.Row] {
    guard case .success(let dataset) = dataset() else { return [] }
    return document.model.rows(for: dataset.input)
  }

  /// Why the document cannot be trained as it is; nil when it can.
  public func obstacle() -> SessionError? {
    switch dataset() {
    case .failure(let error): error
    case .success(let dataset): document.obstacle(for: dataset)
    }
  }

  // MARK: Commands

  /// Does what `command` says and returns what happened, in a few words.
  @discardableResult
  public func apply(_ command: Command) throws(SessionError) -> String {
    let answer: String
    switch command {
    case .undo: answer = try travel(back: true)
    case .redo: answer = try travel(back: false)
    case .add, .delete, .move, .set, .rename: answer = try edit(command)
    case .train: answer = try train()
    case .restart: answer = try start(from: nil)
    case .pause: answer = try order(.pause, "pausing after this step")
    case .resume: answer = try order(.run, "going on")
    case .step(let count): answer = try step(count)
    case .stop: answer = try order(.stop, "stopping after this step")
    case .checkpoint:
      answer = try order(nil, "saving after this step") { $0.save() }
    }
    journal.append(entry(command.description, isCommand: true))
    autosave?.write(document, journal)
    return answer
  }

  /// Writes the document to `file`, or to a new one.
  public func save(as newFile: String? = nil) throws(SessionError) {
    guard let target = newFile ?? file else {
      throw SessionError("This session has no file yet. Save it with ':w NAME.json'.")
    }
    try document.write(to: target)
    file = target
    savedDocument = document
    autosave?.discard()
    note("saved \(target)")
  }

  /// Forgets the unsaved edits that were kept against crashes: the user chose to leave them.
  public func discardAutosave() { autosave?.discard() }

  // MARK: The run

  /// A wish to look at an example under the weights of a run that goes on.
  private struct Inspection {
    let example: Int
    let deliver: @Sendable (Result<SequenceRecording, SessionError>) -> Void
  }

  /// Runs example `index` of the validation split through the network as it is now, in training or
  /// not, and delivers what every unit did; on some other thread, as soon as it is there.
  public func inspect(
    example index: Int,
    deliver: @escaping @Sendable (Result<SequenceRecording, SessionError>) -> Void
  ) {
    if status.isActive, let run {
      inspections.append(Inspection(example: index, deliver: deliver))
      return run.control.snapshot()
    }
    let weights = run?.lastCheckpoint.map { WeightSnapshot(step: $0.step, weights: $0.weights) }
    if let run, weights != nil {
      return inspect(
        Inspector(document: run.document, dataset: run.dataset), index, weights, deliver)
    }
    switch dataset() {
    case .failure(let error): deliver(.failure(error))
    case .success(let dataset):
      inspect(Inspector(document: document, dataset: dataset), index, nil, deliver)
    }
  }

  private func inspect(
    _ inspector: Inspector, _ index: Int, _ weights: WeightSnapshot?,
    _ deliver: @escaping @Sendable (Result<SequenceRecording, SessionError>) -> Void
  ) {
    inspectionQueue.async { deliver(inspector.record(example: index, weights: weights)) }
  }

  /// The run ended before it could answer: its last weights do.
  private func askAgain() {
    guard run?.lastCheckpoint != nil else { return }
    let wishes = inspections
    inspections = []
    for wish in wishes { inspect(example: wish.example, deliver: wish.deliver) }
  }

  private func serveInspections(with weights: WeightSnapshot) {
    guard let run else { return }
    let inspector = Inspector(document: run.document, dataset: run.dataset)
    for wish in inspections { inspect(inspector, wish.example, weights, wish.deliver) }
    inspections = []
  }

  /// What the run said since the last call, which also moves `status` and the journal on.
  public func drain() -> [RunEvent] {
    let events = run?.mailbox.drain() ?? []
    for event in events {
      status.follow(event)
      if let text = event.journalText { note(text) }
      if case .snapshot(let weights) = event { serveInspections(with: weights) }
    }
    if !status.isActive, !inspections.isEmpty { askAgain() }
    return events
  }

  /// Ends the run, if one goes on, and waits until its weights are saved.
  public func close() {
    run?.control.order(.stop)
    run?.waitUntilDone()
    _ = drain()
  }

  private func edit(_ command: Command) throws(SessionError) -> String {
    var changed = document
    try changed.apply(command)
    guard changed != document else { return "nothing changed" }
    history.record(command, changing: document)
    let before = document
    document = changed
    return tellRun(of: before) ?? command.description
  }

  private func travel(back: Bool) throws(SessionError) -> String {
    let found = back ? history.undo(from: document) : history.redo(from: document)
    guard let found else {
      throw SessionError(back ? "There is nothing to undo." : "There is nothing to redo.")
    }
    let before = document
    document = found.document
    let answer = (back ? "undid: " : "did again: ") + found.command.description
    return tellRun(of: before).map { answer + " (" + $0 + ")" } ?? answer
  }

  /// Passes knobs on to an active run; returns when other changes take effect.
  private func tellRun(of before: Document) -> String? {
    guard status.isActive, let run else { return nil }
    let knobs = document.training.knobs(changedFrom: before.training)
    for knob in knobs { run.control.change(knob) }
    if !document.isSameRun(as: before) { return "takes effect in a new run: restart" }
    return knobs.isEmpty ? nil : "takes effect at the next step"
  }

  private func train() throws(SessionError) -> String {
    switch status.phase {
    case .paused: return try order(.run, "going on")
    case .starting, .running:
      throw SessionError("Training is already running. Pause or stop it first.")
    case .idle, .failed: return try start(from: nil)
    case .finished:
      guard let run, run.document.isSameRun(as: document) else { return try start(from: nil) }
      guard status.step < document.training.steps else {
        throw SessionError(
          "All \(status.step) steps are done. Raise training.steps to go on, or restart.")
      }
      return try start(from: run)
    }
  }

  private func start(from previous: RunController?) throws(SessionError) -> String {
    guard !status.isActive else {
      throw SessionError("A run is going on. Stop it before you start another one.")
    }
    if let obstacle = obstacle() { throw obstacle }
    let dataset = try dataset().get()
    let run = RunController(
      document, dataset: dataset, place: place, continuing: previous, wake: wake)
    self.run = run
    status = RunStatus()
    status.phase = .starting
    status.totalSteps = document.training.steps
    run.begin()
    return previous == nil ? "a new run starts" : "the run goes on from step \(run.firstStep)"
  }

  private func step(_ count: Int) throws(SessionError) -> String {
    if !status.isActive { _ = try train() }
    return try order(.steps(count), count == 1 ? "one step" : "\(count) steps")
  }

  private func order(
    _ order: RunControl.Order?, _ answer: String, _ also: (RunControl) -> Void = { _ in }
  ) throws(SessionError) -> String {
    guard status.isActive, let run else {
      throw SessionError("Nothing is being trained. Start with 'train'.")
    }
    if let order { run.control.order(order) }
    also(run.control)
    return answer
  }

  /// Puts a remark into the journal.
  public func note(_ text: String) { journal.append(entry(text, isCommand: false)) }

  private func entry(_ text: String, isCommand: Bool) -> Journal.Entry {
    Journal.Entry(
      time: clock(), text: text, step: status.phase == .idle ? nil : status.step,
      isCommand: isCommand)
  }
}
