import Data
import Formats
import Layers
import Training

/// Why a session cannot do what was asked, in the user's words.
public struct SessionError: Error, Equatable, CustomStringConvertible {
  /// Who needs what, what it got, what to do.
  public let description: String
  /// What kind of failure it is; its raw value is the exit status of the command line.
  public let kind: FormatError.Kind

  /// An error with this sentence, which is made safe to print.
  public init(_ description: String, kind: FormatError.Kind = .badData) {
    self.description = SafeText.line(description)
    self.kind = kind
  }

  /// The same sentence as an error of a floor below.
  init(_ error: any Error) {
    switch error {
    case let error as SessionError: self = error
    case let error as FormatError: self.init(error.message, kind: error.kind)
    default: self.init(String(describing: error))
    }
  }
}
