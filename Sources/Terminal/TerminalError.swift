import Canvas

/// Why there is no terminal to draw on.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file, a pipe or closed.
  case notATerminal
  /// `TERM` is empty or not set.
  case unnamed
  /// terminfo does not know the terminal of this name.
  case unknown(String)
  /// The terminal of this name cannot place text on its screen.
  case cannotPlaceText(String)
  /// A terminal is open already, or the system refused what one needs.
  case unavailable

  /// The reason, in one line for the user.
  public var description: String {
    switch self {
    case .notATerminal:
      "The workbench needs a terminal, but standard input or output is not one. "
        + "Run it in a terminal."
    case .unnamed:
      "The workbench needs to know the terminal, but TERM is not set. "
        + "Set TERM to its type, such as xterm-256color."
    case .unknown(let name):
      "The workbench needs a terminal that terminfo knows, got '\(Self.safe(name))'. "
        + "Set TERM to another type, such as xterm-256color."
    case .cannotPlaceText(let name):
      "The workbench needs a terminal that can place text, got '\(Self.safe(name))'. "
        + "Set TERM to its real type, such as xterm-256color."
    case .unavailable:
      "The workbench could not take the terminal. Close what else uses it, and try again."
    }
  }

  private static func safe(_ name: String) -> String {
    Glyphs(name).prefix(40).map(\.text).joined()
  }
}
