import CAssets
import Formats

/// The data sets that the program carries; raw values are their names in session files.
public enum Bundled: String, CaseIterable, Sendable {
  /// Nine plays and the sonnets of Shakespeare, to predict each next character of.
  case shakespeare
  /// Pen strokes of handwritten digits.
  case pendigits
  /// Vowels that nine men spoke, to tell who did.
  case japaneseVowels = "japanese-vowels"

  /// What it is, in a few words.
  public var title: String {
    switch self {
    case .shakespeare: "nine plays and the sonnets of Shakespeare"
    case .pendigits: "pen strokes of digits"
    case .japaneseVowels: "vowels of 9 speakers"
    }
  }

  /// The set in batches as `recipe` says.
  func dataset(_ recipe: DataRecipe, seed: UInt64) throws(DataError) -> any Dataset {
    switch self {
    case .shakespeare:
      let source = try TextSource(Self.bytes("shakespeare/text.txt"), name: "'shakespeare'")
      return try TextDataset(
        name: rawValue, title: title, source, batchSize: recipe.batchSize,
        sequenceLength: recipe.sequenceLength)
    case .pendigits:
      return SequenceDataset.pendigits(
        points: try Self.array("pendigits/x.npy").floats(),
        digits: try Self.classes("pendigits/y.npy"), batchSize: recipe.batchSize, seed: seed)
    case .japaneseVowels:
      return SequenceDataset.japaneseVowels(
        train: try Self.part("japanese-vowels", "train"),
        test: try Self.part("japanese-vowels", "test"), batchSize: recipe.batchSize, seed: seed)
    }
  }

  private static func part(_ folder: String, _ part: String) throws(DataError) -> GivenPart {
    GivenPart(
      values: try array("\(folder)/x_\(part).npy").floats(),
      lengths: try classes("\(folder)/len_\(part).npy").map(Int.init),
      classes: try classes("\(folder)/y_\(part).npy"))
  }

  private static func classes(_ name: String) throws(DataError) -> [Int32] {
    try array(name).floats().map(Int32.init)
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
    do throws(FormatError) {
      return try NumPy.decode(bytes, name: name)
    } catch {
      throw DataError(error.message, kind: error.kind)
    }
  }
}
