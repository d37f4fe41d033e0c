import Engine
import Formats
import Foundation

/// Reference numbers of Tests/Fixtures, made by the script beside them.
public struct Fixture: Sendable {
  /// Why a fixture cannot be used.
  public struct Missing: Error, CustomStringConvertible {
    /// What is missing.
    public let description: String
  }

  private let name: String
  private let file: TensorFile

  /// The fixture called `name`, such as `layers/lstm_small`.
  public init(_ name: String) throws {
    self.name = name
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/\(name).safetensors").standardizedFileURL
    file = try SafeTensors.read(url.path)
  }

  /// The tensor called `key`.
  public func callAsFunction(_ key: String) throws -> Tensor {
    guard let array = file[key] else { throw Missing(description: "\(name) has no '\(key)'.") }
    return Tensor(array.floats(), Shape(array.shape))
  }

  /// Gives every parameter the numbers of its name.
  public func assign(to parameters: [Parameter]) throws {
    for parameter in parameters { parameter.assign(try self(parameter.name)) }
  }
}
