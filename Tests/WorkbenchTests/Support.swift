import Data
import Dispatch
import Foundation
import Inspection
import Layers
import Synchronization
import Testing
import Training

@testable import Workbench

/// A folder that is gone when the test is over.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/unroll-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `text` to the file called `name` and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
    return path + "/" + name
  }

  /// The names of what is in the folder, or in one inside it; none when it is not there.
  func names(in folder: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }
}

extension Document {
  /// Pen strokes, three units.
  static var digits: Document {
    Document(
      name: "digits", data: DataRecipe(source: .bundled("pendigits"), batchSize: 4),
      model: ModelSpec([GRU.Spec(hiddenSize: 3), LastStep.Spec(), Linear.Spec(outFeatures: 10)]),
      training: .of(steps: 4))
  }

  /// A character model of `text`, eight different characters, in which dropout draws numbers too.
  static func letters(of text: String, steps: Int = 6) -> Document {
    Document(
      name: "letters",
      data: DataRecipe(source: .file(path: text), batchSize: 2, sequenceLength: 5),
      model: ModelSpec([
        Embedding.Spec(embeddingDim: 3), GRU.Spec(hiddenSize: 4), Dropout.Spec(p: 0.25),
        Linear.Spec(outFeatures: 8),
      ]), training: .of(steps: steps))
  }
}

extension TrainingRecipe {
  /// The defaults with another number of steps.
  static func of(steps: Int) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.steps = steps
    return recipe
  }
}

/// A text of eight different characters, 360 long.
let abc = String(repeating: "abc abd.\nbca eca. ", count: 20)

/// A session and what its run said; it waits for events, never for time.
final class Desk {
  let session: Session
  let folder: TemporaryFolder
  private(set) var events: [RunEvent] = []
  private let arrived = DispatchSemaphore(value: 0)

  /// A session of `document`; without one, a character model of the text 'abc.txt'.
  init(
    _ document: Document? = nil, file: String? = nil, runs: RunPlace = .nowhere,
    state: String? = nil, in folder: TemporaryFolder? = nil
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    let text = try folder.write(abc, to: "abc.txt")
    let arrived = arrived
    let environment = SessionEnvironment(
      runs: runs, stateDirectory: state, clock: { 7 }, wake: { _ = arrived.signal() })
    self.folder = folder
    session = Session(document ?? .letters(of: text), file: file, in: environment)
  }

  deinit { session.close() }

  /// What the run did not do in a minute.
  struct Late: Error {
    let awaited: String
    let words: [String]
  }

  /// Drains until `isThere`.
  func wait(for awaited: String, until isThere: () -> Bool) throws {
    let deadline = DispatchTime.now() + .seconds(60)
    while true {
      events += session.drain()
      if isThere() { return }
      guard arrived.wait(timeout: deadline) == .success else {
        throw Late(awaited: awaited, words: words)
      }
    }
  }

  /// Drains until the run is over.
  func finish() throws { try wait(for: "the end") { !session.status.isActive } }

  /// Trains to the end and returns the losses.
  func train(_ command: Command = .train) throws -> [Double] {
    let before = events.count
    try session.apply(command)
    try finish()
    return events[before...].losses
  }

  /// How gradients fade in the network as it is now, drained for until it is delivered.
  func followGradients() throws -> Result<MeasuredGradientFlow, SessionError> {
    let delivered = Mutex<Result<MeasuredGradientFlow, SessionError>?>(nil)
    let arrived = arrived
    session.followGradients(example: 0) { result in
      delivered.withLock { $0 = result }
      arrived.signal()
    }
    try wait(for: "a measurement") { delivered.withLock { $0 } != nil }
    return try #require(delivered.withLock { $0 })
  }

  /// All readings of the weights as they are now, drained for until they are delivered.
  func readWeights() throws -> [Result<WeightReading, SessionError>] {
    let delivered = Mutex<[Result<WeightReading, SessionError>]>([])
    let arrived = arrived
    session.readWeights { result in
      delivered.withLock { $0.append(result) }
      arrived.signal()
    }
    try wait(for: "weights") {
      delivered.withLock { results in
        if case .failure = results.last { return true }
        guard case .success(let reading) = results.last else { return false }
        return reading.weights.contains { !$0.startSpectra.isEmpty }
      }
    }
    return delivered.withLock { $0 }
  }

  /// How far truncated gradients are off with the network as it is now.
  func measureTruncation() throws -> Result<TruncationBias, SessionError> {
    let delivered = Mutex<Result<TruncationBias, SessionError>?>(nil)
    let arrived = arrived
    session.measureTruncation { result in
      delivered.withLock { $0 = result }
      arrived.signal()
    }
    try wait(for: "a measurement") { delivered.withLock { $0 } != nil }
    return try #require(delivered.withLock { $0 })
  }

