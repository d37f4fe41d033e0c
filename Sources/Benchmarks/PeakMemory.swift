import Foundation

/// The most memory that a process has had at once.
public enum PeakMemory {
  /// Bytes of process `id` (nil: this one) resident in memory at the highest point since it began,
  /// with the program itself; 0 if the system does not tell.
  public static func bytes(ofProcess id: Int32? = nil) -> Int {
    let path = "/proc/\(id.map(String.init) ?? "self")/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 } ?? 0
    }
    return 0
  }
}
