import Formats
import Glibc

/// What the command line prints: data on standard output, everything else on standard error.
enum Output {
  /// A line of data, made safe when a person reads it.
  static func line(_ text: String) {
    put(isTerminal(STDOUT_FILENO) ? SafeText.line(text) : text, to: STDOUT_FILENO)
  }

  /// Data as they are, without a newline: JSON, or text that the user asked for.
  static func raw(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// A line about what is going on.
  static func note(_ text: String) { put(SafeText.line(text), to: STDERR_FILENO) }

  /// The sentence of a failure.
  static func error(_ text: String) { put("unroll: " + SafeText.line(text), to: STDERR_FILENO) }

  /// Whether a person sits at the other end.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  private static func put(_ text: String, to descriptor: Int32) {
    write(text + "\n", to: descriptor)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = ArraySlice(text.utf8)
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        return  // nobody reads any more
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
