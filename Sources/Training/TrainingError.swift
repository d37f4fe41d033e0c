/// Why a run cannot start or go on, in the user's words.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Sendable, Equatable {
    /// The model, the data and the recipe do not fit together.
    case unfit
    /// There is not enough memory.
    case memory
    /// The loss, the gradient or the weights left the range of numbers.
    case diverged
    /// Somebody wanted no more of it.
    case cancelled
    /// A checkpoint belongs to another session, or is damaged.
    case checkpoint
  }

  /// What kind of trouble it is.
  public let kind: Kind
  /// Who needs what, what it got, what to do.
  public let description: String

  /// An error of `kind` with this sentence.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
