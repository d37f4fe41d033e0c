import Foundation
import Layers
import Testing
import Training

@testable import Workbench

private let folder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../sessions").standardizedFileURL.path

private let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  .filter { $0.hasSuffix(".json") }.sorted()

/// The kinds of layers with a state.
private let recurrent = LayerRegistry.all
  .filter { $0 is any RecurrentSpec.Type }.map { $0.kind }

struct ExampleSessionTests {
  @Test func everyRecurrentLayerHasOne() throws {
    let kinds = Set(try files.flatMap { try Document(contentsOf: folder + "/" + $0).kinds })
    #expect(kinds.isSuperset(of: recurrent), "\(Set(recurrent).subtracting(kinds))")
  }

  @Test func theProgramOpensTheFirstOfThemByItself() throws {
    #expect(try Document(contentsOf: folder + "/char-lstm.json") == .standard)
  }

  @Test(arguments: files)
  func oneOpensTrainsAndIsInspected(file: String) throws {
    let path = folder + "/" + file
    let document = try Document(contentsOf: path)
    #expect(document.name + ".json" == file)
    let copy = try TemporaryFolder()
    try document.write(to: copy.path + "/copy.json")
    #expect(try Document(contentsOf: copy.path + "/copy.json") == document)

    let desk = try Desk(document, file: path)
    #expect(desk.session.obstacle() == nil)
    #expect(desk.session.rows().allSatisfy { $0.error == nil && $0.output != nil })
    try desk.session.apply(.step(3))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    #expect(desk.events.losses.count == 3 && desk.events.losses.allSatisfy(\.isFinite))
    let recorded = try desk.inspect(2)
    #expect(recorded.step == 3 && recorded.failure == nil)
    #expect(recorded.outputs == document.model.tree.map(\.entry.name) && recorded.blind.isEmpty)
    let isRecurrent = document.kinds.contains(where: recurrent.contains)
    #expect(recorded.signals.contains { $0.hasSuffix(".h") } == isRecurrent)
    #expect(recorded.values.isEmpty != isRecurrent && recorded.values.allSatisfy(\.isFinite))
    try desk.session.apply(.stop)
    try desk.finish()
  }
}

extension Document {
  /// The kinds of its layers, those inside others too.
  fileprivate var kinds: [String] { model.tree.map(\.entry.kind) }
}
