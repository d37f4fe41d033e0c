import Engine
import Layers
import Testing

@testable import Workbench

struct HistoryTests {
  /// A random edit, which may be refused or change nothing.
  private func edit(_ random: inout Random) -> Command {
    let position = Int.random(in: -1...6, using: &random)
    let other = Int.random(in: -1...6, using: &random)
    let (place, end) = (place(&random), place(&random))
    switch Int.random(in: 0...9, using: &random) {
    case 0: return .add(kind: "gru", at: place, settings: [.init("hidden_size", "\(other)")])
    case 1: return .add(kind: "dropout", at: nil, settings: [])
    case 2: return .delete(at: place)
    case 3: return .move(from: place, to: end)
    case 4: return .rename(at: place, to: "layer\(other + 1)")
    case 8, 9: return .add(kind: "parallel", at: place, settings: [])
    case 5: return .set(.init("seed", "\(other)"))
    case 6: return .set(.init("training.learning_rate", "0.0\(position + 2)"))
    default: return .set(.init("lstm.hidden_size", "\(other * 8)"))
    }
  }

  /// A place that may or may not be there, at the top or inside something.
  private func place(_ random: inout Random) -> LayerPath {
    var path: LayerPath?
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      path = LayerPath(Int.random(in: -1...4, using: &random), inside: path)
    }
    return path ?? 0
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func anySequenceOfEditsIsUndoneAndDoneAgain(seed: UInt64) throws {
    var random = Random.stream(.test, seed: seed)
    let session = Session(.standard, in: SessionEnvironment())
    var documents = [session.document]
    for _ in 0..<30 {
      _ = try? session.apply(edit(&random))
      if session.document != documents.last { documents.append(session.document) }
      #expect(session.undoDepth == documents.count - 1)
    }
    #expect(documents.count > 5)

    for document in documents.dropLast().reversed() {
      try session.apply(.undo)
      #expect(session.document == document)
    }
    #expect(!session.isDirty)
    #expect(throws: SessionError("There is nothing to undo.")) { try session.apply(.undo) }
    for document in documents.dropFirst() {
      try session.apply(.redo)
      #expect(session.document == document)
    }
    #expect(throws: SessionError("There is nothing to redo.")) { try session.apply(.redo) }
  }

  @Test func aNewEditForgetsWhatWasUndone() throws {
    let session = Session(.standard, in: SessionEnvironment())
    try session.apply(.set(.init("seed", "2")))
    try session.apply(.set(.init("seed", "3")))
    try session.apply(.undo)
    #expect(try session.apply(.set(.init("seed", "2"))) == "nothing changed")
    try session.apply(.redo)
    #expect(session.document.seed == 3)
    try session.apply(.undo)
    try session.apply(.set(.init("seed", "4")))
    #expect(throws: SessionError("There is nothing to redo.")) { try session.apply(.redo) }
    try session.apply(.undo)
    #expect(session.document.seed == 2)
  }

  @Test func theAnswersNameTheEdit() throws {
    let session = Session(.standard, in: SessionEnvironment())
    #expect(try session.apply(.delete(at: 1)) == "delete 1")
    #expect(try session.apply(.undo) == "undid: delete 1")
    #expect(try session.apply(.redo) == "did again: delete 1")
  }
}
