/// The header of a safetensors file, parsed straight from its JSON into checked entries.
///
/// There is no general JSON tree in between: a hostile header of 100 MB would make it gigabytes.
struct SafeTensorsHeader {
  struct Entry {
    var name: String
    var type: ScalarType
    var shape: [Int]
    /// Where the values begin and end, in bytes after the header.
    var begin: Int
    var end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  private var scanner: JSONScanner
  private let tensorLimit: Int

  init(parsing bytes: [UInt8], tensorLimit: Int) throws(JSONProblem) {
    scanner = JSONScanner(bytes)
    self.tensorLimit = tensorLimit
    var names: Set<String> = []
    try object { header, key, start throws(JSONProblem) in
      guard names.insert(key).inserted else {
        throw JSONProblem(offset: start, text: "the name \(SafeText.quoted(key)) is here twice.")
      }
      if key == SafeTensors.metadataKey {
        try header.readMetadata()
      } else {
        try header.readEntry(key, start)
      }
    }
    while scanner.take(" ") {}
    guard scanner.next == nil else { throw scanner.problem(expected: "the end of the header") }
  }

  private mutating func readMetadata() throws(JSONProblem) {
    try object { header, key, start throws(JSONProblem) in
      guard header.scanner.next == UInt8(ascii: "\"") else {
        throw JSONProblem(
          offset: header.scanner.offset,
          text: "metadata \(SafeText.quoted(key)) needs text, in double quotes.")
      }
      guard header.metadata.updateValue(try header.scanner.string(), forKey: key) == nil else {
        throw JSONProblem(
          offset: start, text: "the metadata \(SafeText.quoted(key)) are here twice.")
      }
    }
  }

  private mutating func readEntry(_ name: String, _ start: Int) throws(JSONProblem) {
    guard SafeTensors.isValid(name: name) else {
      let rule = "needs 1 to \(SafeTensors.nameLimit) bytes without control characters"
      throw JSONProblem(offset: start, text: "the name \(SafeText.quoted(name)) \(rule).")
    }
    guard entries.count < tensorLimit else {
      throw JSONProblem(
        offset: start, text: "more than \(tensorLimit) tensors cannot be read.")
    }
    var type: ScalarType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { header, key, start throws(JSONProblem) in
      switch key {
      case "dtype" where type == nil: type = try header.type(of: name)
      case "shape" where shape == nil:
        shape = try header.integers(atMost: ShapeLimits.rank, of: name, "shape")
      case "data_offsets" where offsets == nil:
        offsets = try header.integers(atMost: 2, of: name, "data_offsets")
      default:
        throw Self.tensorProblem(name, at: start, "has \(SafeText.quoted(key)) twice or needlessly")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw Self.tensorProblem(name, at: start, "needs dtype, shape and two data_offsets")
    }
    let entry = Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
    if let fault = Self.fault(of: entry) {
      throw Self.tensorProblem(name, at: start, "has \(fault)")
    }
    entries.append(entry)
  }

  /// What is wrong with the sizes of `entry`, in words that follow "has".
  private static func fault(of entry: Entry) -> String? {
    switch ShapeLimits.byteCount(of: entry.shape, entry.type) {
    case .failure(let problem): return problem.text
    case .success(let needed):
      guard entry.begin <= entry.end else {
        return "data_offsets [\(entry.begin), \(entry.end)], which run backwards"
      }
      guard entry.end - entry.begin == needed else {
        return "\(byteText(entry.end - entry.begin)) of values; \(entry.type.rawValue) "
          + "\(entry.shape) needs \(needed)"
      }
      return nil
    }
  }

  private static func tensorProblem(
    _ name: String, at offset: Int, _ fault: String
  ) -> JSONProblem {
    JSONProblem(offset: offset, text: "tensor \(SafeText.quoted(name)) \(fault).")
  }

  private mutating func type(of tensor: String) throws(JSONProblem) -> ScalarType {
    let start = scanner.offset
    let name = try scanner.string()
    guard let type = ScalarType(rawValue: name) else {
      throw Self.tensorProblem(
        tensor, at: start,
        "has type \(SafeText.quoted(name)), which cannot be read. Convert it to F32")
    }
    return type
  }

  /// A list of whole numbers, none negative.
  private mutating func integers(
    atMost limit: Int, of tensor: String, _ key: String
  ) throws(JSONProblem) -> [Int] {
    guard scanner.take("[") else { throw scanner.problem(expected: "'['") }
    scanner.skipWhitespace()
    var values: [Int] = []
    guard !scanner.take("]") else { return values }
    repeat {
      scanner.skipWhitespace()
      let start = scanner.offset
      guard case .integer(let value) = try scanner.number(), value >= 0 else {
        throw Self.tensorProblem(tensor, at: start, "needs whole numbers, 0 or more, in \(key)")
      }
      guard values.count < limit else {
        throw Self.tensorProblem(tensor, at: start, "may have at most \(limit) numbers in \(key)")
      }
      values.append(value)
      scanner.skipWhitespace()
    } while scanner.take(",")
    guard scanner.take("]") else { throw scanner.problem(expected: "',' or ']'") }
    return values
  }

  /// Walks over an object: `read` gets each key and where it starts, and reads its value.
  private mutating func object(
    _ read: (inout SafeTensorsHeader, String, Int) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    guard scanner.take("{") else { throw scanner.problem(expected: "'{'") }
    scanner.skipWhitespace()
    guard !scanner.take("}") else { return }
    repeat {
      scanner.skipWhitespace()
      let start = scanner.offset
      let key = try scanner.string()
      scanner.skipWhitespace()
      guard scanner.take(":") else { throw scanner.problem(expected: "':'") }
      scanner.skipWhitespace()
      try read(&self, key, start)
      scanner.skipWhitespace()
    } while scanner.take(",")
    guard scanner.take("}") else { throw scanner.problem(expected: "',' or '}'") }
  }
}
