import Data
import Formats
import Foundation
import Layers
import Testing
import Training

@testable import Workbench

struct RunFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func desk(
    _ place: RunPlace, steps: Int = 4, file: String? = nil, data: String? = nil
  ) throws -> Desk {
    let document = Document.letters(of: data ?? folder.path + "/abc.txt", steps: steps)
    return try Desk(document, file: file, runs: place, in: folder)
  }

  @Test func aRunIsKeptInAFolderOfItsOwn() throws {
    let desk = try desk(.under(folder.path + "/runs"))
    _ = try desk.train()
    let run = try #require(desk.session.runDirectory)
    #expect(folder.names(in: "runs") == [(run as NSString).lastPathComponent])
    #expect(run.contains("-letters-"))
    #expect(RunFolder(run).checkpoints == ["ckpt-00000004.safetensors"])
    #expect(try Document(contentsOf: run + "/session.json") == desk.session.document)
    _ = try desk.train(.restart)
    #expect(folder.names(in: "runs").count == 2)
  }

  @Test func aFolderThatCannotBeMadeIsAWarningAndTrainingGoesOn() throws {
    try folder.write("", to: "runs")
    let desk = try desk(.under(folder.path + "/runs"))
    #expect(try desk.train().count == 4)
    let warnings = desk.words.filter { $0.hasPrefix("warning: ") }
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.hasPrefix("warning: Nothing of this run is saved: Cannot create folder '")
        == true)
    #expect(desk.session.status.phase == .finished(wasStopped: false))
    #expect(desk.session.runDirectory == nil && desk.session.startFailure == nil)
    #expect(try desk.inspect().step == 4)
  }

  @Test func aRunInAFolderGoesOnInAnotherProcess() throws {
    let whole = try desk(.nowhere, steps: 8).train()
    let place = RunPlace.folder(folder.path + "/run")
    let first = try desk(place, steps: 5).train()
    let second = try desk(place, steps: 8)
    #expect(try first + second.train() == whole)
    #expect(second.words.first == "started 5/8")
    #expect(second.session.runDirectory == folder.path + "/run")
  }

  @Test func aRunKnowsItsSessionWithTheKnobsAsTheyWereTurned() throws {
    let place = RunPlace.folder(folder.path + "/run")
    let desk = try desk(place, steps: 5)
    try desk.session.apply(.step(2))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    try desk.session.apply(.set(.init("training.learning_rate", "0.25")))
    try desk.session.apply(.set(.init("training.steps", "9")))
    try desk.session.apply(.resume)
    try desk.finish()
    let again = try #require(try Document(ofRun: folder.path + "/run"))
    #expect(again == desk.session.document)
    #expect(again.training.learningRate == 0.25 && again.training.steps == 9)
    #expect(try Document(ofRun: folder.path) == nil)
    desk.session.close()
    let later = try self.desk(place, steps: 12)
    #expect(try later.session.apply(.train) == "the run in '\(folder.path)/run' goes on")
    try later.finish()
  }

  @Test func aRunThatCouldNotGoOnLosesNothing() throws {
    let whole = try desk(.nowhere, steps: 8).train()
    let desk = try desk(.folder(folder.path + "/run"))
    let first = try desk.train()
    try desk.session.apply(.set(.init("training.steps", "8")))
    #expect(try desk.inspect().step == 4)  // waits until the run has let go of its folder
    var lock: RunLock? = try RunLock(folder: folder.path + "/run")
    #expect(try desk.train().isEmpty)
    #expect(lock != nil && desk.session.startFailure?.kind == .locked)
    #expect(try desk.inspect().step == 4)
    lock = nil
    #expect(try first + desk.train() == whole)
    #expect(desk.session.runDirectory == folder.path + "/run")
  }

  @Test func aSessionOfTheUsersIsNotReplaced() throws {
    let path = folder.path + "/mine"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try Data("{}".utf8).write(to: URL(filePath: path + "/session.json"))
    let desk = try desk(.folder(path))
    #expect(try desk.train().isEmpty)
    #expect(
      desk.words == [
        "failed: The folder '\(path)' holds a session.json of yours, which a run there would replace. "
          + "Choose another folder for the run."
      ])
    #expect(try String(contentsOfFile: path + "/session.json", encoding: .utf8) == "{}")
  }

  @Test func aFolderInUseIsRefusedWithItsKind() throws {
    let place = RunPlace.folder(folder.path + "/run")
    let first = try desk(place, steps: 1_000_000)
    try first.session.apply(.step(1))
    try first.wait(for: "a pause") { first.session.status.phase == .paused }

    let second = try desk(place)
    #expect(try second.train().isEmpty)
    let sentence =
      "Run '\(folder.path)/run' is in use by process \(getpid()). Stop it, or choose another run."
    #expect(second.words == ["failed: \(sentence)"])
    #expect(second.session.startFailure == SessionError(sentence, kind: .locked))
    #expect(second.session.status.phase == .failed(sentence))
    // It can still be looked at, and trained when the other one is over.
    #expect(try second.inspect().step == 0)
    first.session.close()
    #expect(try second.train().count == 3)
    #expect(second.session.startFailure == nil)
  }

  @Test func aFolderOfAnotherModelIsRefused() throws {
    let place = RunPlace.folder(folder.path + "/run")
    _ = try desk(place).train()
    let other = try desk(place)
    try other.session.apply(.set(.init("gru.hidden_size", "7")))
    #expect(try other.train().isEmpty)
    #expect(other.session.startFailure?.kind == .badData)
    #expect(
      other.session.startFailure?.description.hasSuffix(
        "' with shape [21, 3], got [12, 3]. Open the session that the weights were made with.")
        == true)
  }

  @Test func aRestartLeavesTheFolderThatTheRunIsKeptInAlone() throws {
    let place = RunPlace.folder(folder.path + "/runs/mine")
    let trained = try desk(place)
    let losses = try trained.train()
    let checkpoint = folder.path + "/runs/mine/ckpt-00000004.safetensors"
    let before = try Data(contentsOf: URL(filePath: checkpoint))
    #expect(try trained.train(.restart) == losses)
    let again = try desk(place)
    #expect(try again.train(.restart) == losses)
    try again.session.apply(.set(.init("gru.hidden_size", "7")))
    #expect(try again.train().count == 4)

    #expect(try Data(contentsOf: URL(filePath: checkpoint)) == before)
    #expect(RunFolder(folder.path + "/runs/mine").checkpoints == ["ckpt-00000004.safetensors"])
    #expect(folder.names(in: "runs").count == 4)
  }

  @Test func aRunRemembersWhereItsTextLies() throws {
    let place = RunPlace.folder(folder.path + "/run")
    let file = folder.path + "/s.json"
    let desk = try desk(place, file: file, data: "abc.txt")
    _ = try desk.train()
    let checkpoint = try RunFolder(folder.path + "/run").newestCheckpoint().checkpoint
    let config = try Document(JSON(parsing: checkpoint.config, name: "config"))
    #expect(config.data.source == .file(path: folder.path + "/abc.txt"))
    let kept = try Document(contentsOf: folder.path + "/run/session.json")
    #expect(kept.data.source == .file(path: folder.path + "/abc.txt"))
    #expect(desk.session.document.data.source == .file(path: "abc.txt"))
  }

  @Test func aCheckpointIsSavedWhenAskedFor() throws {
    let desk = try desk(.folder(folder.path + "/run"), steps: 1_000_000)
    try desk.session.apply(.step(2))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    #expect(try desk.session.apply(.checkpoint) == "saving after this step")
    try desk.wait(for: "a checkpoint") { desk.words.contains("saved 2") }
    #expect(RunFolder(folder.path + "/run").checkpoints == ["ckpt-00000002.safetensors"])
    #expect(desk.session.status.phase == .paused)
  }

  @Test func aRunThatDivergesKeepsItsWeightsAndGoesOnFromThem() throws {
    var document = Document.letters(of: folder.path + "/abc.txt", steps: 40)
    document.model.layers[1].spec = RNN.Spec(hiddenSize: 4, nonlinearity: .relu)
    document.training.optimizer = .sgd
    document.training.clipNorm = 0
    let desk = try Desk(document, runs: .folder(folder.path + "/run"), in: folder)
    let session = desk.session
    try session.apply(.step(2))
    try desk.wait(for: "a pause") { session.status.phase == .paused }
    try session.apply(.set(.init("training.learning_rate", "1000")))
    try session.apply(.resume)
    try desk.finish()
    guard case .failed(let sentence) = session.status.phase else {
      Issue.record("the run did not diverge: \(desk.words)")
      return
    }
    #expect(sentence.contains("Parameters were kept from step \(session.status.step)."))
    #expect(session.startFailure == nil)
    let kept = session.status.step
    #expect(try desk.inspect().step == kept)
    try session.apply(.set(.init("training.learning_rate", "1e-9")))
    #expect(try session.apply(.step(1)) == "one step")
    try desk.wait(for: "an end") { session.status.phase == .paused || !session.status.isActive }
    #expect(desk.words.contains("started \(kept)/40"))
  }

  @Test func aMistypedDataSetIsSuggested() throws {
    let desk = try Desk(.standard)
    try desk.session.apply(.set(.init("data.set", "shakespear")))
    #expect(
      desk.refusal(of: .train)
        == "Cannot read 'shakespear': No such file or directory. Check the name. "
        + "Did you mean 'shakespeare'?")
  }

  @Test func typedDataMayLieAnywhereAndThoseOfAFileBesideIt() throws {
    let elsewhere = try TemporaryFolder()
    let outside = try elsewhere.write(abc, to: "abc.txt")
    let file = folder.path + "/s.json"
    let document = Document.letters(of: outside, steps: 2)
    let opened = Session(document, file: file, in: SessionEnvironment())
    #expect(
      opened.obstacle()
        == SessionError(
          "File '\(outside)' lies outside the session's folder '\(folder.path)'. Copy it there.",
          kind: .notPermitted))
    let typed = Session(document, file: file, dataWasTyped: true, in: SessionEnvironment())
    #expect(typed.obstacle() == nil)
    try folder.write(abc, to: "abc.txt")
    try opened.apply(.set(.init("data.set", "abc.txt")))
    #expect(opened.obstacle() == nil)
    try opened.apply(.undo)
    #expect(opened.obstacle()?.kind == .notPermitted)
  }
}
