import Glibc
import Synchronization

/// A failed system call.
struct SystemFailure: Error, Equatable {
  let code: Int32

  /// The failure of the call that has just returned.
  static var current: SystemFailure { SystemFailure(code: errno) }

  /// The system's words for it.
  var text: String { String(cString: strerror(code)) }
}

/// What a directory entry turned out to be.
struct FileStatus: Equatable {
  let mode: mode_t
  let size: Int

  init(_ status: stat) {
    mode = status.st_mode
    size = Int(status.st_size)
  }

  var isRegular: Bool { mode & S_IFMT == S_IFREG }
  var isSymbolicLink: Bool { mode & S_IFMT == S_IFLNK }
  var permissions: mode_t { mode & 0o777 }

  /// A noun for messages.
  var noun: String {
    switch mode & S_IFMT {
    case S_IFREG: "a file"
    case S_IFDIR: "a folder"
    case S_IFLNK: "a symbolic link"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}

/// An open file that is closed when it goes out of scope; every system call on files is made here.
final class Descriptor: Sendable {
  /// The system's number for it; negative once closed.
  private let handle: Atomic<Int32>

  private var number: Int32 { handle.load(ordering: .relaxed) }

  /// Opens `path`; the flag to close on exec is always added.
  init(open path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemFailure) {
    let number = try uninterrupted { Glibc.open(path, flags | O_CLOEXEC, mode) }
    handle = Atomic(number)
  }

  /// Opens `name` in the directory `folder`.
  init(
    in folder: Descriptor, open name: String, _ flags: Int32, mode: mode_t = 0
  ) throws(SystemFailure) {
    let number = try uninterrupted {
      Glibc.openat(folder.number, name, flags | O_CLOEXEC, mode)
    }
    handle = Atomic(number)
  }

  deinit {
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// Closes now and reports a failure, which may be a delayed write error.
  func close() throws(SystemFailure) {
    // Linux closes even when a signal interrupts, and closing again might hit another file.
    let failed = Glibc.close(handle.exchange(-1, ordering: .relaxed)) != 0
    if failed, errno != EINTR { throw .current }
  }

  /// Type and size of the open file.
  func status() throws(SystemFailure) -> FileStatus {
    var result = stat()
    if fstat(number, &result) != 0 { throw .current }
    return FileStatus(result)
  }

  /// Type and size of the entry `name` in this directory; nil if it is absent. Links stay links.
  func status(of name: String) throws(SystemFailure) -> FileStatus? {
    var result = stat()
    if fstatat(number, name, &result, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(result) }
    if errno == ENOENT { return nil }
    throw .current
  }

  /// Whether the entry at `path` is the open file.
  func isAt(_ path: String) throws(SystemFailure) -> Bool {
    var (own, other) = (stat(), stat())
    if fstat(number, &own) != 0 { throw .current }
    if lstat(path, &other) != 0 {
      if errno == ENOENT { return false }
      throw .current
    }
    return own.st_dev == other.st_dev && own.st_ino == other.st_ino
  }

  /// Up to `count` bytes from `offset`; fewer only when the file ends before.
  func read(at offset: Int, count: Int) throws(SystemFailure) -> [UInt8] {
    var failure: SystemFailure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        // Linux moves at most 2 GiB in one call.
        let moved = pread(number, rest.baseAddress, min(rest.count, 1 << 30), offset + filled)
        if moved > 0 {
          filled += moved
        } else if moved == 0 {
          return
        } else if errno != EINTR {
          failure = .current
          return
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all of `bytes` at the current position.
  func write(_ bytes: [UInt8]) throws(SystemFailure) {
    var failure: SystemFailure?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let moved = Glibc.write(number, rest.baseAddress, min(rest.count, 1 << 30))
        if moved > 0 {
          done += moved
        } else if moved == 0 || errno != EINTR {
          failure = moved == 0 ? SystemFailure(code: EIO) : .current
          return
        }
      }
    }
    if let failure { throw failure }
  }

  /// Waits until the data are on the device.
  func synchronize() throws(SystemFailure) {
    // Only an interruption is tried again: after an error the data may be lost already.
    _ = try uninterrupted { fsync(number) }
  }

  /// Sets the permission bits.
  func setPermissions(_ mode: mode_t) throws(SystemFailure) {
    if fchmod(number, mode) != 0 { throw .current }
  }

  /// Cuts the file to `size` bytes.
  func truncate(to size: Int) throws(SystemFailure) {
    if ftruncate(number, off_t(size)) != 0 { throw .current }
  }

  /// Whether this process may write the entry `name` of this directory.
  func permitsWriting(_ name: String) throws(SystemFailure) {
    if faccessat(number, name, W_OK, AT_EACCESS) != 0 { throw .current }
  }

  /// Renames `old` to `new` within this directory, replacing `new` in one step.
  func rename(_ old: String, to new: String) throws(SystemFailure) {
    _ = try uninterrupted { renameat(number, old, number, new) }
  }

  /// Removes the entry `name` of this directory.
  func remove(_ name: String) throws(SystemFailure) {
    if unlinkat(number, name, 0) != 0 { throw .current }
  }

  /// Removes the entry at `path`, if it is there.
  static func remove(at path: String) { _ = unlink(path) }

  /// Takes the exclusive advisory lock without waiting; false if another holder has it.
  func lock() throws(SystemFailure) -> Bool {
    do throws(SystemFailure) {
      _ = try uninterrupted { flock(number, LOCK_EX | LOCK_NB) }
      return true
    } catch  where error.code == EWOULDBLOCK {
      return false
    }
  }
}

/// Makes a system call, again as long as a signal interrupts it.
private func uninterrupted(_ call: () -> Int32) throws(SystemFailure) -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw .current }
  }
}
