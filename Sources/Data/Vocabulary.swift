import Formats

/// The different characters of a text, by code point; a character's id is its place.
///
/// A character is a Unicode scalar: a base letter and a mark that combines with it are two.
public struct Vocabulary: Sendable, Equatable {
  /// The characters, in the order of their code points.
  public let characters: [Unicode.Scalar]

  /// The number of different characters, V.
  public var count: Int { characters.count }

  /// Most different characters that a text may have: ids are kept in 16 bits.
  static let limit = 65_536

  /// The different characters among `characters`.
  public init(_ characters: some Sequence<Unicode.Scalar>) {
    // A table up to the highest code point: a set of a long text would take many times as long.
    var seen = [Bool](repeating: false, count: 128)
    var found: [Unicode.Scalar] = []
    for character in characters {
      let value = Int(character.value)
      if value >= seen.count {
        seen += repeatElement(false, count: max(value + 1, 2 * seen.count) - seen.count)
      }
      if !seen[value] {
        seen[value] = true
        found.append(character)
      }
    }
    self.characters = found.sorted()
  }

  /// The id of `character`; nil when the text has none.
  public func id(of character: Unicode.Scalar) -> Int? {
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high) / 2
      if characters[middle] < character { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low] == character ? low : nil
  }

  /// The ids of the characters of `text`, which was typed, or which character the vocabulary lacks.
  public func ids(of text: String) throws(DataError) -> [Int] {
    try ids(of: Material.Text(typed: text))
  }

  /// The ids of the characters of `text`, or which character the vocabulary lacks, and where.
  func ids(of text: Material.Text) throws(DataError) -> [Int] {
    var ids: [Int] = []
    for (place, character) in text.text.unicodeScalars.enumerated() {
      guard let id = id(of: character) else {
        throw DataError(
          "The model reads the \(grouped(count)) characters of its text, got "
            + "\(SafeText.quoted(String(character))) at \(text.place(of: place + 1)). Leave that "
            + "character out.")
      }
      ids.append(id)
    }
    return ids
  }

  /// The text that `ids` spell.
  public func text(of ids: some Sequence<Int>) -> String {
    var text = String.UnicodeScalarView()
    for id in ids { text.append(characters[id]) }
    return String(text)
  }

  /// The characters' names in lists, in the order of their ids; blank ones are spelled out.
  public var labels: [String] {
    characters.map { $0 == " " ? "space" : $0 == "\t" ? "tab" : Self.sign($0) }
  }

  /// What a step of one id reads as.
  func sign(of id: ArraySlice<Float>) -> String {
    id.first.map { Self.sign(characters[Int($0)]) } ?? ""
  }

  /// `character` as it reads in a line of text: itself, or a sign that stands for it.
  static func sign(_ character: Unicode.Scalar) -> String {
    switch character {
    case "\n": "↵"
    case "\t": "→"
    case "\u{200C}", "\u{200D}":
      // Joiners are safe between letters, but alone they would not be seen.
      "\\u{" + String(character.value, radix: 16, uppercase: true) + "}"
    default:
      switch character.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .spacingMark: "◌" + String(character)
      default: SafeText.line(String(character))
      }
    }
  }
}
