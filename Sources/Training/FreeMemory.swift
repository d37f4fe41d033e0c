import Foundation

/// The memory that this process may still take.
public enum FreeMemory {
  /// Bytes: the least of what the system has available, of the process's address space limit, and
  /// of its control group's limit.
  ///
  /// Where a number cannot be had, it sets no limit.
  public static func bytes() -> Int {
    [
      read("/proc/meminfo").flatMap(available(meminfo:)), addressSpace(), controlGroup(),
    ].compactMap { $0 }.min() ?? .max
  }

  /// The line `MemAvailable` of /proc/meminfo, in bytes.
  static func available(meminfo: String) -> Int? {
    let line = meminfo.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// What a control group still allows: `limit` is its memory.max, `used` its memory.current.
  static func remaining(limit: String, used: String) -> Int? {
    let trim = { (text: String) in text.trimmingCharacters(in: .whitespacesAndNewlines) }
    guard let limit = Int(trim(limit)), let used = Int(trim(used)) else { return nil }
    return max(0, limit - used)
  }

  /// The path of the control group (version 2) in the text of /proc/self/cgroup.
  static func controlGroupPath(_ text: String) -> String? {
    text.split(separator: "\n").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
  }

  private static func addressSpace() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    guard limit.rlim_cur != rlim_t.max, let limit = Int(exactly: limit.rlim_cur) else { return nil }
    let pages = read("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    // Of such a limit, every thread that allocates sets 64 MiB aside, whether it uses them or not.
    let threads = (ProcessInfo.processInfo.activeProcessorCount + 2) * (64 << 20)
    return max(0, limit - pages * sysconf(Int32(_SC_PAGESIZE)) - threads)
  }

  private static func controlGroup() -> Int? {
    guard let path = read("/proc/self/cgroup").flatMap(controlGroupPath) else { return nil }
    // Inside a container the group's own path may not be visible; its root then is at the top.
    for folder in ["/sys/fs/cgroup" + path, "/sys/fs/cgroup"] {
      guard let limit = read(folder + "/memory.max"), let used = read(folder + "/memory.current")
      else { continue }
      return remaining(limit: limit, used: used)
    }
    return nil
  }

  private static func read(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
