/// Why a file could not be read or written, in the user's words.
///
/// The message has the form *who needs what, got what. What to do.* Text that came from outside is
/// already made safe to print on one line (see `SafeText`).
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of failure it is; the raw value is the exit status of `sysexits.h`.
  public enum Kind: Int32, Sendable {
    /// The content breaks the rules of its format.
    case badData = 65
    /// The file is not there, or is not a file.
    case noInput = 66
    /// The file cannot be created where it was asked for.
    case cannotCreate = 73
    /// Reading or writing failed: disk full, device error.
    case inputOutput = 74
    /// Another process holds the lock.
    case locked = 75
    /// The system does not permit it.
    case notPermitted = 77
  }

  /// What kind of failure it is.
  public var kind: Kind

  /// One or two sentences for the user.
  public var message: String

  /// An error of `kind` that says `message`.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Content that breaks the rules of its format.
  static func badData(_ message: String) -> FormatError { FormatError(.badData, message) }

  /// The message.
  public var description: String { message }
}

/// `count` with its noun: "1 byte", "2 bytes".
func byteText(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
