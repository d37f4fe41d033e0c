import Formats
import Foundation

/// Keeps unsaved edits beside the user's files, so that no crash or dropped line loses them.
///
/// `autosave/<name>-<hash of the file's path>.json` holds the document after the last edit, the
/// `.journal.jsonl` beside it every command. Both go away when the user saves. A `.lock` beside them
/// says that a workbench is using them; a second one on the same session has a place of its own,
/// `…-2.json`. What was left in any place is taken up by the next workbench that finds it free.
struct Autosave {
  /// The most workbenches that keep edits of one session at a time.
  private static let places = 9

  /// Whether another workbench has the same session open.
  let isSecond: Bool
  private let directory: String
  private let stem: String
  private let lock: RunLock?

  /// Keeps the edits of the session in `file` in the state directory; nil when there is none.
  /// If it is `takingUp`, edits that were left in some free place are preferred to a place without any.
  init?(
    in environment: SessionEnvironment, file: String?, name: String, takingUp: Bool = false
  ) {
    guard let directory = environment.stateDirectory else { return nil }
    self.directory = directory + "/autosave"
    let path = file.map { URL(filePath: $0).standardizedFileURL.path } ?? ""
    let hash = CRC32C.of(path.utf8)
    let first = self.directory + "/" + name + "-" + String(hash, radix: 16)
    let places = (1...Self.places).map { $0 == 1 ? first : "\(first)-\($0)" }
    try? Self.make(self.directory)
    // Without a folder to lock, whoever writes will say so.
    var own: (stem: String, lock: RunLock?) = (first, nil)
    for place in (takingUp ? places.filter(Self.isThere) : []) + places {
      let (lock, isTaken) = Self.take(place)
      if isTaken { continue }
      own = (place, lock)
      break
    }
    (stem, lock) = own
    isSecond = places.contains { $0 != own.stem && Self.take($0, ifThere: true).isTaken }
  }

  /// Takes the right to use the place `stem`; nil where it is taken or cannot be locked.
  private static func take(
    _ stem: String, ifThere: Bool = false
  ) -> (lock: RunLock?, isTaken: Bool) {
    let file = stem + ".lock"
    guard !ifThere || FileManager.default.fileExists(atPath: file) else { return (nil, false) }
    do throws(FormatError) {
      return (try RunLock(file: file), false)
    } catch {
      return (nil, error.kind == .locked)
    }
  }

  private static func isThere(_ stem: String) -> Bool {
    FileManager.default.fileExists(atPath: stem + ".json")
  }

  /// Makes the folder, for this user only.
  private static func make(_ directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
  }

  /// The edits that an earlier session left; nil when there are none.
  ///
  /// What cannot be read is moved out of the way of the next edits, and the error says where to.
  func recover() throws(FormatError) -> Document? {
    guard FileManager.default.fileExists(atPath: documentFile) else { return nil }
    do {
      return try Document(contentsOf: documentFile)
    } catch {
      let aside = stem + ".unreadable.json"
      guard rename(documentFile, aside) == 0 else { return nil }
      throw FormatError(
        .badData,
        "Unsaved edits of an earlier session cannot be read: \(error) They are kept in "
          + "\(SafeText.quoted(aside)).")
    }
  }

  /// Keeps the document and the journal, or says why not: that is not worth stopping for, the
  /// user's file is still there.
  func write(_ document: Document, _ journal: Journal) throws(FormatError) {
    do {
      try Self.make(directory)
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
