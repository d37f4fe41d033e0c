import Data
import Engine
import Layers
import Training
import Workbench

/// The model as it would be with a value that is being typed, or as it is.
struct ModelPreview: Sendable {
  /// The document with the value.
  let document: Document
  /// Its layers' shapes.
  let rows: [ModelSpec.Row]
  /// Why the value cannot be set; nil when it can or nothing is typed.
  let refusal: String?
  /// Whether this differs from the session.
  let isChanged: Bool
  /// What flows in; nil when the data cannot be had or are other ones, which have to be loaded.
  let input: Signature?
  /// What is to be predicted; nil for the same reasons.
  let target: Target?

  /// The session as it is, perhaps with a value that was refused.
  init(_ session: SessionView, refusal: String? = nil) {
    document = session.document
    rows = session.rows
    self.refusal = refusal
    isChanged = false
    input = session.input
    target = session.target
  }

  /// The session with the setting at `path` set to `text`.
  init(_ session: SessionView, setting path: String, to text: String) {
    var changed = session.document
    do throws(SessionError) {
      try changed.set(path, to: text)
      self.init(session, with: changed)
    } catch {
      self.init(session, refusal: error.description)
    }
  }

  private init(_ session: SessionView, with changed: Document) {
    document = changed
    refusal = nil
    isChanged = changed != session.document
    let isSameData = changed.data.source == session.document.data.source
    let flowing = isSameData ? session.input : nil
    input = flowing
    target = isSameData ? session.target : nil
    rows = flowing.map { changed.model.rows(for: $0, named: session.namedInputs) } ?? []
  }

  /// Whether other data are typed, which have to be loaded before their shapes are known.
  func hasOtherData(than session: SessionView) -> Bool {
    document.data.source != session.document.data.source
  }

  /// The number of the layer that cannot take its input; nil when all can.
  var failing: Int? { rows.firstIndex { $0.error != nil } }

  /// What comes out of the model; nil when a layer fails or the data cannot be had.
  var output: Signature? { rows.last { $0.path.depth == 0 }?.output }

  /// Why what the last layer puts out does not suit the loss; nil when it does or is not known.
  var misfit: String? {
    guard let target, let output else { return nil }
    return Trainer.misfit(of: output, to: target)
  }

  /// What is wrong with the model, at the first place where something is; nil when nothing is.
  var problem: String? {
    if let refusal { return refusal }
    if let failing, let error = rows[failing].error {
      return "Layer '\(rows[failing].name)': \(error.description)"
    }
    return misfit
  }

  /// The bytes that training takes; nil when they cannot be said.
  func memory(_ session: SessionView) -> Int? {
    guard failing == nil, input != nil, let time = session.batchTime else { return nil }
    let old = session.document.data
    let new = document.data
    // A text's windows are as long as the recipe says; other sets have lengths of their own.
    let isWindow = time == old.sequenceLength
    return MemoryEstimate(
      rows, batch: new.batchSize, time: isWindow ? new.sequenceLength : time,
      rule: OptimizerRule(document.training)
    ).bytes
  }

  /// The number of trainable numbers.
  var parameterCount: Int { rows.reduce(0) { $0 + $1.parameterCount } }

  /// How many of them training leaves as they are.
  var frozenCount: Int { document.model.frozenCount(in: rows) }
}
