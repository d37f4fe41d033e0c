import Data
import Layers

extension DataRecipe: Configurable {
  /// The name in session files and in front of a setting.
  public static let kind = "data"

  /// What can be set: what every source heeds first, then what some do, which files leave out while
  /// it has its default.
  public static let fields: [Field<DataRecipe>] =
    [
      Field(
        "set", .text, "a bundled data set, or the path of a file",
        get: { .text($0.sourceText) }, set: { $0.sourceText = $1.description }),
      .integer("batch_size", \.batchSize, in: 1...65_536, "sequences side by side, B"),
      .integer("sequence_length", \.sequenceLength, in: 1...65_536, "steps of a window, T"),
    ] + optionalFields.map(\.optional)

  private static let optionalFields: [Field<DataRecipe>] = [
    .flag("bucket", \.isBucketed, "sequences of similar length together"),
    .text("variant", \.variant, "which form of the set"),
    .integer("length", \.length, in: 0...65_536, "how long sequences are; 0: as it comes"),
    .integer("difficulty", \.difficulty, in: 0...65_536, "how hard it is; 0: as it comes"),
    .integer("frame_size", \.frameSize, in: 0...4096, "pixels a side of a frame; 0: as it comes"),
    .integer(
      "epoch_sequences", \.epochSequences, in: 0...10_000_000,
      "sequences in an epoch; 0: as it comes"),
    .flag("fresh", \.isFresh, "new training sequences in every epoch"),
    .text("document_end", \.documentEnd, "what ends a document of a text, \\n a line; none"),
    .choice("header", \.header, "whether the first row names the columns"),
    .text("inputs", \.inputs, "columns to read, with commas, \"a, b\" for one; auto: all"),
    .text("target", \.targetColumn, "the column to predict; auto: the last"),
    .choice("task", \.task, "predict a class or a number"),
    .text("sequence", \.sequenceColumn, "the column that says what is one sequence; none"),
    .text("group", \.groupColumn, "the column that no two splits share; none"),
    .integer(
      "horizon", \.horizon, in: -1...65_536,
      "rows ahead to predict; -1: 1 for numbers, 0 for classes"),
    .integer(
      "horizons", \.horizons, in: 1...1024, "rows on end to predict at once, from the horizon on"),
    .integer(
      "difference", \.difference, in: 0...65_536,
      "rows over which changes are read and predicted; 0: the numbers"),
    .choice("split", \.split, "how sequences are divided; auto fits the data"),
    .flag("standardize", \.isStandardized, "mean 0 and deviation 1 over the training part"),
  ]

  /// Whether the setting matters to the recipe's source.
  public func heeds(_ name: String) -> Bool {
    DataSetting(rawValue: name).map(heeded.contains) ?? true
  }

  /// The source as users write it: the name of a bundled set, or a path.
  public var sourceText: String {
    get {
      switch source {
      case .bundled(let name): name
      case .file(let path): path
      }
    }
    set {
      source = Bundled.named(newValue).map { .bundled($0.name) } ?? .file(path: newValue)
    }
  }
}

extension Field {
  /// Any text on one line.
  fileprivate static func text(
    _ name: String, _ path: WritableKeyPath<Spec, String> & Sendable, _ summary: String
  ) -> Field {
    Field(
      name, .text, summary, get: { .text($0[keyPath: path]) },
      set: { $0[keyPath: path] = $1.description })
  }
}
