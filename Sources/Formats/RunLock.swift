import Glibc

/// The right to write something, such as into a run's folder, held by one process at a time.
///
/// It is an advisory lock on a file, of a run's folder on `.lock` in it. It ends when this object goes away and
/// when the process does, however it dies. A lock on a file of its own takes that away when it ends; what
/// a process that died has left, the next one does.
public final class RunLock: Sendable {
  private let file: Descriptor
  /// What goes away with the lock.
  private let ownFile: String?

  /// Takes the lock on `folder` without waiting, or says who holds it.
  public convenience init(folder: String) throws(FormatError) {
    try self.init(path: folder + "/.lock", subject: "folder", of: folder, isOwn: false)
  }

  /// Takes the lock on the file `path`, which is made if need be, without waiting, or says who holds it.
  public convenience init(file path: String) throws(FormatError) {
    try self.init(path: path, subject: "file", of: path, isOwn: true)
  }

  deinit {
    // Still locked: whoever has opened it meanwhile finds that it is no longer there, and makes another.
    if let ownFile { Descriptor.remove(at: ownFile) }
  }

  /// The open file at `path`, and whether it is locked now.
  private static func open(_ path: String) throws(SystemFailure) -> (file: Descriptor, taken: Bool)
  {
    while true {
      let file = try Descriptor(
        open: path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
      guard try file.lock() else { return (file, false) }
      if try file.isAt(path) { return (file, true) }
    }
  }

  private init(path: String, subject: String, of owner: String, isOwn: Bool) throws(FormatError) {
    let shown = SafeText.quoted(owner)
    let file: Descriptor
    let taken: Bool
    var holder = ""
    do throws(SystemFailure) {
      (file, taken) = try Self.open(path)
      if taken {
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())\n".utf8))
      } else {
        holder = String(decoding: try file.read(at: 0, count: 20), as: UTF8.self)
      }
    } catch {
      throw FormatError(
        error.code == EACCES || error.code == EROFS ? .notPermitted : .cannotCreate,
        "Cannot lock \(subject) \(shown): \(error.text).")
    }
    guard taken else {
      let process = Int(holder.prefix { $0 != "\n" }).map { "process \($0)" } ?? "another process"
      throw FormatError(
        .locked, "Run \(shown) is in use by \(process). Stop it, or choose another run.")
    }
    self.file = file
    ownFile = isOwn ? path : nil
  }
}
