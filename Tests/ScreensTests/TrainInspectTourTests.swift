import Canvas
import Data
import Dispatch
import Foundation
import Inspection
import Layers
import Synchronization
import Testing
import Workbench

@testable import Screens

/// One real run, from the key that starts it to a look into what it learned.
@Test func aRunIsWatchedAndThenLookedInto() throws {
  let session = try Session(foxDocument(), in: SessionEnvironment(wake: { woken.signal() }))
  var state = AppState(SessionView(session))
  state.screen = .train
  try #require(state.session.obstacle == nil)
  try perform(App.update(&state, .key(.character(" "))), on: session)
  while state.session.status.isActive || state.run.step == 0 {
    try #require(woken.wait(timeout: .now() + 60) == .success)
    _ = App.update(&state, .run(session.drain(), SessionView(session)))
  }
  #expect(state.run.loss.count == 12)
  let train = screen(state)
  #expect(train.contains("step 12/12"))
  #expect(train.contains("weight_hh_l0"))
  #expect(train.contains("in 15 steps"))
  #expect(train.contains("best by loss: val"))

  let wanted = App.update(&state, .key(.character("3")))
  #expect(wanted == [.record(example: 0)])
  try perform(wanted, on: session)
  try #require(woken.wait(timeout: .now() + 60) == .success)
  let recording = try #require(delivered.withLock { $0 })
  _ = App.update(&state, .recorded(recording))
  let inspect = screen(state)
  #expect(inspect.contains("weights of step 12"))
  #expect(inspect.contains("gru.h hidden state"))
  #expect(inspect.contains("reset gate"))
}

private let woken = DispatchSemaphore(value: 0)
private let delivered = Mutex<SequenceRecording?>(nil)

private func perform(_ effects: [Effect], on session: Session) throws {
  for effect in effects {
    switch effect {
    case .command(let command): try session.apply(command)
    case .record(let example, let asInTraining, _):
      session.inspect(example: example, asInTraining: asInTraining) { result in
        delivered.withLock { $0 = try? result.get() }
        woken.signal()
      }
    default: break
    }
  }
}

/// A small model of a small text in a folder of its own.
private func foxDocument() throws -> Document {
  let folder = FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let text = String(repeating: "the quick brown fox jumps over the lazy dog.\n", count: 100)
  try text.write(toFile: folder + "/fox.txt", atomically: true, encoding: .utf8)
  var document = Document(
    name: "fox-gru",
    data: DataRecipe(
      source: .file(path: folder + "/fox.txt"), batchSize: 4, sequenceLength: 16),
    model: ModelSpec([
      Embedding.Spec(embeddingDim: 8), GRU.Spec(hiddenSize: 16), Linear.Spec(outFeatures: 29),
    ]))
  document.training.steps = 12
  return document
}

private func screen(_ state: AppState) -> String {
  var canvas = Canvas(width: 120, height: 36, capabilities: .plain)
  App.view(state, on: &canvas)
  return canvas.text
}
