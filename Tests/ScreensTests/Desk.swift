import Canvas
import Data
import Foundation
import Layers
import Synchronization
import Testing
import Training
import Workbench

@testable import Screens

/// A real session with the screens over it: keys go in, effects are done, events go back, as in the
/// program, but without a terminal.
struct Desk {
  let session: Session
  private let home: TemporaryFolder
  var state: AppState
  /// Every effect that the screens wanted, in order.
  private(set) var effects: [Effect] = []
  /// Why an effect is not done; nil does it.
  var refusal: (Effect) -> String? = { _ in nil }
  /// Whether the screens wanted to leave.
  var hasQuit: Bool { effects.contains(.quit) }

  /// A character model of a small text, in a folder of its own.
  init(classes: Int = 29, hasFile: Bool = true) throws {
    home = try TemporaryFolder()
    let folder = home.path
    let text = String(repeating: "the quick brown fox jumps over the lazy dog.\n", count: 100)
    try text.write(toFile: folder + "/fox.txt", atomically: true, encoding: .utf8)
    let document = Document(
      name: "fox-lstm", seed: 7,
      data: DataRecipe(
        source: .file(path: hasFile ? "fox.txt" : folder + "/fox.txt"), batchSize: 4,
        sequenceLength: 16),
      model: ModelSpec([
        Embedding.Spec(embeddingDim: 8), LSTM.Spec(hiddenSize: 16),
        Linear.Spec(outFeatures: classes),
      ]))
    // 12:00:00 UTC of some day, and one second later with every look at the clock.
    let clock = Clock(1_764_676_800)
    session = Session(
      document, file: hasFile ? folder + "/fox.json" : nil,
      in: SessionEnvironment(clock: { clock.tick() }))
    state = AppState(SessionView(session))
    refresh()
  }

  /// The document as it stands.
  var document: Document { session.document }

  /// Presses the keys of `script`, such as `a lstm<ret>`.
  mutating func press(_ script: String) throws {
    for key in try Key.parse(script) { handle(.key(key)) }
  }

  /// Presses one key.
  mutating func press(_ key: Key) { handle(.key(key)) }

  /// Gives `event` to the screens and does what they want.
  mutating func handle(_ event: AppEvent) {
    for effect in App.update(&state, event) {
      effects.append(effect)
      if let answer = perform(effect) { handle(answer) }
    }
  }

  /// Shows the run as if it had said so.
  mutating func show(_ status: RunStatus, _ events: [RunEvent] = []) {
    var view = state.session
    view.status = status
    handle(.run(events, view))
  }

  /// What the screens look like.
  func screen(
    _ width: Int = 80, _ height: Int = 24, _ capabilities: Capabilities = .full
  ) -> Canvas {
    var canvas = Canvas(width: width, height: height, capabilities: capabilities)
    App.view(state, on: &canvas)
    return canvas
  }

  private func perform(_ effect: Effect) -> AppEvent? {
    if let refusal = refusal(effect) { return .failed(refusal) }
    do throws(SessionError) {
      switch effect {
      case .command(let command):
        let text = try session.apply(command)
        return .applied(text, view)
      case .save(let file, let isReplacing):
        try session.save(as: file.map { home.path + "/" + $0 }, replacing: isReplacing)
        return .done("saved", view)
      case .record, .clamp, .ablate, .stopAblating, .write, .forecast, .readWeights,
        .stopReadingWeights,
        .followGradients, .readBatch, .previewData, .readSample,
        .measureTruncation, .stopMeasuringTruncation, .experiment, .stopExperiment, .redraw,
        .suspend, .quit, .interrupt:
        return nil
      }
    } catch {
      return .failed(error.description)
    }
  }

  /// The session with its file by its last name, because the folder is another one each time.
  private var view: SessionView {
    var view = SessionView(session, baselines: [Baseline(name: "unigram counts", value: 4.3)])
    view.file = view.file.map { ($0 as NSString).lastPathComponent }
    return view
  }

  private mutating func refresh() { state.session = view }
}

/// A clock that goes on by a second whenever somebody looks.
final class Clock: Sendable {
  private let now: Mutex<Double>

  init(_ start: Double) { now = Mutex(start) }

  func tick() -> Double {
    now.withLock {
      $0 += 1
      return $0
    }
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
  let path = FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension RunEvent {
  /// 600 steps, 120 of them done, 12 seconds to go.
  static let pace: [RunEvent] = [
    .started(step: 0, totalSteps: 600, stepsPerEpoch: 10), .stepped(.at(20, seconds: 1)),
    .stepped(.at(120, seconds: 3.5)),
  ]
}
