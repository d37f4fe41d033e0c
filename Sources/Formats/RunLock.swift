import Glibc

/// The right to write something, such as into a run's folder, held by one process at a time.
///
/// It is an advisory lock on a file, of a run's folder on `.lock` in it. It ends when this object goes away and
/// when the process does, however it dies, so nothing needs to be cleaned up.
public final class RunLock: Sendable {
  private let file: Descriptor

  /// Takes the lock on `folder` without waiting, or says who holds it.
  public convenience init(folder: String) throws(FormatError) {
    try self.init(path: folder + "/.lock", subject: "folder", of: folder)
  }

  /// Takes the lock on the file `path`, which is made if need be, without waiting, or says who holds it.
  public convenience init(file path: String) throws(FormatError) {
    try self.init(path: path, subject: "file", of: path)
  }

  private init(path: String, subject: String, of owner: String) throws(FormatError) {
    let shown = SafeText.quoted(owner)
    let file: Descriptor
    let taken: Bool
    var holder = ""
    do throws(SystemFailure) {
      file = try Descriptor(
        open: path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
      taken = try file.lock()
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
  }
}
