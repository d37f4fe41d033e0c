import Experiments
import Formats
import Foundation
import Testing

@Suite struct ReportShelfTests {
  private static let name = ExperimentRegistry.all[0].name

  private func report(
    seed: UInt64 = 3, claim: String = ExperimentRegistry.all[0].claim
  ) throws -> ExperimentReport {
    try Experiment(name: Self.name, claim: claim, source: "") { laboratory in
      laboratory.measure("loss", 0.25)
      laboratory.measure("loss of the other", 0.5, as: .control)
      laboratory.tabulate("cell", columns: ["a", "b"], [(name: "lstm", values: [0.125, nil])])
      laboratory.picture("a picture", [("up", [1, 2, 3])])
      laboratory.diagram("a diagram", from: "0", to: "2", [("down", [1, 0, -1])])
      laboratory.expect("loss", 0.25, below: 1)
      laboratory.note("Seen once.")
    }.run(seed: seed)
  }

  private func folder() -> String {
    FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString)"
  }

  @Test func whatIsKeptComesBackAsItWas() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = ReportShelf(folder + "/lab")
    #expect(shelf.reports().isEmpty)
    try shelf.keep(try report(seed: .max))
    let report = try report()
    try shelf.keep(report)
    let found = try #require(ReportShelf(folder + "/lab").reports().first)
    #expect(shelf.reports().count == 1 && found.seed == 3 && found.passed)
    #expect(found.json.text(.compact) == report.json.text(.compact))
    #expect(found.maps == report.maps && found.tables == report.tables)
  }

  @Test func aSeedTooLargeForAWholeNumberComesBack() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try ReportShelf(folder).keep(try report(seed: .max))
    #expect(ReportShelf(folder).reports().first?.seed == .max)
  }

  @Test func whatJudgedAnotherClaimIsPassedOver() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try ReportShelf(folder).keep(try report(claim: "It nearly holds."))
    #expect(ReportShelf(folder).reports().isEmpty)
  }

  @Test func whatIsNoReportIsPassedOver() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for text in ["", "{}", "[1]", "{\"experiment\": \"x\"}"] {
      try text.write(toFile: folder + "/\(Self.name).json", atomically: true, encoding: .utf8)
      #expect(ReportShelf(folder).reports().isEmpty)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "".write(toFile: folder, atomically: true, encoding: .utf8)
    #expect(throws: (any Error).self) { try ReportShelf(folder + "/lab").keep(try report()) }
  }
}
