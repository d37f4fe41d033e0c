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
    if let vocabulary = Self.vocabulary(ofASCII: bytes) {
      try self.init(vocabulary, name: name) { table in bytes.map { table[Int($0)] } }
      return
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let (byte, line, column) = Self.firstError(in: bytes)
      throw DataError(
        "Text \(name) needs UTF-8, got byte \(Self.hexadecimal(byte)) at line \(grouped(line)), "
          + "column \(grouped(column)). Save it as UTF-8.")
    }
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    let vocabulary = Vocabulary(scalars)
    try self.init(vocabulary, name: name) { table in scalars.map { table[Int($0.value)] } }
  }

  /// The text of `vocabulary` whose characters `encode` looks up in a table of ids by code point, if
  /// it is one that can be learned from.
  private init(
    _ vocabulary: Vocabulary, name: String, encode: (_ table: [UInt16]) -> [UInt16]
  ) throws(DataError) {
    guard vocabulary.count <= Vocabulary.limit else {
      throw DataError(
        "Text \(name) may have \(grouped(Vocabulary.limit)) different characters, got "
          + "\(grouped(vocabulary.count)). Use another text.")
    }
    let ids = encode(Self.table(of: vocabulary))
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

  /// The characters of `bytes` if each of them is one of ASCII; nil if not. Then no string is needed,
  /// which would take half of the time that the program needs to start.
  private static func vocabulary(ofASCII bytes: [UInt8]) -> Vocabulary? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    var isSeen = [Bool](repeating: false, count: 128)
    for byte in bytes { isSeen[Int(byte)] = true }
    return Vocabulary(isSeen.indices.filter { isSeen[$0] }.map { Unicode.Scalar(UInt8($0)) })
  }

  /// The ids of `vocabulary` by the code points of its characters, up to the last one but at least
  /// those of ASCII.
  private static func table(of vocabulary: Vocabulary) -> [UInt16] {
    let last = Int(vocabulary.characters.last?.value ?? 0)
    var table = [UInt16](repeating: 0, count: max(128, last + 1))
    for (id, character) in vocabulary.characters.enumerated() {
      table[Int(character.value)] = UInt16(id)
    }
    return table
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
