extension JSON {
  /// What the text of a document may be at most.
  struct Limits {
    /// Bytes of text, 16 MiB.
    var bytes = 16 << 20
    /// Lists and objects inside one another.
    var depth = 64
    /// Values of all kinds; they take up to 20 times the memory of their text.
    var values = 1_000_000
  }

  /// Reads the JSON file at `path`, at most 16 MiB; messages call it a `noun`.
  public init(path: String, noun: String = "JSON file") throws(FormatError) {
    var reader = try BoundedReader(path: path, limit: Limits().bytes, noun: noun)
    try self.init(parsing: try reader.readRest(), name: path)
  }

  /// Parses a document strictly: one value, no key twice, at most 16 MiB, 64 levels deep.
  ///
  /// Messages give line and column and call the text `name`.
  public init(parsing text: String, name: String) throws(FormatError) {
    try self.init(parsing: Array(text.utf8), name: name)
  }

  /// Parses the UTF-8 text `bytes`; see `init(parsing:name:)`.
  public init(parsing bytes: [UInt8], name: String) throws(FormatError) {
    try self.init(parsing: bytes, name: name, limits: Limits())
  }

  init(parsing bytes: [UInt8], name: String, limits: Limits) throws(FormatError) {
    let shown = SafeText.quoted(name)
    guard bytes.count <= limits.bytes else {
      throw .badData(
        "\(shown) has \(byteText(bytes.count)); JSON may have at most \(limits.bytes).")
    }
    var parser = JSONParser(JSONScanner(bytes), limits: limits)
    do throws(JSONProblem) {
      self = try parser.document()
    } catch {
      let before = bytes[..<error.offset]
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      // Continuation bytes of UTF-8 are not columns of their own.
      let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
      throw .badData("\(shown), line \(line), column \(column): \(error.text)")
    }
  }
}

/// Builds values from what the scanner finds.
private struct JSONParser {
  var scanner: JSONScanner
  let limits: JSON.Limits
  var count = 0

  init(_ scanner: JSONScanner, limits: JSON.Limits) {
    self.scanner = scanner
    self.limits = limits
  }

  mutating func document() throws(JSONProblem) -> JSON {
    let value = try value(depth: 1)
    guard scanner.next == nil else {
      throw scanner.problem(expected: "the end of the text")
    }
    return value
  }

  /// One value with the white space around it.
  private mutating func value(depth: Int) throws(JSONProblem) -> JSON {
    count += 1
    guard count <= limits.values else {
      throw JSONProblem(
        offset: scanner.offset, text: "a document may have at most \(limits.values) values.")
    }
    scanner.skipWhitespace()
    let value: JSON
    switch scanner.next {
    case UInt8(ascii: "{"): value = .object(try object(depth: depth))
    case UInt8(ascii: "["): value = .array(try array(depth: depth))
    case UInt8(ascii: "\""): value = .string(try scanner.string())
    case let byte? where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      value = try scanner.number()
    default:
      if scanner.take(word: "true") {
        value = true
      } else if scanner.take(word: "false") {
        value = false
      } else if scanner.take(word: "null") {
        value = nil
      } else {
        throw scanner.problem(expected: "a value")
      }
    }
    scanner.skipWhitespace()
    return value
  }

  private mutating func array(depth: Int) throws(JSONProblem) -> [JSON] {
    try descend(to: depth)
    guard !scanner.take("]") else { return [] }
    var elements: [JSON] = []
    repeat {
      elements.append(try value(depth: depth + 1))
    } while scanner.take(",")
    guard scanner.take("]") else { throw scanner.problem(expected: "',' or ']'") }
    return elements
  }

  private mutating func object(depth: Int) throws(JSONProblem) -> JSONObject {
    try descend(to: depth)
    guard !scanner.take("}") else { return JSONObject() }
    var members: [JSONObject.Member] = []
    var seen: Set<String> = []
    repeat {
      scanner.skipWhitespace()
      let start = scanner.offset
      let key = try scanner.string()
      guard seen.insert(key).inserted else {
        throw JSONProblem(offset: start, text: "the key \(SafeText.quoted(key)) is here twice.")
      }
      scanner.skipWhitespace()
      guard scanner.take(":") else { throw scanner.problem(expected: "':'") }
      members.append(.init(key: key, value: try value(depth: depth + 1)))
    } while scanner.take(",")
    guard scanner.take("}") else { throw scanner.problem(expected: "',' or '}'") }
    return JSONObject(unchecked: members)
  }

  /// Steps over an opening bracket and the white space after it.
  private mutating func descend(to depth: Int) throws(JSONProblem) {
    guard depth <= limits.depth else {
      throw JSONProblem(
        offset: scanner.offset,
        text: "lists and objects may be at most \(limits.depth) levels deep.")
    }
    _ = scanner.take("[") || scanner.take("{")
    scanner.skipWhitespace()
  }
}
