import Foundation
import Testing
import Training

@testable import Workbench

private let folder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../sessions").standardizedFileURL.path

private let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  .filter { $0.hasSuffix(".json") }.sorted()

struct ExampleSessionTests {
  @Test func theyAreThere() {
    #expect(
      files == [
        "char-gru.json", "char-lstm.json", "pendigits-gru.json", "vowels-bilstm.json",
        "vowels-lstm.json",
      ])
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
    #expect(recorded.signals.contains { $0.hasSuffix(".h") })
    #expect(!recorded.values.isEmpty && recorded.values.allSatisfy(\.isFinite))
    try desk.session.apply(.stop)
    try desk.finish()
  }
}
