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

  /// The session as it is.
  init(_ session: SessionView) {
    document = session.document
    rows = session.rows
    refusal = nil
    isChanged = false
  }

  /// The session with the setting at `path` set to `text`.
  init(_ session: SessionView, setting path: String, to text: String) {
    var changed = session.document
    do throws(SessionError) {
      try changed.set(path, to: text)
    } catch {
      document = session.document
      rows = session.rows
      refusal = error.description
      isChanged = false
      return
    }
    document = changed
    isChanged = changed != session.document
    // Other data have to be loaded before their shapes are known.
    let isSameData = changed.data.source == session.document.data.source
    rows = isSameData ? session.input.map { changed.model.rows(for: $0) } ?? [] : session.rows
    refusal = nil
  }

  /// The position of the layer that cannot take its input; nil when all can.
  var failing: Int? { rows.firstIndex { $0.error != nil } }

  /// What comes out of the model; nil when a layer fails or the data cannot be had.
  var output: Signature? { rows.last?.output }

  /// Why what the last layer puts out does not suit `target`; nil when it does or is not known.
  func misfit(to target: Target?) -> String? {
    guard let target, let output else { return nil }
    return Trainer.misfit(of: output, to: target)
  }

  /// What is wrong with the model, at the first place where something is; nil when nothing is.
  func problem(for target: Target?) -> String? {
    if let refusal { return refusal }
    if let failing, let error = rows[failing].error {
      return "Layer '\(rows[failing].name)': \(error.description)"
    }
    return misfit(to: target)
  }

  /// The bytes that training takes; nil when they cannot be said.
  func memory(_ session: SessionView) -> Int? {
    guard failing == nil, let time = session.batchTime else { return nil }
    let old = session.document.data
    let new = document.data
    // A text's windows are as long as the recipe says; other sets have lengths of their own.
    let isWindow = time == old.sequenceLength
    return MemoryEstimate(
      rows, batch: new.batchSize, time: isWindow ? new.sequenceLength : time,
      optimizer: document.training.optimizer
    ).bytes
  }

  /// The number of trainable numbers.
  var parameterCount: Int { rows.reduce(0) { $0 + $1.parameterCount } }
}
