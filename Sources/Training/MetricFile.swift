import Formats
import Foundation

/// The append-only file of a run's metric lines.
///
/// Lines are gathered and written at `flush()`. What cannot be written is kept for the next time.
struct MetricFile {
  /// Lines that wait are dropped beyond this many bytes, when the disk stays full.
  static let limit = 16 << 20

  private let path: String
  private var handle: FileHandle?
  private var waiting = Data()
  private var endsInMiddleOfLine = false

  /// The file at `path`, which is made when the first lines are written.
  init(path: String) { self.path = path }

  /// Adds a line to those that wait.
  mutating func append(_ line: String) {
    guard waiting.count < Self.limit else { return }
    waiting.append(contentsOf: (line + "\n").utf8)
  }

  /// Writes the lines that wait, or says why it cannot.
  mutating func flush() throws(FormatError) {
    guard !waiting.isEmpty else { return }
    do {
      let handle = try handle ?? open()
      self.handle = handle
      if endsInMiddleOfLine { try handle.write(contentsOf: Data("\n".utf8)) }
      // Until all of it is written, the file may end anywhere.
      endsInMiddleOfLine = true
      try handle.write(contentsOf: waiting)
      endsInMiddleOfLine = false
      waiting = Data()
    } catch {
      throw FormatError(
        .inputOutput,
        "Cannot write \(SafeText.quoted(path)): \(error.systemText). The lines are kept for later.")
    }
  }

  private mutating func open() throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    }
    let url = URL(fileURLWithPath: path)
    let handle = try FileHandle(forUpdating: url)
    let end = try handle.seekToEnd()
    if end > 0 {
      try handle.seek(toOffset: end - 1)
      endsInMiddleOfLine = try handle.read(upToCount: 1) != Data("\n".utf8)
    }
    return handle
  }
}

extension Error {
  /// What the system says went wrong, without a full stop.
  public var systemText: String {
    guard let cause = (self as? CocoaError)?.underlying as? POSIXError ?? self as? POSIXError else {
      return localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }
    return String(cString: strerror(cause.code.rawValue))
  }
}
