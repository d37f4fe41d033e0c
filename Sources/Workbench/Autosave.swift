import Formats
import Foundation

/// Keeps unsaved edits beside the user's files, so that no crash or dropped line loses them.
///
/// `autosave/<name>-<hash of the file's path>.json` holds the document after the last edit, the
/// `.journal.jsonl` beside it every command. Both go away when the user saves.
struct Autosave {
  private let directory: String
  private let stem: String

  /// Keeps the edits of the session in `file` in the state directory; nil when there is none.
  init?(in environment: SessionEnvironment, file: String?, name: String) {
    guard let directory = environment.stateDirectory else { return nil }
    self.directory = directory + "/autosave"
    let path = file.map { URL(filePath: $0).standardizedFileURL.path } ?? ""
    let hash = CRC32C.of(path.utf8)
    stem = self.directory + "/" + name + "-" + String(hash, radix: 16)
  }

  /// The edits that an earlier session left; nil when there are none or they cannot be read.
  func recover() -> Document? {
    try? Document(contentsOf: documentFile)
  }

  /// Keeps the document and the journal, or says why not: that is not worth stopping for, the
  /// user's file is still there.
  func write(_ document: Document, _ journal: Journal) throws(FormatError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw FormatError(.cannotCreate, "Cannot create folder \(SafeText.quoted(directory)).")
    }
    try AtomicFile.write(document.json.text(.pretty), to: documentFile)
    let lines = journal.entries.map { $0.json.text(.compact) + "\n" }.joined()
    try AtomicFile.write(lines, to: journalFile)
  }

  /// Forgets the edits: they are in the user's file now.
  func discard() {
    try? FileManager.default.removeItem(atPath: documentFile)
    try? FileManager.default.removeItem(atPath: journalFile)
  }

  private var documentFile: String { stem + ".json" }
  private var journalFile: String { stem + ".journal.jsonl" }
}

extension Journal.Entry {
  /// The entry as one object of a journal file.
  var json: JSON {
    [
      "time": .number(time), "step": step.map(JSON.integer) ?? .null,
      (isCommand ? "command" : "note"): .string(text),
    ]
  }
}
