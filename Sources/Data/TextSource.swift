import Formats

/// A text as the ids of its characters, two bytes each.
struct TextSource: Sendable {
  let vocabulary: Vocabulary
  let ids: [UInt16]

  /// Largest file that is read as a text, in bytes: 256 MiB.
  static let limit = 256 << 20

  /// Fewest characters of a text: each of its parts needs some.
  static let fewest = 40

  /// Decodes `bytes`, which must be UTF-8; messages call the text `name`, which is safe to print.
  ///
  /// A byte order mark at the beginning is dropped.
  init(_ bytes: [UInt8], name: String) throws(DataError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let (byte, line, column) = Self.firstError(in: bytes)
      throw DataError(
        "Text \(name) needs UTF-8, got byte \(Self.hexadecimal(byte)) at line \(grouped(line)), "
          + "column \(grouped(column)). Save it as UTF-8.")
    }
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    let vocabulary = Vocabulary(scalars)
    guard vocabulary.count <= Vocabulary.limit else {
      throw DataError(
        "Text \(name) may have \(grouped(Vocabulary.limit)) different characters, got "
          + "\(grouped(vocabulary.count)). Use another text.")
    }
    let ids = Self.encode(scalars, vocabulary)
    guard ids.count >= Self.fewest else {
      throw DataError(
        "Text \(name) needs at least \(Self.fewest) characters, got \(ids.count). "
          + "Use a longer text.")
    }
    self.vocabulary = vocabulary
    self.ids = ids
  }

  /// Reads the file at `path`, which must be UTF-8 and at most 256 MiB.
  init(path: String) throws(DataError) {
    let bytes = try DataError.wrapping { () throws(FormatError) in
      var reader = try BoundedReader(path: path, limit: Self.limit, noun: "text")
      return try reader.readRest()
    }
    try self.init(bytes, name: SafeText.quoted(path))
  }

  private static func encode(
    _ scalars: Substring.UnicodeScalarView, _ vocabulary: Vocabulary
  ) -> [UInt16] {
    let last = Int(vocabulary.characters.last?.value ?? 0)
    var table = [UInt16](repeating: 0, count: last + 1)
    for (id, character) in vocabulary.characters.enumerated() {
      table[Int(character.value)] = UInt16(id)
    }
    return scalars.map { table[Int($0.value)] }
  }

  /// The first byte that is not UTF-8, with its line and its column in characters, both from 1.
  private static func firstError(in bytes: [UInt8]) -> (byte: UInt8, line: Int, column: Int) {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var (offset, line, column) = (0, 1, 1)
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        offset += encoded.count
        if encoded.first == 0x0A { (line, column) = (line + 1, 1) } else { column += 1 }
      case .error: return (bytes[offset], line, column)
      case .emptyInput: return (0, line, column)
      }
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
