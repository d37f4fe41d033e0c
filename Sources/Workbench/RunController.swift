import Data
import Dispatch
import Formats
import Foundation
import Layers
import Synchronization
import Training

/// Trains a document on a Dispatch queue of its own.
///
/// What the user wants goes in through `control`, what happens comes out of `mailbox`; neither side
/// waits for the other.
final class RunController: Sendable {
  /// The document as it was when the run started.
  let document: Document
  /// What the network is trained on.
  let dataset: any Dataset
  /// Orders and knobs.
  let control = RunControl()
  /// Where the run puts its events.
  let mailbox: Mailbox

  private let place: RunPlace
  let config: Document
  private let start: Checkpoint?
  private let showsDetail: Bool
  private let queue = DispatchQueue(label: "unroll.training", qos: .userInitiated)
  private let work = DispatchGroup()
  private let kept: Mutex<Kept>

  private struct Kept {
    var checkpoint: Checkpoint?
    var folder: String?
    var failure: SessionError?
  }

  /// A run of `document` that keeps its things in `place`, from fresh weights or where `previous`,
  /// a run that has ended, left off.
  ///
  /// `config` is the document as the run's folder keeps it. Without `showsDetail` the run takes no
  /// closer looks at its steps.
  init(
    _ document: Document, config: Document, dataset: any Dataset, place: RunPlace,
    continuing previous: RunController?, showsDetail: Bool = true,
    wake: @escaping @Sendable () -> Void
  ) {
    self.document = document
    self.config = config
    self.dataset = dataset
    self.place = previous.map { $0.folder.map(RunPlace.folder) ?? $0.place } ?? place
    start = previous?.lastCheckpoint
    self.showsDetail = showsDetail
    kept = Mutex(Kept(checkpoint: start))
    mailbox = Mailbox(wake: wake)
  }

  /// The number of steps done before this run.
  var firstStep: Int { start?.step ?? 0 }
  /// Everything as it was when the run ended, waiting for that, or where a run that could not start
  /// was to go on from; nil when there is neither.
  var lastCheckpoint: Checkpoint? {
    work.wait()
    return kept.withLock { $0.checkpoint }
  }
  /// The run's directory; nil when there is none yet, or it could not be made.
  var folder: String? { kept.withLock { $0.folder } }
  /// Why the run could not start; nil when it did.
  var failure: SessionError? { kept.withLock { $0.failure } }

  /// Starts training; returns at once.
  func begin() {
    queue.async(group: work) { self.train() }
  }

  /// Waits until the run has ended and its weights are saved.
  func waitUntilDone() { work.wait() }

  private func train() {
    do {
      let network = try document.network(for: dataset)
      let trainer = try Trainer(
        network: network, dataset: dataset, recipe: document.training, seed: document.seed,
        config: config.json.text(.compact))
      if let start { try resume(trainer, from: start) }
      let opened = try open(for: trainer)
      let run = Run(
        trainer, control: control, mailbox: mailbox, directory: opened.directory,
        detailInterval: showsDetail ? 0.1 : nil, warnings: opened.warnings)
      _ = run()
      let checkpoint = trainer.checkpoint()
      kept.withLock { $0.checkpoint = checkpoint }
    } catch {
      let failure = SessionError(error)
      kept.withLock { $0.failure = failure }
      mailbox.post(.failed(failure.description, step: firstStep))
    }
  }

  /// Takes up a checkpoint, with the knobs of the document.
  private func resume(_ trainer: Trainer, from checkpoint: Checkpoint) throws {
    try trainer.restore(checkpoint)
    for knob in document.training.knobs { try trainer.change(knob) }
  }

  /// The run's directory, with the checkpoint that it holds taken up unless the run goes on from
  /// one already. A directory that cannot be made is a warning: training goes on without it.
  private func open(
    for trainer: Trainer
  ) throws -> (directory: RunDirectory?, warnings: [String]) {
    var warnings: [String] = []
    switch place {
    case .nowhere: return (nil, [])
    case .under(let parent):
      do throws(FormatError) {
        var random = SystemRandomNumberGenerator()
        let directory = try RunDirectory.create(
          in: parent, name: document.name, session: config.json.text(.pretty), using: &random)
        keep(directory)
        return (directory, [])
      } catch {
        return (nil, ["Nothing of this run is saved: " + error.message])
      }
    case .folder(let path):
      try keepForeignSession(in: path)
      let directory = try RunDirectory(opening: place.made(path))
      if start == nil, !RunFolder(path).checkpoints.isEmpty {
        let found = try RunFolder(path).newestCheckpoint()
        warnings += found.warnings
        try resume(trainer, from: found.checkpoint)
      } else if start == nil {
        try AtomicFile.write(config.json.text(.pretty), to: path + "/session.json")
        if !RunFolder(path).hasBegun { try AtomicFile.write("", to: path + "/metrics.jsonl") }
      }
      keep(directory)
      return (directory, warnings)
    }
  }

  /// Throws where a run would replace a session.json that no run has written.
  private func keepForeignSession(in path: String) throws(SessionError) {
    let folder = RunFolder(path)
    guard start == nil, folder.checkpoints.isEmpty, !folder.hasBegun, let session = folder.session,
      session != config.json.text(.pretty)
    else { return }
    throw SessionError(
      "The folder \(SafeText.quoted(path)) holds a session.json of yours, which a run there would "
        + "replace. Choose another folder for the run.")
  }

  private func keep(_ directory: RunDirectory) { kept.withLock { $0.folder = directory.path } }
}

/// Where a run keeps its checkpoints and metrics.
public enum RunPlace: Sendable, Equatable {
  /// Nowhere: nothing is saved.
  case nowhere
  /// In a new folder under this one.
  case under(String)
  /// In this folder; a run that it holds goes on.
  case folder(String)

  /// `path`, made if it was not there.
  func made(_ path: String) throws(SessionError) -> String {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      // Foundation says it in its own words; asked once more, the system says why.
      let reason = mkdir(path, 0o755) == 0 ? nil : String(cString: strerror(errno))
      guard let reason else { return path }
      throw SessionError(
        "The run needs a folder \(SafeText.quoted(path)) to write to, got none: \(reason). "
          + "Choose another one with --run.", kind: .cannotCreate)
    }
    return path
  }
}
