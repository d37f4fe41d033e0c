import Data
import Engine
import Layers
import Training
import Workbench

/// What the screens show of a session: a copy, made after every command and event.
public struct SessionView: Sendable {
  /// What the user edits.
  public var document: Document
  /// Every layer's shapes and parameters; empty when the data cannot be had.
  public var rows: [ModelSpec.Row]
  /// Why the document cannot be trained as it is.
  public var obstacle: String?
  /// What the data are, or why they cannot be had.
  public var dataSummary: String
  /// What is to be predicted; nil when the data cannot be had.
  public var target: Target?
  /// What flows into the model; nil when the data cannot be had.
  public var input: Signature?
  /// What a model may read besides, by name.
  public var namedInputs: [String: Signature] = [:]
  /// Whether the data are a text, which a model can go on writing.
  public var isText = false
  /// The time steps of a training batch; nil when the data cannot be had.
  public var batchTime: Int?
  /// What simple methods reach.
  public var baselines: [Baseline]
  /// How much of training batches is padding; nil where nothing is, or nobody measured it yet.
  public var padding: PaddingShares?
  /// Where the run stands.
  public var status: RunStatus
  /// Every command and note so far.
  public var journal: [Journal.Entry]
  /// The edits that can be undone.
  public var undoDepth: Int
  /// Whether the file lacks something.
  public var isDirty: Bool
  /// The session's file.
  public var file: String?
  /// Where the run keeps its things.
  public var runDirectory: String?

  /// `session` as it stands. Baselines and padding take a while to measure, so whoever has them passes
  /// them in.
  public init(_ session: Session, baselines: [Baseline] = [], padding: PaddingShares? = nil) {
    document = session.document
    rows = session.rows()
    obstacle = session.obstacle()?.description
    switch session.dataset() {
    case .success(let dataset):
      dataSummary = dataset.summary
      target = dataset.target
      input = dataset.input
      namedInputs = dataset.namedInputs
      isText = dataset is TextDataset
      let batch = dataset.batchShape
      batchTime = batch.rank > 1 ? batch[1] : 1
    case .failure(let error):
      dataSummary = error.description
    }
    self.baselines = baselines
    self.padding = padding
    status = session.status
    journal = session.journal.entries
    undoDepth = session.undoDepth
    isDirty = session.isDirty
    file = session.file
    runDirectory = session.runDirectory
  }

  /// This view with what a run's events have changed in `session`, as often as a frame needs it: the
  /// document and what follows from it stay.
  public func following(_ session: Session) -> SessionView {
    var view = self
    view.status = session.status
    view.journal = session.journal.entries
    view.runDirectory = session.runDirectory
    return view
  }
}
