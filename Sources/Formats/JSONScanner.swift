/// What breaks the JSON grammar, and at which byte.
struct JSONProblem: Error, Equatable {
  let offset: Int
  let text: String
}

/// Takes JSON text apart from front to back, strictly by RFC 8259, without building anything.
struct JSONScanner {
  let bytes: [UInt8]
  private(set) var offset = 0

  /// Longer numbers are refused: nobody needs more digits.
  private static let numberLimit = 400

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The byte at the current place, if there is one.
  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  /// Steps over the ASCII character `scalar` and says whether it was there.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  /// Steps over `word` and says whether it was there.
  mutating func take(word: String) -> Bool {
    guard bytes[offset...].starts(with: word.utf8) else { return false }
    offset += word.utf8.count
    return true
  }

  /// A problem at the current place: something was `expected`.
  func problem(expected: String) -> JSONProblem {
    JSONProblem(offset: offset, text: "\(expected) is expected, got \(shownNext).")
  }

  /// The next character in quotes, or that the text ends.
  private var shownNext: String {
    guard next != nil else { return "the end of the text" }
    let text = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    return SafeText.quoted(String(text.unicodeScalars.prefix(1)))
  }

  /// A string in quotes.
  mutating func string() throws(JSONProblem) -> String {
    let start = offset
    guard take("\"") else { throw problem(expected: "a string in double quotes") }
    var decoded: [UInt8] = []
    var run = offset
    while let byte = next, byte != UInt8(ascii: "\"") {
      if byte < 0x20 {
        throw JSONProblem(
          offset: offset, text: "a control character in a string must be written as an escape.")
      }
      guard byte == UInt8(ascii: "\\") else {
        offset += 1
        continue
      }
      decoded += bytes[run..<offset]
      offset += 1
      decoded += String(try escapedScalar()).utf8
      run = offset
    }
    let last = bytes[run..<offset]
    guard take("\"") else {
      throw JSONProblem(offset: start, text: "this string has no closing quote.")
    }
    // Most strings have no escape: then there is nothing to join.
    let text = String(validating: decoded.isEmpty ? last : decoded[...] + last, as: UTF8.self)
    guard let text else {
      throw JSONProblem(offset: start, text: "this string is not valid UTF-8.")
    }
    return text
  }

  /// The character of an escape whose backslash has been read.
  private mutating func escapedScalar() throws(JSONProblem) -> Unicode.Scalar {
    let start = offset - 1
    let letter = next
    offset += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw JSONProblem(offset: start, text: "this escape is unknown.")
    }
    let unit = try hexadecimalUnit(start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, take(word: "\\u") {
      let low = try hexadecimalUnit(start)
      if (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw JSONProblem(offset: start, text: "half of a surrogate pair stands alone.")
  }

  private mutating func hexadecimalUnit(_ start: Int) throws(JSONProblem) -> UInt32 {
    let digits = bytes[offset...].prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw JSONProblem(offset: start, text: "\\u needs four hexadecimal digits.")
    }
    offset += 4
    return unit
  }

  /// A number: whole if it has neither fraction nor exponent.
  mutating func number() throws(JSONProblem) -> JSON {
    let start = offset
    var isWhole = true
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      _ = take("+") || take("-")
      try digits()
    }
    guard offset - start <= Self.numberLimit else {
      throw JSONProblem(
        offset: start, text: "a number may have at most \(Self.numberLimit) characters.")
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, text != "-0" {
      guard let value = Int(text) else {
        throw JSONProblem(offset: start, text: "\(text) does not fit in a 64-bit whole number.")
      }
      return .integer(value)
    }
    guard let value = Double(text), value.isFinite else {
      throw JSONProblem(offset: start, text: "\(text) is too large for a number.")
    }
    return .number(value)
  }

  private mutating func digits() throws(JSONProblem) {
    let start = offset
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
    if offset == start { throw problem(expected: "a digit") }
  }
}
