import Formats
import Glibc
import Synchronization

/// What the command line prints: data on standard output, everything else on standard error.
enum Output {
  /// The error number of the first write to standard output that failed; 0 while all is well.
  private static let failure = Atomic<Int32>(0)

  /// Puts something harmless where standard streams are closed (`unroll … >&-`), or the next file
  /// that the program opens would get what it prints.
  static func occupyClosedStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Opened for reading only, so that what is printed fails as it would have.
      _ = open("/dev/null", O_RDONLY)  // takes the lowest free number, which is this one
    }
  }

  /// A line of data, made safe when a person reads it.
  static func line(_ text: String) {
    put(isTerminal(STDOUT_FILENO) ? SafeText.line(text) : text, to: STDOUT_FILENO)
  }

  /// Data as they are, without a newline: JSON, or tables that the user asked for; made safe line by line
  /// when a person reads them.
  static func raw(_ text: String) {
    write(isTerminal(STDOUT_FILENO) ? safe(text) : text, to: STDOUT_FILENO)
  }

  /// Text in lines, such as help, that may repeat what the user typed.
  static func lines(_ text: String, to descriptor: Int32) {
    put(safe(text), to: descriptor)
  }

  /// A line about what is going on, or several.
  static func note(_ text: String) { lines(text, to: STDERR_FILENO) }

  /// The sentence of a failure.
  static func error(_ text: String) { put("unroll: " + SafeText.line(text), to: STDERR_FILENO) }

  /// `text` without what could steer a terminal, but with its line breaks.
  static func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { SafeText.line(String($0)) }.joined(separator: "\n")
  }

  /// Why standard output did not take everything; nil when it did.
  static var problem: Failure? {
    let code = failure.load(ordering: .relaxed)
    guard code != 0 else { return nil }
    return Failure(
      "Cannot write to standard output: \(String(cString: strerror(code))).", status: 74)
  }

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
        let code = errno
        if code == EINTR { continue }
        if code == EAGAIN, wait(for: descriptor) { continue }
        // Whatever goes on is worth more than its lines: the end of the program tells of them.
        if descriptor == STDOUT_FILENO {
          _ = failure.compareExchange(expected: 0, desired: code, ordering: .relaxed)
        }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }

  /// Waits until a pipe that does not block takes more.
  private static func wait(for descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, -1) == 1
  }
}
