import Data
import Formats
import Foundation
import Synchronization

/// A run on disk: what it was asked to do, what it found, and checkpoints to go on from.
///
///     runs/20261121T093012Z-char-lstm-4f1c/
///       session.json                 the session as it was when the run began
///       metrics.jsonl                a line for every step, validation and changed knob
///       ckpt-00000400.safetensors    the last three checkpoints and the best one
///       run.json                     which checkpoint is the best
///       .lock                        held by the process that writes here
///
/// Checkpoints are saved whole or not at all. Reading needs no lock.
public final class RunDirectory: Sendable {
  /// Checkpoints that are kept beside the best one.
  public static let keptCheckpoints = 3

  /// The folder.
  public let path: String

  private let lock: RunLock
  private let metrics: Mutex<MetricFile>

  /// Opens the run at `path` for writing: takes its lock and clears away what a crash left.
  public init(opening path: String) throws(FormatError) {
    self.path = path
    lock = try RunLock(folder: path)
    try AtomicFile.removeStaleTemporaries(in: path)
    metrics = Mutex(MetricFile(path: path + "/metrics.jsonl"))
  }

  /// Makes a new run in the folder `parent` for a session with this name and JSON text.
  public static func create(
    in parent: String, name: String, session: String, date: Date = Date(),
    using random: inout some RandomNumberGenerator
  ) throws(FormatError) -> RunDirectory {
    let path = parent + "/" + folderName(name, date: date, using: &random)
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    } catch {
      throw FormatError(
        .cannotCreate,
        "Cannot create folder \(SafeText.quoted(path)): \(error.systemText). "
          + "Choose a place that you may write to.")
    }
    let directory = try RunDirectory(opening: path)
    try AtomicFile.write(session, to: path + "/session.json")
    return directory
  }

  /// Saves a checkpoint, forgets older ones that are not needed, and returns the file's name.
  ///
  /// A checkpoint of a later step belongs to a future that the run has gone back from; it goes too.
  public func save(_ checkpoint: Checkpoint, isBest: Bool) throws(FormatError) -> String {
    let name = Self.fileName(step: checkpoint.step)
    try SafeTensors.write(checkpoint.file, to: path + "/" + name)
    var best = RunFolder(path).best
    if isBest || best.map({ Self.step(of: $0) ?? 0 > checkpoint.step }) == true {
      best = isBest ? name : nil
      try AtomicFile.write(runText(best: best, checkpoint), to: path + "/run.json")
    }
    let names = RunFolder(path).checkpoints
    let past = names.filter { Self.step(of: $0) ?? 0 <= checkpoint.step }
    let kept = Set(past.suffix(Self.keptCheckpoints) + [best].compactMap { $0 })
    for name in names where !kept.contains(name) {
      // A file that cannot be removed takes room and does no harm.
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
    return name
  }

  /// Adds a metric line; `flushMetrics()` writes it.
  func append(_ line: String) { metrics.withLock { $0.append(line) } }

  /// Writes the metric lines that wait.
  func flushMetrics() throws(FormatError) {
    let result: Result<Void, FormatError> = metrics.withLock { file in
      do throws(FormatError) { return .success(try file.flush()) } catch { return .failure(error) }
    }
    try result.get()
  }

  /// The name of a checkpoint after `step` steps.
  static func fileName(step: Int) -> String {
    let digits = String(step)
    return "ckpt-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      + ".safetensors"
  }

  /// The step in a checkpoint's name; nil for another file.
  static func step(of name: String) -> Int? {
    guard name.hasPrefix("ckpt-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst(5).dropLast(12))
  }

  /// `20261121T093012Z-char-lstm-4f1c`: when, what, and digits that keep runs of a second apart.
  static func folderName(
    _ name: String, date: Date, using random: inout some RandomNumberGenerator
  ) -> String {
    let style = Date.ISO8601FormatStyle(
      dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
    let words = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let slug = String(words.prefix(40)).split(separator: "-").joined(separator: "-")
    let digits = String(UInt32(truncatingIfNeeded: random.next()) & 0xFFFF | 0x10000, radix: 16)
    return [date.formatted(style), slug.isEmpty ? "run" : slug, String(digits.dropFirst())]
      .joined(separator: "-")
  }

  private func runText(best: String?, _ checkpoint: Checkpoint) -> String {
    let loss = checkpoint.bestValidationLoss
    let members: [(String, JSON)] = [
      ("format", 1), ("best", best.map(JSON.string) ?? .null),
      ("best_validation_loss", best == nil ? .null : loss.map(JSON.number) ?? .null),
    ]
    return JSON(members).text(.pretty)
  }
}
