import Canvas

/// Something that happened outside of the program.
public enum TerminalEvent: Equatable, Sendable {
  /// A person did something; pasted text is a key too.
  case key(Key)
  /// The screen has a new size, or was away and must be drawn again.
  case resize(width: Int, height: Int)
  /// Somebody called `Terminal.wake()`.
  case wake
  /// A line that something printed while the screen was up.
  case output(String)
  /// The terminal is gone: nothing can be read or drawn any more.
  case hangUp
  /// The program is asked to end by signal SIGHUP, SIGINT or SIGTERM.
  case terminate(Int32)
}
