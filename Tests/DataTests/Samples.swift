import Engine
import Foundation

@testable import Data

/// A text of `count` different characters in the order of their code points, so that the id of a
/// character is its position.
func textOfPositions(_ count: Int) throws -> TextSource {
  var text = String.UnicodeScalarView()
  for position in 0..<count { text.append(Unicode.Scalar(UInt32(0x4E00 + position)) ?? "?") }
  return try TextSource(Array(String(text).utf8), name: "'positions'")
}

/// A data set over `textOfPositions`.
func positions(_ count: Int, batchSize: Int, sequenceLength: Int) throws -> TextDataset {
  try TextDataset(
    name: "positions", title: "positions", textOfPositions(count), batchSize: batchSize,
    sequenceLength: sequenceLength)
}

/// What a closure that must fail says.
func message(_ body: () throws -> Void) -> String {
  do { try body() } catch { return "\(error)" }
  return "no error"
}

/// A folder that is gone when the body returns.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path())
}

/// The same numbers, targets and marks.
func isSame(_ a: Batch, _ b: Batch) -> Bool {
  a.input.shape == b.input.shape && a.input.scalars == b.input.scalars
    && isSame(a.targets, b.targets)
    && a.namedInputs.mapValues(\.scalars) == b.namedInputs.mapValues(\.scalars)
    && a.weights == b.weights && a.lengths == b.lengths && a.continues == b.continues
    && a.begins == b.begins
}

/// The same class numbers or values.
private func isSame(_ a: Targets, _ b: Targets) -> Bool {
  switch (a, b) {
  case (.classes(let a), .classes(let b)): a == b
  case (.values(let a), .values(let b)): a.shape == b.shape && a.scalars == b.scalars
  default: false
  }
}

/// The bundled set `name` under `seed`, with the settings that `change` makes.
func bundled(
  _ name: String, batchSize: Int = 32, seed: UInt64 = 1,
  _ change: (inout DataRecipe) -> Void = { _ in }
) throws -> any Dataset {
  var recipe = DataRecipe(source: .bundled(name), batchSize: batchSize)
  change(&recipe)
  return try recipe.load(seed: seed, relativeTo: "")
}

/// What the baseline called `name` reaches.
func baseline(_ name: String, of data: any Dataset) -> Double {
  data.baselines().first { $0.name == name }?.value ?? .nan
}
