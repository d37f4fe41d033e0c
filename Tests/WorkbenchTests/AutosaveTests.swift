import Foundation
import Layers
import Testing

@testable import Workbench

struct AutosaveTests {
  private let folder: TemporaryFolder
  private let file: String
  private let state: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.path + "/s.json"
    state = folder.path + "/state/unroll"
    try Document.standard.write(to: file)
  }

  /// The program is started on a session file.
  private func open(_ path: String? = nil, state: String? = nil) throws -> Session {
    let path = path ?? file
    return Session(
      try Document(contentsOf: path), file: path,
      in: SessionEnvironment(stateDirectory: state ?? self.state, clock: { 7 }))
  }

  private var kept: [String] {
    folder.names(in: "state/unroll/autosave").filter { !$0.hasSuffix(".lock") }
  }

  @Test func editsSurviveASessionThatIsNeverSaved() throws {
    var edited = Document.standard
    try visit { session in
      try session.apply(.set(.init("seed", "5")))
      try session.apply(.delete(at: 1))
      edited = session.document
    }
    try visit { try expectRecovery($0, edited) }
    #expect(try open().document == edited)
  }

  private func expectRecovery(_ session: Session, _ edited: Document) throws {
    #expect(session.document == edited && session.isDirty && session.savedDocument == .standard)
    #expect(
      session.journal.entries.map(\.text)
        == ["unsaved edits of the last session were taken up again; undo takes them back"])
    #expect(try session.apply(.undo) == "undid: unsaved edits of the last session")
    #expect(session.document == .standard && !session.isDirty)
    #expect(try session.apply(.redo) == "did again: unsaved edits of the last session")
    #expect(session.document == edited)
  }

  /// The first workbench keeps its place, the second one is told and has a place of its own, and what
  /// either leaves behind is found again.
  @Test func twoWorkbenchesOnASessionKeepTheirEditsApart() throws {
    let told =
      "another workbench has this session open; each keeps its own unsaved edits, and who saves last "
      + "decides what the file holds"
    try visit { first in
      try first.apply(.set(.init("seed", "5")))
      try visit { second in
        #expect(second.document == .standard)
        #expect(second.journal.entries.map(\.text) == [told])
        try second.apply(.set(.init("seed", "6")))
      }
      #expect(first.journal.entries.map(\.text) == ["set seed 5"])
      #expect(kept.count == 4)
      // Saving goes on in the same place.
      try first.save()
      try first.apply(.set(.init("seed", "7")))
      #expect(first.journal.entries.map(\.text).allSatisfy { $0 != told })
    }
    try visit { first in
      #expect(first.document.seed == 7)
      try visit { #expect($0.document.seed == 6) }
      try first.save()
    }
    #expect(try open().document.seed == 6)
  }

  /// A workbench that is closed, or killed, without saving.
  private func visit(_ path: String? = nil, _ act: (Session) throws -> Void) throws {
    let session = try open(path)
    try act(session)
    session.leavePlace()
  }

  @Test func editsThatCannotBeReadAreMovedOutOfTheWay() throws {
    try visit { try $0.apply(.set(.init("seed", "5"))) }
    let name = try #require(kept.first { !$0.contains("journal") })
    let place = state + "/autosave/" + name
    try Data("{".utf8).write(to: URL(filePath: place))
    try visit { session in
      #expect(session.document == .standard)
      let told = session.journal.entries.map(\.text)
      #expect(told.count == 1)
      #expect(told[0].hasPrefix("Unsaved edits of an earlier session cannot be read: "))
      try session.apply(.set(.init("seed", "6")))
    }
    let aside = String(place.dropLast(5)) + ".unreadable.json"
    #expect(try String(contentsOfFile: aside, encoding: .utf8) == "{")
    #expect(try open().document.seed == 6)
  }

  @Test func theJournalIsKeptBesideTheEdits() throws {
    let session = try open()
    try session.apply(.set(.init("seed", "5")))
    try session.apply(.delete(at: 1))
    let journal = try #require(kept.first { $0.hasSuffix(".journal.jsonl") })
    let text = try String(
      contentsOfFile: state + "/autosave/" + journal, encoding: .utf8)
    #expect(
      text == """
        {"time":7.0,"step":null,"command":"set seed 5"}
        {"time":7.0,"step":null,"command":"delete 1"}

        """)
  }

  @Test func savingForgetsThem() throws {
    let session = try open()
    try session.apply(.set(.init("seed", "5")))
    #expect(kept.count == 2)
    try session.save()
    #expect(kept.isEmpty && !session.isDirty)
    #expect(try Document(contentsOf: file).seed == 5)
    #expect(session.journal.entries.map(\.text) == ["set seed 5", "saved '\(file)'"])
  }

  @Test func leavingThemForgetsThem() throws {
    let session = try open()
    try session.apply(.set(.init("seed", "5")))
    session.discardAutosave()
    #expect(kept.isEmpty)
    #expect(try open().document == .standard)
  }

  @Test func undoingEverythingLeavesNothingBehind() throws {
    let session = try open()
    try session.apply(.set(.init("seed", "5")))
    try session.apply(.undo)
    #expect(kept.isEmpty)
    try session.apply(.redo)
    #expect(kept.count == 2)
  }

  @Test func aSessionWithoutEditsDoesNotHideWhatTheFileBecomes() throws {
    let session = try open()
    _ = try? session.apply(.pause)
    #expect(try session.apply(.set(.init("seed", "1"))) == "nothing changed")
    var changed = Document.standard
    changed.seed = 9
    try changed.write(to: file)
    #expect(try open().document == changed)
  }

  @Test func aSessionThatIsSavedElsewhereKeepsItsEditsThere() throws {
    let other = folder.path + "/other.json"
    try visit { session in
      try session.apply(.set(.init("seed", "5")))
      try session.save(as: other)
      try session.apply(.set(.init("seed", "6")))
    }
    #expect(try open().document == .standard)
    #expect(try open(other).document.seed == 6)
  }

  @Test func sessionsOfTheSameNameAreKeptApart() throws {
    let twin = folder.path + "/twin.json"
    try Document.standard.write(to: twin)
    try open().apply(.set(.init("seed", "5")))
    #expect(try open(twin).document == .standard)
    #expect(try open().document.seed == 5)
  }

  @Test func whatCannotBeReadIsPassedOver() throws {
    try open().apply(.set(.init("seed", "5")))
    let name = try #require(kept.first { !$0.hasSuffix(".journal.jsonl") })
    try "{".write(toFile: state + "/autosave/" + name, atomically: false, encoding: .utf8)
    #expect(try open().document == .standard)
  }

  @Test func aPlaceThatCannotBeWrittenLosesNothingAndIsSaidOnce() throws {
    let blocked = try folder.write("", to: "file") + "/unroll"
    let session = try open(state: blocked)
    try session.apply(.set(.init("seed", "5")))
    try session.apply(.set(.init("seed", "6")))
    #expect(session.document.seed == 6)
    let notes = session.journal.entries.filter { !$0.isCommand }.map(\.text)
    #expect(notes.count == 1)
    #expect(
      notes.first?.hasPrefix("unsaved edits cannot be kept against crashes: Cannot") == true)
    try session.save()
    #expect(try Document(contentsOf: file).seed == 6)
  }

  @Test func aSessionWithoutAFileAsksForOne() throws {
    let session = Session(.standard, in: SessionEnvironment(stateDirectory: state))
    #expect(
      throws: SessionError("This session has no file yet. Save it with ':w NAME.json'.")
    ) { try session.save() }
    try session.save(as: folder.path + "/new.json")
    #expect(session.file == folder.path + "/new.json")
    #expect(try Document(contentsOf: folder.path + "/new.json") == .standard)
  }

  @Test func aSaveThatFailsKeepsTheEdits() throws {
    let session = try open()
    try session.apply(.set(.init("seed", "5")))
    let error = #expect(throws: SessionError.self) {
      try session.save(as: folder.path + "/missing/x.json")
    }
    #expect(error?.kind == .cannotCreate)
    #expect(session.isDirty && session.file == file && kept.count == 2)
  }
}
