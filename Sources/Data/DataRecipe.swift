import Formats

/// Which data a session uses and how they become batches: what the user edits and saves.
public struct DataRecipe: Sendable, Equatable {
  /// Where sequences come from.
  public enum Source: Sendable, Equatable {
    /// A data set that the program carries or makes: see `Bundled`.
    case bundled(String)
    /// A file of the user's, relative to the session file: a text, or by its ending a table (.csv,
    /// .tsv), arrays (.npy, .npz) or series (.ts).
    case file(path: String)
  }

  /// What a setting says when the data are to decide.
  public static let automatic = "auto"

  /// Where sequences come from.
  public var source: Source
  /// Sequences side by side in a training step, B; at least 1.
  public var batchSize: Int
  /// Time steps of one window of a text or of a series, T; at least 1. Sets with sequences of their
  /// own ignore it.
  public var sequenceLength: Int
  /// Whether sequences of similar length stand together, so that less is padding.
  public var isBucketed = false

  /// Which form of a bundled set; `automatic`: the first of its `variants`.
  public var variant = DataRecipe.automatic
  /// How long the sequences of a generated set are, in its own measure; 0: as it comes.
  public var length = 0
  /// How hard a generated set is, in its own measure; 0: as it comes.
  public var difficulty = 0
  /// Pixels along a side of a generated frame; 0: as it comes.
  public var frameSize = 0
  /// How many sequences of a generated set make an epoch; 0: as it comes.
  public var epochSequences = 0
  /// Whether a generated set makes new training sequences in every epoch.
  public var isFresh = true

  /// What ends a document of a text, after which the state starts anew; `none`: the text is one.
  public var documentEnd = DataRecipe.none
  /// Whether the first row of a table names its columns.
  public var header = DelimitedText.Header.automatic
  /// The columns of a table that networks read, by name with commas between; `automatic`: all
  /// numbers that nothing else is made of.
  public var inputs = DataRecipe.automatic
  /// The column of a table that is predicted; `automatic`: the last one.
  public var targetColumn = DataRecipe.automatic
  /// Whether a column is predicted as a class or as a number.
  public var task = Task.automatic
  /// The column of a table that says which rows belong to one sequence; `none`: all rows do.
  public var sequenceColumn = DataRecipe.none
  /// The column of a table whose equal values must not be in two splits; `none`: no such column.
  public var groupColumn = DataRecipe.none
  /// How many rows ahead a column is predicted; −1: 1 for numbers, 0 for classes.
  public var horizon = -1
  /// How many rows on end are predicted at once, the first of them `horizon` rows ahead; at least 1.
  public var horizons = 1
  /// Over how many rows the changes of numbers are read and predicted in their place; 0: numbers
  /// themselves.
  public var difference = 0
  /// How the sequences of a file are divided.
  public var split = SplitRule.automatic
  /// Whether numbers of a file get mean 0 and deviation 1 over the training split.
  public var isStandardized = true

  /// What a setting says when there is no such column.
  public static let none = "none"

  /// What a column is predicted as.
  public enum Task: String, Sendable, CaseIterable {
    /// Numbers as numbers, words as classes.
    case automatic = "auto"
    /// One class for every different value.
    case classes
    /// A number.
    case values
  }

  /// How the sequences of a file are divided into training, validation and test.
  public enum SplitRule: String, Sendable, CaseIterable {
    /// One series in its order, many sequences shuffled.
    case automatic = "auto"
    /// The first 70 % train, the next 15 % validate, the last 15 % test.
    case order
    /// The same shares after a shuffle that never changes.
    case shuffled
  }

  /// A recipe.
  public init(source: Source, batchSize: Int = 32, sequenceLength: Int = 64) {
    self.source = source
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
  }
}

/// A setting of a recipe that only some data heed; raw values are the names in session files.
public enum DataSetting: String, Sendable, CaseIterable {
  /// Steps of a window.
  case sequenceLength = "sequence_length"
  /// Sequences of similar length together.
  case bucket
  /// The form of a bundled set.
  case variant
  /// How long generated sequences are.
  case length
  /// How hard generated sequences are.
  case difficulty
  /// How large generated frames are.
  case frameSize = "frame_size"
  /// Generated sequences in an epoch.
  case epochSequences = "epoch_sequences"
  /// New generated sequences in every epoch.
  case fresh
  /// What ends a document of a text.
  case documentEnd = "document_end"
  /// Whether the first row names the columns.
  case header
  /// The columns that are read.
  case inputs
  /// The column that is predicted.
  case target
  /// Class or number.
  case task
  /// The column that says what is one sequence.
  case sequence
  /// The column that must not be split.
  case group
  /// Rows ahead.
  case horizon
  /// Rows on end.
  case horizons
  /// Changes instead of numbers.
  case difference
  /// How to divide.
  case split
  /// Mean 0 and deviation 1.
  case standardize
}

extension DataRecipe {
  /// The settings that the recipe's source heeds, beside those that every source does.
  public var heeded: Set<DataSetting> {
    switch source {
    case .bundled(let name): Bundled.named(name)?.settings ?? []
    case .file(let path): FileKind(path).settings
    }
  }
}

/// What a file of the user's holds, by the ending of its name.
public enum FileKind: Sendable, CaseIterable {
  /// Running text, read character by character.
  case text
  /// A table with a row a line.
  case table
  /// One or several arrays.
  case arrays
  /// Series in the format of the UCR and UEA archive.
  case series

  /// The kind of the file at `path`.
  public init(_ path: String) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() : nil
    self =
      switch ending {
      case "csv", "tsv", "tab": .table
      case "npy", "npz": .arrays
      case "ts": .series
      default: .text
      }
  }

  /// The settings that such a file heeds.
  var settings: Set<DataSetting> {
    switch self {
    case .text: [.sequenceLength, .documentEnd]
    case .table:
      [
        .sequenceLength, .bucket, .header, .inputs, .target, .task, .sequence, .group, .horizon,
        .horizons, .difference, .split, .standardize,
      ]
    case .arrays: [.bucket, .task, .split, .standardize]
    case .series: [.bucket, .split, .standardize]
    }
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

  /// What `body` gives, with the failure of a file as one of data.
  static func wrapping<Value>(
    _ body: () throws(FormatError) -> Value
  ) throws(DataError) -> Value {
    do throws(FormatError) {
      return try body()
    } catch {
      throw DataError(error.message, kind: error.kind)
    }
  }
}
