import CTerminal
import Glibc

/// Keeps what the program prints away from the screen: descriptors 1 and 2 become a pipe, as far as
/// they lead to a terminal.
struct OutputCapture {
  /// The end to read from; neither reading nor writing ever waits.
  let reading: Int32
  /// Where descriptors 1 and 2 led before; -1 for one that was left alone.
  let out: Int32
  let err: Int32
  private var line: [UInt8] = []

  /// The longest line that is kept together, in bytes.
  private static let longest = 4_096

  /// Redirects the descriptors; `nil` if there are none left for a pipe.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard ct_pipe(&ends) else { return nil }
    reading = ends[0]
    out = Self.redirect(1, to: ends[1])
    err = Self.redirect(2, to: ends[1])
    _ = Glibc.close(ends[1])
  }

  /// Reads what there is; returns the lines that are complete.
  mutating func lines() -> [String] {
    var lines: [String] = []
    var bytes = [UInt8](repeating: 0, count: Self.longest)
    while true {
      let count = read(reading, &bytes, bytes.count)
      guard count > 0 else { return lines }
      ct_keep(bytes, count)
      for byte in bytes[..<count] {
        if byte != UInt8(ascii: "\n") { line.append(byte) }
        guard byte == UInt8(ascii: "\n") || line.count >= Self.longest else { continue }
        lines.append(String(decoding: line, as: UTF8.self))
        line = []
      }
    }
  }

  /// Closes the descriptors of the capture; 1 and 2 must have been restored.
  func close() {
    for descriptor in [reading, out, err] where descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  private static func redirect(_ descriptor: Int32, to target: Int32) -> Int32 {
    guard isatty(descriptor) == 1 else { return -1 }
    let before = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard before >= 0 else { return -1 }
    guard dup2(target, descriptor) >= 0 else {
      _ = Glibc.close(before)
      return -1
    }
    return before
  }
}
