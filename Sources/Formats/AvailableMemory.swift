import Glibc

/// How much memory this process can still have.
public enum AvailableMemory {
  /// The least of what the machine, the process limit and the control group leave, in bytes.
  ///
  /// Nil if the system does not tell. Ask before allocating what a file or a user calls for: an
  /// allocation that fails ends the process. Of a limit on address space, each of `threads` that
  /// will allocate sets 64 MiB aside, whether it uses them or not.
  public static func bytes(threads: Int = 0) -> Int? {
    let limit = processLimit().map { max(0, $0 - threads * (64 << 20)) }
    return [machine(), limit, controlGroup()].compactMap { $0 }.min()
  }

  /// Throws unless `count` bytes can be had; `owner` says who needs them.
  public static func require(_ count: Int, for owner: String) throws(FormatError) {
    guard let available = bytes(), count > available else { return }
    throw FormatError(
      .inputOutput,
      "\(owner) needs \(text(count)) of memory, got \(text(available)). "
        + "Close other programs, or use something smaller.")
  }

  /// `count` bytes in the largest unit that leaves a number of 1 or more: "1.5 GiB".
  public static func text(_ count: Int) -> String {
    guard count >= 1024 else { return byteText(count) }
    var value = Double(count) / 1024
    var units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    while value >= 1024, units.count > 1 {
      value /= 1024
      units = units.dropFirst()
    }
    return "\((value * 10).rounded() / 10) \(units.first ?? "")"
  }

  /// Memory that can be had without swapping.
  private static func machine() -> Int? {
    value(of: "MemAvailable:", in: contents(of: "/proc/meminfo")).map { $0 * 1024 }
  }

  /// What the limit on address space leaves (`ulimit -v`).
  private static func processLimit() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < UInt64(Int.max),
      let pages = contents(of: "/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
  }

  /// What the control groups leave: this process's own, the one at the root, which is all that a
  /// container sees of it, and that of version 1.
  private static func controlGroup() -> Int? {
    let root = "/sys/fs/cgroup"
    let own = contents(of: "/proc/self/cgroup").flatMap { controlGroupPath($0) } ?? ""
    return [
      room(root + own + "/memory.max", root + own + "/memory.current", root + own + "/memory.stat"),
      room(root + "/memory.max", root + "/memory.current", root + "/memory.stat"),
      room(
        root + "/memory/memory.limit_in_bytes", root + "/memory/memory.usage_in_bytes",
        root + "/memory/memory.stat"),
    ].compactMap { $0 }.min()
  }

  /// The path of the control group (version 2) in the text of /proc/self/cgroup.
  static func controlGroupPath(_ text: String) -> String? {
    text.split(separator: "\n").first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) }
  }

  private static func room(_ limit: String, _ usage: String, _ statistics: String) -> Int? {
    func number(_ path: String) -> Int? {
      contents(of: path).flatMap { Int($0.prefix { $0 != "\n" }) }
    }
    guard let limit = number(limit), let used = number(usage) else { return nil }
    // Files that were read once count as used, but make room when memory is asked for.
    let cache = value(of: "inactive_file", in: contents(of: statistics)) ?? 0
    return max(0, limit - used + cache)
  }

  /// The number after `key` in lines of the form "key number".
  private static func value(of key: String, in text: String?) -> Int? {
    for line in text?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count > 1, words[0] == key { return Int(words[1]) }
    }
    return nil
  }

  private static func contents(of path: String) -> String? {
    guard let file = try? Descriptor(open: path, O_RDONLY),
      let bytes = try? file.read(at: 0, count: 16384)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
