import CAssets
import Formats

/// A data set that the program carries or makes: its name in session files, and how it is built.
///
/// Each has a file of its own in `Bundled/` or `Generated/`, and a line in `all`.
public struct Bundled: Sendable {
  /// The name in session files.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  /// The settings of a recipe that it heeds, beside those that every set has.
  public let settings: Set<DataSetting>
  /// The forms it comes in, for the setting `variant`; the first is what it is by default.
  public let variants: [String]
  private let make: @Sendable (DataRecipe, UInt64) throws(DataError) -> any Dataset

  /// A set called `name` that `make` builds from a recipe and the session's seed; the recipe's
  /// variant is one of `variants` by then.
  init(
    _ name: String, _ title: String, settings: Set<DataSetting> = [], variants: [String] = [],
    make: @escaping @Sendable (DataRecipe, UInt64) throws(DataError) -> any Dataset
  ) {
    self.name = name
    self.title = title
    self.settings = variants.isEmpty ? settings : settings.union([.variant])
    self.variants = variants
    self.make = make
  }

  /// All of them, in the order they are listed.
  public static let all: [Bundled] = [
    shakespeare, pendigits, japaneseVowels, digits, co2, sunspots, seattleWeather, watchExercises,
    splice, languageNames, authors,
    adding, copy, parity, dms, reber, mackeyGlass, narma10, sines, movingDigits, dnaMotifs, depth,
    shapeAndOrder, lookAhead, timedSpikes,
  ]

  /// Their names.
  public static var names: [String] { all.map(\.name) }

  /// The set called `name`; nil when there is none.
  public static func named(_ name: String) -> Bundled? { all.first { $0.name == name } }

  /// The set in batches as `recipe` says.
  func dataset(_ recipe: DataRecipe, seed: UInt64) throws(DataError) -> any Dataset {
    var recipe = recipe
    if recipe.variant == DataRecipe.automatic { recipe.variant = variants.first ?? recipe.variant }
    guard variants.isEmpty || variants.contains(recipe.variant) else {
      throw DataError(
        "Data set '\(name)' needs variant to be \(variants.joined(separator: " or ")), got "
          + "\(SafeText.quoted(recipe.variant))."
          + Suggestion.sentence(for: recipe.variant, among: variants))
    }
    return try make(recipe, seed)
  }
}

/// The files that are part of the program.
extension Bundled {
  /// The content of the file called `name`.
  static func bytes(_ name: String) throws(DataError) -> [UInt8] {
    var count = 0
    // The one call into the program's own data segment, which lives as long as the program.
    guard let start = casset_find(name, &count) else {
      throw DataError(
        "The program needs its own file \(SafeText.quoted(name)), got none. Build it again.",
        kind: .noInput)
    }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// The array in the .npy file called `name`.
  static func array(_ name: String) throws(DataError) -> NumericArray {
    let bytes = try bytes(name)
    return try DataError.wrapping { () throws(FormatError) in
      try NumPy.decode(bytes, name: name)
    }
  }

  /// The table in the file called `name`.
  static func table(_ name: String) throws(DataError) -> Table {
    let bytes = try bytes(name)
    let text = try DataError.wrapping { () throws(FormatError) in
      try DelimitedText(bytes, name: name)
    }
    return try Table(text, name: name)
  }

  /// The class numbers in the .npy file called `name`.
  static func classes(_ name: String) throws(DataError) -> [Int32] {
    try array(name).floats().map(Int32.init)
  }
}
