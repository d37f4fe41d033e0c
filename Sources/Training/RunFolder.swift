import Formats
import Foundation

/// Reads a run on disk, also while another process writes it.
public struct RunFolder: Sendable {
  /// The folder.
  public let path: String

  /// The run in the folder `path`.
  public init(_ path: String) { self.path = path }

  /// A checkpoint and where it was found.
  public struct Found: Sendable {
    /// The checkpoint.
    public let checkpoint: Checkpoint
    /// The file's name in the folder.
    public let file: String
    /// A sentence for the user for every newer file that could not be read.
    public let warnings: [String]
  }

  /// The names of the checkpoints, oldest first.
  public var checkpoints: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let steps = names.compactMap { name in RunDirectory.step(of: name).map { ($0, name) } }
    return steps.sorted { $0 < $1 }.map(\.1)
  }

  /// The name of the checkpoint with the lowest validation loss; nil when there is none yet.
  public var best: String? {
    guard let name = (try? JSON(path: path + "/run.json"))?["best"]?.string,
      RunDirectory.step(of: name) != nil
    else { return nil }
    return name
  }

  /// The session's JSON text as it was when the run began; nil when it is not there.
  public var session: String? { text(of: "session.json") }

  /// The steps, validations and changed knobs that the run told of, oldest first.
  public var history: [RunEvent] { text(of: "metrics.jsonl").map(MetricHistory.events) ?? [] }

  /// The newest checkpoint whose checksums are right; it says which newer ones were passed over.
  public func newestCheckpoint() throws(FormatError) -> Found {
    var warnings: [String] = []
    for name in checkpoints.reversed() {
      do throws(FormatError) {
        let checkpoint = try Checkpoint(path: path + "/" + name)
        return Found(checkpoint: checkpoint, file: name, warnings: warnings)
      } catch {
        warnings.append("\(error.message) The checkpoint before it is used.")
      }
    }
    throw FormatError(
      warnings.isEmpty ? .noInput : .badData,
      "Run \(SafeText.quoted(path)) needs a checkpoint, got "
        + (warnings.isEmpty ? "none" : "\(warnings.count) that are damaged")
        + ". Train it first, or choose another run.")
  }

  /// The checkpoint with the lowest validation loss, or the newest one when none is named best.
  public func bestCheckpoint() throws(FormatError) -> Found {
    guard let best else { return try newestCheckpoint() }
    do throws(FormatError) {
      let checkpoint = try Checkpoint(path: path + "/" + best)
      return Found(checkpoint: checkpoint, file: best, warnings: [])
    } catch {
      let newest = try newestCheckpoint()
      return Found(
        checkpoint: newest.checkpoint, file: newest.file,
        warnings: ["\(error.message) The newest checkpoint is used."] + newest.warnings)
    }
  }

  /// Whether a run has told of something here.
  public var hasBegun: Bool { FileManager.default.fileExists(atPath: path + "/metrics.jsonl") }

  /// The most bytes of a file: metrics of millions of steps.
  private static let limit = 1 << 30

  private func text(of name: String) -> String? {
    do throws(FormatError) {
      var reader = try BoundedReader(path: path + "/" + name, limit: Self.limit)
      let bytes = try reader.read(reader.size, promise: "its size is")
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      return nil
    }
  }
}
