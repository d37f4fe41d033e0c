import Glibc
import Synchronization

/// The file that a save fills before it takes the target's name: `.NAME.PID-N.tmp` beside it.
struct Temporary: ~Copyable {
  let name: String

  /// Names that this process is filling now, so that a stale one with our own process id, from
  /// before a restart in a container, can be told apart.
  private static let active = Mutex<Set<String>>([])
  private static let count = Atomic<Int>(0)

  /// Chooses a name that no other save of this process has.
  init(for target: String) {
    let number = Self.count.add(1, ordering: .relaxed).newValue
    // A file name has at most 255 bytes; the decoration needs up to 40.
    let stem = String(decoding: target.utf8.prefix(200), as: UTF8.self)
    let name = ".\(stem).\(getpid())-\(number).tmp"
    _ = Self.active.withLock { $0.insert(name) }
    self.name = name
  }

  deinit {
    let name = name
    _ = Self.active.withLock { $0.remove(name) }
  }

  /// Creates the file in `folder`, fills it and syncs it; after a failure it is removed.
  func write(
    _ bytes: [UInt8], in folder: Descriptor, permissions: mode_t
  ) throws(SystemFailure) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    let file: Descriptor
    do throws(SystemFailure) {
      file = try Descriptor(in: folder, open: name, flags, mode: 0o600)
    } catch  where error.code == EEXIST {
      // Ours by name but not by memory: left by a dead process that had our id.
      try folder.remove(name)
      file = try Descriptor(in: folder, open: name, flags, mode: 0o600)
    }
    do throws(SystemFailure) {
      try file.write(bytes)
      if permissions != 0o600 { try file.setPermissions(permissions) }
      try file.synchronize()
      try file.close()
    } catch {
      try? folder.remove(name)
      throw error
    }
  }

  /// Gives the file its final name in one step; after a failure it is removed.
  func rename(to target: String, in folder: Descriptor) throws(SystemFailure) {
    do throws(SystemFailure) {
      try folder.rename(name, to: target)
    } catch {
      try? folder.remove(name)
      throw error
    }
  }

  /// Whether `name` is a temporary that no living process is filling.
  static func isStale(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == "tmp" else { return false }
    let numbers = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let pid = pid_t(numbers[0]), pid > 0, Int(numbers[1]) != nil else {
      return false
    }
    if pid == getpid() { return !active.withLock { $0.contains(name) } }
    return kill(pid, 0) != 0 && errno == ESRCH
  }
}

/// What a folder holds.
enum Directory {
  /// The names in the folder at `path`, sorted.
  static func names(in path: String) throws(SystemFailure) -> [String] {
    guard let stream = opendir(path) else { throw .current }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw .current }
    return names.sorted()
  }

  /// `path` with every symbolic link followed; fails if it leads nowhere.
  static func resolve(_ path: String) throws(SystemFailure) -> String {
    guard let real = realpath(path, nil) else { throw .current }
    defer { free(real) }
    return String(cString: real)
  }
}
