import Foundation

@testable import Data
@testable import Formats

/// A folder with new files.
struct NewFiles: ~Copyable {
  let folder = FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ text: String, _ name: String = "new.csv") throws -> Material {
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    return .file(folder + "/" + name)
  }

  func array(
    _ values: [Double], _ shape: [Int], _ name: String = "new.npy"
  ) throws -> Material {
    try NumPy.write(
      NumericArray("x", values.map(Float.init), shape: shape), to: folder + "/" + name)
    return .file(folder + "/" + name)
  }

  func lengths(_ lengths: [Int64], _ name: String = "len.npy") throws {
    try NumPy.write(
      NumericArray("len", lengths, shape: [lengths.count]), to: folder + "/" + name)
  }

  /// The sentence with which `dataset` refuses what `material` says, without the folder.
  func refusal(_ dataset: any Dataset, _ material: Material) -> String {
    do throws(DataError) {
      return "read \(try dataset.read(material).parts.count)"
    } catch {
      return error.description.replacing(folder + "/", with: "")
    }
  }
}
