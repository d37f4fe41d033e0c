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
    && a.targets.classes == b.targets.classes
    && a.weights == b.weights && a.lengths == b.lengths && a.continues == b.continues
}
