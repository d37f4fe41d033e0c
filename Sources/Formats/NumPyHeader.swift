/// The header of a .npy file: a Python dictionary of three keys, read by a grammar of its own.
struct NumPyHeader {
  var descriptor: String
  var fortranOrder: Bool
  var shape: [Int]

  /// What breaks the grammar.
  struct Problem: Error {
    let text: String
  }

  private var rest: Substring.UTF8View = Substring().utf8

  init(parsing text: String) throws(Problem) {
    (descriptor, fortranOrder, shape) = ("", false, [])
    rest = Substring(text).utf8
    var missing: Set<String> = ["descr", "fortran_order", "shape"]
    try expect("{")
    while !take("}") {
      let key = try string()
      guard missing.remove(key) != nil else {
        throw Problem(text: "the key \(SafeText.quoted(key)) is twice or needlessly there")
      }
      try expect(":")
      switch key {
      case "descr": descriptor = try string()
      case "fortran_order": fortranOrder = try bool()
      default: shape = try tuple()
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard rest.isEmpty else { throw Problem(text: "there is text after the closing '}'") }
    if let key = missing.sorted().first { throw Problem(text: "the key '\(key)' is missing") }
    rest = Substring().utf8
  }

  /// The text of a header that describes a row-major array.
  static func text(descriptor: String, shape: [Int]) -> String {
    let list = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    return "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(list)), }"
  }

  private mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 } }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func expect(_ word: String) throws(Problem) {
    guard take(word) else {
      throw Problem(text: "'\(word)' is expected before \(shownRest)")
    }
  }

  /// The start of what is left, for messages.
  private var shownRest: String {
    rest.isEmpty ? "the end" : SafeText.quoted(String(decoding: rest.prefix(12), as: UTF8.self))
  }

  /// Text in single or double quotes; escapes do not occur in headers that we can use.
  private mutating func string() throws(Problem) -> String {
    let quote = take("'") ? "'" : take("\"") ? "\"" : nil
    guard let quote, let end = rest.firstIndex(where: { quote.utf8.first == $0 }) else {
      throw Problem(text: "a name in quotes is expected before \(shownRest)")
    }
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest = rest[rest.index(after: end)...]
    return text
  }

  private mutating func bool() throws(Problem) -> Bool {
    if take("True") { return true }
    if take("False") { return false }
    throw Problem(text: "True or False is expected before \(shownRest)")
  }

  private mutating func tuple() throws(Problem) -> [Int] {
    var values: [Int] = []
    try expect("(")
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { (48...57).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw Problem(text: "a length is expected before \(shownRest)")
      }
      rest = rest[digits.endIndex...]
      values.append(value)
      // In Python, `(3)` is a number and only `(3,)` is a tuple.
      if !take(",") {
        guard values.count > 1 else { throw Problem(text: "',' is expected before \(shownRest)") }
        try expect(")")
        break
      }
    }
    return values
  }
}
