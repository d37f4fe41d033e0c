import Foundation
import Testing

/// What each target may import of ours: only what stands below it. SwiftPM does not hold this.
private let floors: [String: Set<String>] = [
  "Engine": ["CKernels"],
  "Formats": ["CZlib"],
  "Layers": ["Engine", "Formats"],
  "Data": ["Engine", "Formats", "CAssets"],
  "Training": ["Layers", "Data", "Formats", "Engine"],
  "Inspection": ["Layers", "Data", "Engine"],
  "Workbench": ["Training", "Inspection", "Layers", "Data", "Engine", "Formats"],
  "Benchmarks": ["Training", "Layers", "Data", "Engine", "Formats"],
  "Experiments": [
    "Workbench", "Inspection", "Training", "Data", "Layers", "Engine", "Formats",
  ],
  "Canvas": [],
  "Terminal": ["Canvas", "CNcurses", "CTerminal"],
  "Screens": [
    "Experiments", "Workbench", "Inspection", "Training", "Data", "Layers", "Engine", "Formats",
    "Canvas",
  ],
  "unroll": [
    "Screens", "Terminal", "Canvas", "Experiments", "Benchmarks", "Workbench", "Inspection",
    "Training", "Data", "Layers", "Engine", "Formats",
  ],
]

/// The targets in C, which import nothing of ours.
private let cellars: Set<String> = ["CKernels", "CAssets", "CNcurses", "CTerminal", "CZlib"]

private let sources = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources").standardizedFileURL

/// The Swift files of one folder of Sources, with their text.
private func swiftFiles(in folder: String) throws -> [(name: String, text: String)] {
  let root = sources.appending(path: folder)
  let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
  return try paths.sorted().filter { $0.hasSuffix(".swift") }.map {
    ("\(folder)/\($0)", try String(contentsOf: root.appending(path: $0), encoding: .utf8))
  }
}

/// The modules that `text` imports, whatever the attributes, access level or kind of the import.
private func imports(in text: String) -> Set<String> {
  let pattern =
    /(?m)^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
  return Set(text.matches(of: pattern).map { String($0.1) })
}

@Suite struct FloorsTests {
  @Test(arguments: floors.keys.sorted())
  func aTargetImportsOnlyWhatStandsBelowIt(target: String) throws {
    let ours = Set(floors.keys).union(cellars)
    for file in try swiftFiles(in: target) {
      let illegal = imports(in: file.text).intersection(ours).subtracting(floors[target] ?? [])
      #expect(illegal.isEmpty, "\(file.name) imports \(illegal.sorted())")
    }
  }

  @Test func everyFolderOfSourcesHasAFloor() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    #expect(Set(folders) == Set(floors.keys).union(cellars))
  }

  @Test func noFloorStandsOnItselfOrOnAnotherThatStandsOnIt() {
    for (target, below) in floors {
      #expect(below.allSatisfy { $0 != target && floors[$0]?.contains(target) != true })
    }
  }

  @Test func theManifestBuildsTheFloorsAsTheyStandHere() throws {
    let manifest = try String(
      contentsOf: sources.appending(path: "../Package.swift").standardizedFileURL, encoding: .utf8)
    for match in manifest.matches(of: /floor\("(\w+)"(?:, on: \[([^\]]*)\])?\)/) {
      let name = String(match.1)
      let below = (match.2 ?? "").matches(of: /"(\w+)"/).map { String($0.1) }
      #expect(floors[name] == Set(below), "Package.swift and this test disagree about \(name)")
    }
  }

  @Test(arguments: floors.keys.sorted())
  func aSwiftFileHoldsOneIdeaInAtMost400Lines(target: String) throws {
    for file in try swiftFiles(in: target) {
      let lines = file.text.count(where: { $0 == "\n" })
      #expect(lines <= 400, "\(file.name) has \(lines) lines")
    }
  }

  @Test func importsAreFoundUnderAttributesAccessLevelsAndKinds() {
    let text = """
      import Engine
        @testable import Layers
      @preconcurrency public import Data
      internal import struct Canvas.Cell
      @_spi(Tests) import Formats
      // import Screens
      """
    #expect(imports(in: text) == ["Engine", "Layers", "Data", "Canvas", "Formats"])
  }
}