  /// What the network writes, drained for until it is delivered.
  func write(_ wish: TextWish) throws -> GeneratedText {
    let delivered = Mutex<Result<GeneratedText, SessionError>?>(nil)
    let arrived = arrived
    session.write(wish) { result in
      delivered.withLock { $0 = result }
      arrived.signal()
    }
    try wait(for: "a text") { delivered.withLock { $0 } != nil }
    return try #require(delivered.withLock { $0 }).get()
  }

  /// The recording of `example`, drained for until it is delivered.
  func inspect(
    _ example: ChosenExample = 0, asInTraining: Bool = false, without silenced: [String] = []
  ) throws -> Recorded {
    let delivered = Mutex<Recorded?>(nil)
    let arrived = arrived
    session.inspect(example: example, asInTraining: asInTraining, without: silenced) { result in
      let recorded = Recorded(result)
      delivered.withLock { $0 = recorded }
      arrived.signal()
    }
    try wait(for: "a recording") { delivered.withLock { $0 } != nil }
    return try #require(delivered.withLock { $0 })
  }

  /// What `clamps` change in the first example, drained for until it is delivered.
  func clamp(_ clamps: [Clamp]) throws -> Result<ClampComparison, SessionError> {
    let delivered = Mutex<Result<ClampComparison, SessionError>?>(nil)
    let arrived = arrived
    session.clamp(clamps, example: 0) { result in
      delivered.withLock { $0 = result }
      arrived.signal()
    }
    try wait(for: "a comparison") { delivered.withLock { $0 } != nil }
    return try #require(delivered.withLock { $0 })
  }

  /// What the network is worth without some layers, drained for until `isEnough` is known.
  func ablate(
    _ silenced: [String], until isEnough: (Ablation) -> Bool
  ) throws -> Ablation {
    let delivered = Mutex<Result<Ablation, SessionError>?>(nil)
    let arrived = arrived
    session.ablate(silenced, example: 0) { result in
      delivered.withLock { $0 = result }
      arrived.signal()
    }
    try wait(for: "a measurement") {
      switch delivered.withLock({ $0 }) {
      case .success(let ablation): isEnough(ablation)
      case .failure: true
      case nil: false
      }
    }
    return try #require(delivered.withLock { $0 }).get()
  }

  /// What the run said, in few words.
  var words: [String] { events.map(\.words) }

  /// What the journal says, in order.
  var journal: [String] { session.journal.entries.map(\.text) }

  /// The sentence that `command` is refused with.
  func refusal(of command: Command) -> String {
    do throws(SessionError) {
      return "no error: " + (try session.apply(command))
    } catch {
      return error.description
    }
  }
}

/// What tests look at of a recording.
struct Recorded: Sendable, Equatable {
  var step: Int?
  var title = ""
  var signals: [String] = []
  var values: [Float] = []
  var silenced: [String] = []
  var outputs: [String] = []
  /// The layers whose last number sees nothing of the data.
  var blind: [String] = []
  var failure: String?

  init(_ result: Result<SequenceRecording, SessionError>) {
    switch result {
    case .failure(let error): failure = error.description
    case .success(let recording):
      step = recording.weightsStep
      title = recording.example.title
      signals = recording.signals.map(\.fullName)
      silenced = recording.silenced
      outputs = recording.outputs.map(\.name)
      blind = recording.outputs.filter { output in
        recording.receptiveField(
          of: output.extent.width - 1, at: output.extent.steps - 1, of: output.path
        ).isEmpty
      }.map(\.name)
      values = recording.signals.flatMap { matrix in
        (0..<matrix.steps).flatMap { t in (0..<matrix.units).map { matrix.value(t, $0) } }
      }
    }
  }
}

extension RunEvent {
  var words: String {
    switch self {
    case .started(let step, let total, _): "started \(step)/\(total)"
    case .stepped(let report): "step \(report.step)"
    case .validated(let report): "\(report.split.rawValue) \(report.step)"
    case .saved(let step, _, _): "saved \(step)"
    case .snapshot(let snapshot): "snapshot \(snapshot.step)"
    case .changed(let knob, let step): "\(knob.name) \(knob.value) \(step)"
    case .warning(let text, _): "warning: \(text)"
    case .endedEarly(let patience, _): "ended early after \(patience)"
    case .paused(let step): "paused \(step)"
    case .resumed(let step): "resumed \(step)"
    case .finished(let step, let wasStopped): "finished \(step)" + (wasStopped ? " stopped" : "")
    case .failed(let text, _): "failed: \(text)"
    }
  }
}

extension Sequence<RunEvent> {
  /// The training loss of every step.
  var losses: [Double] {
    compactMap { if case .stepped(let report) = $0 { report.loss } else { nil } }
  }
}
