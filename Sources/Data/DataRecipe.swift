import Formats

/// Which data a session uses and how they become batches: what the user edits and saves.
public struct DataRecipe: Sendable, Equatable {
  /// Where sequences come from.
  public enum Source: Sendable, Equatable {
    /// A data set that the program carries: see `Bundled`.
    case bundled(String)
    /// A text file of the user's, relative to the session file.
    case text(path: String)
  }

  /// Where sequences come from.
  public var source: Source
  /// Sequences side by side in a training step, B; at least 1.
  public var batchSize: Int
  /// Time steps of one window of a text, T; at least 1. Sets with sequences of their own ignore it.
  public var sequenceLength: Int

  /// A recipe.
  public init(source: Source, batchSize: Int = 32, sequenceLength: Int = 64) {
    self.source = source
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
  }
}

/// Why data cannot be used, in the user's words.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// Who needs what, what it got, what to do.
  public let description: String
  /// What kind of failure it is: data that do not fit, or a file that cannot be read.
  public let kind: FormatError.Kind

  /// An error with this sentence.
  public init(_ description: String, kind: FormatError.Kind = .badData) {
    self.description = description
    self.kind = kind
  }
}
