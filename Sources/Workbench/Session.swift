import Data
import Dispatch
import Formats
import Foundation
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
  public internal(set) var status = RunStatus()
  /// The directory of the run that goes on or ended last; nil when it could not be made.
  public var runDirectory: String? { run?.folder }
  /// Why the last run could not start, once `status` says that it failed; nil when it did start.
  public var startFailure: SessionError? { run?.failure }
  /// The file that `save()` writes; nil for a session that has none yet.
  public private(set) var file: String?
  /// What the file holds.
  public private(set) var savedDocument: Document?
  /// The edits that can be undone.
  public var undoDepth: Int { history.depth }
  /// Whether there is something that the file does not have.
  public var isDirty: Bool { document != savedDocument }

  /// The run that goes on or ended last.
  var run: RunController?
  /// The wishes to look at the network that the run has not answered yet.
  var looks: [Look] = []
  /// The measurement without some layers that goes on.
  var ablation: Wish?
  let environment: SessionEnvironment
  /// The search for singular values that goes on.
  var spectra: Wish?
  /// The text that is being written.
  var writing: Wish?
  /// The forecast of many steps that is being made.
  var forecasting: Wish?
  /// The measurement of truncated gradients that goes on.
  var truncation: Wish?
  let startSpectra = StartSpectra()
  /// What takes seconds, beside looks that do not.
  let measuringQueue = DispatchQueue(
    label: "unroll.measuring", qos: .utility, attributes: .concurrent)
  let inspectionQueue = DispatchQueue(label: "unroll.inspection", qos: .userInitiated)

  private var history = History()
  private var loaded: (recipe: DataRecipe, seed: UInt64, asPoints: Bool, result: LoadedData)?
  private typealias LoadedData = Result<any Dataset, SessionError>
  private var autosave: Autosave?
  private var autosaveFailed = false
  /// The source that came from the file and not from the user; nil when the user typed it.
  private let openedSource: DataRecipe.Source?

  /// A session that edits `document`, which `file` holds if there is one.
  ///
  /// Edits that an earlier session did not save are taken up again; `undo` takes them back. A path
  /// of the user's, `dataWasTyped`, may lead out of the file's folder, one of the file's may not.
  public init(
    _ document: Document, file: String? = nil, dataWasTyped: Bool = false,
    in environment: SessionEnvironment
  ) {
    self.document = document
    self.file = file
    self.environment = environment
    savedDocument = document
    openedSource = file == nil || dataWasTyped ? nil : document.data.source
    autosave = Autosave(in: environment, file: file, name: document.name, takingUp: true)
    do throws(FormatError) {
      if let recovered = try autosave?.recover(), recovered != document {
        history.record("unsaved edits of the last session", changing: document)
        self.document = recovered
        note("unsaved edits of the last session were taken up again; undo takes them back")
      }
    } catch {
      note(error.message)
    }
    if autosave?.isSecond == true {
      note(
        "another workbench has this session open; each keeps its own unsaved edits, and who saves last "
          + "decides what the file holds")
    }
  }

  // MARK: What the screens show

  /// The data of the document, or why they cannot be had. Loaded once a recipe and seed.
  public func dataset() -> Result<any Dataset, SessionError> {
    let asPoints = document.training.loss.placesPoints
    if let loaded, loaded.recipe == document.data, loaded.seed == document.seed,
      loaded.asPoints == asPoints
    {
      return loaded.result
    }
    let result = document.loadData(beside: file, wasTyped: dataWasTyped)
    loaded = (document.data, document.seed, asPoints, result)
    return result
  }

  /// Measures how much of training batches is padding, as they are and with the other choice of
  /// buckets; nil where that is no choice, or nothing is padded. It takes two passes over the data: call
  /// what this returns on some other thread.
  public func paddingMeasurement() -> @Sendable () -> PaddingShares? {
    guard case .success(let dataset) = dataset(), document.data.heeds(DataSetting.bucket.rawValue)
    else { return { nil } }
    let (document, file, wasTyped) = (document, file, dataWasTyped)
    return {
      var other = document
      other.data.isBucketed.toggle()
      guard let share = dataset.paddingShare,
        case .success(let others) = other.loadData(beside: file, wasTyped: wasTyped),
        let otherShare = others.paddingShare, max(share, otherShare) > 0
      else { return nil }
      let isBucketed = document.data.isBucketed
      return PaddingShares(
        plain: isBucketed ? otherShare : share, inBuckets: isBucketed ? share : otherShare,
        isBucketed: isBucketed)
    }
  }

  /// Data that could not be had are looked for once more: the user may have put them there.
  func forgetMissingData() {
    if case .failure = loaded?.result { loaded = nil }
  }

  /// Whether the user, and not the file, says where the data are.
  var dataWasTyped: Bool { document.data.source != openedSource }

  /// Every layer's shapes and parameters; empty when the data cannot be had.
  public func rows() -> [ModelSpec.Row] {
    guard case .success(let dataset) = dataset() else { return [] }
    return document.rows(for: dataset)
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
    case .add, .delete, .move, .wrap, .unwrap, .set, .rename: answer = try edit(command)
    case .train: answer = try train()
    case .restart: answer = try start(in: freshPlace)
    case .pause: answer = try order(.pause, "pausing after this step")
    case .resume: answer = try order(.run, "going on")
    case .step(let count): answer = try step(count)
    case .stop: answer = try order(.stop, "stopping after this step")
    case .checkpoint:
      answer = try order(nil, "saving after this step") { $0.save() }
    }
    journal.append(entry(command.description, isCommand: true))
    keepEdits()
    return SafeText.line(answer)
  }

  /// Keeps what the file does not have; nothing when that is nothing.
  private func keepEdits() {
    guard isDirty else {
      autosave?.discard()
      return
    }
    do throws(FormatError) {
      try autosave?.write(document, journal)
    } catch {
      if !autosaveFailed { note("unsaved edits cannot be kept against crashes: \(error.message)") }
      autosaveFailed = true
    }
  }

  /// Writes the document to `file`, or to a new one; over a file that is not this session's only if it
  /// is `replacing`.
  public func save(as newFile: String? = nil, replacing: Bool = false) throws(SessionError) {
    guard let target = newFile ?? file else {
      throw SessionError("This session has no file yet. Save it with ':w NAME.json'.")
    }
    guard replacing || isOwn(target) || !FileManager.default.fileExists(atPath: target) else {
      throw SessionError(
        "Saving needs a name that is free, got \(SafeText.quoted(target)), which is there already. "
          + "Choose another one, or replace it with ':w! \(SafeText.line(target))'.")
    }
    let saved = document.relocated(from: file, wasTyped: dataWasTyped, to: target)
    try saved.write(to: target)
    document = saved
    file = target
    savedDocument = document
    autosave?.discard()
    autosave = nil  // lets go of its place, which may be the new one's
    autosave = Autosave(in: environment, file: file, name: document.name)
    note("saved \(SafeText.quoted(target))")
  }

  /// Whether `path` leads to this session's file.
  private func isOwn(_ path: String) -> Bool {
    func place(_ path: String) -> URL { URL(filePath: path).standardizedFileURL }
    return file.map { place($0) == place(path) } ?? false
  }

  /// Keeps no more edits, and lets the next workbench on this session have those that were kept.
  public func leavePlace() { autosave = nil }

  /// Forgets the unsaved edits that were kept against crashes: the user chose to leave them.
  public func discardAutosave() { autosave?.discard() }

  // MARK: Edits

  private func edit(_ command: Command) throws(SessionError) -> String {
    var changed = document
    try changed.apply(command)
    guard changed != document else { return "nothing changed" }
    history.record(command.description, changing: document)
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
    let answer = (back ? "undid: " : "did again: ") + found.edit
    return tellRun(of: before).map { answer + " (" + $0 + ")" } ?? answer
  }

  /// Passes knobs on to an active run; returns when other changes take effect.
  private func tellRun(of before: Document) -> String? {
    guard status.isActive, let run else { return nil }
    let knobs = document.training.knobs(changedFrom: before.training)
    for knob in knobs { run.control.change(knob) }
    if !document.isSameRun(as: before), !isRun(run) {
      return "takes effect in a new run: restart"
    }
    return knobs.isEmpty ? nil : "takes effect at the next step"
  }

  /// Whether `run` trains this document, wherever either says that its data are.
  func isRun(_ run: RunController) -> Bool {
    run.config.isSameRun(as: document.located(beside: file, wasTyped: dataWasTyped))
  }

  // MARK: The journal

  /// Puts a remark into the journal.
  public func note(_ text: String) {
    journal.append(entry(SafeText.line(text), isCommand: false))
  }

  private func entry(_ text: String, isCommand: Bool) -> Journal.Entry {
    Journal.Entry(
      time: environment.clock(), text: text, step: status.phase == .idle ? nil : status.step,
      isCommand: isCommand)
  }
}
