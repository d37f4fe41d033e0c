/// Reads .ts, the format of the UCR and UEA archive of time series.
///
/// A line is a series: its dimensions with colons between, each a list of numbers with commas, and
/// last its class or, under `@targetLabel`, a number. Series may have different lengths; the dimensions
/// of one may not. `?` and `NaN` stand for what is missing. Time stamps cannot be read.
///
/// Format: aeon and sktime, "the .ts file format".
public struct TimeSeriesFile: Sendable, Equatable {
  /// What the file says of its series.
  public enum Answers: Sendable, Equatable {
    /// The names of the classes, and the class of each.
    case classes([String], [Int])
    /// A number for each.
    case values([Double])
  }

  /// Numbers of a time step, D.
  public let dimensions: Int
  /// Time steps of each series.
  public let lengths: [Int]
  /// D numbers for every time step of every series, one after another; NaN where one is missing.
  public let values: [Float]
  /// What is to be predicted.
  public let answers: Answers

  /// Most bytes of a file.
  static let limit = 256 << 20

  /// Reads the file at `path`, at most 256 MiB.
  public init(path: String) throws(FormatError) {
    var reader = try BoundedReader(path: path, limit: Self.limit, noun: ".ts file")
    try self.init(try reader.readRest(), name: path)
  }

  /// Reads `bytes`; messages call them `name`.
  public init(_ bytes: [UInt8], name: String) throws(FormatError) {
    var parser = SeriesParser(name: SafeText.quoted(name))
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      try parser.read(bytes[start..<end])
      start = end + 1
    }
    try parser.finish()
    dimensions = parser.dimensions ?? 0
    lengths = parser.lengths
    values = parser.values
    answers =
      parser.isRegression
      ? .values(parser.targets) : .classes(parser.labels, parser.classes)
  }
}

/// What was read of a file so far.
private struct SeriesParser {
  let name: String
  private(set) var dimensions: Int?
  private(set) var lengths: [Int] = []
  private(set) var values: [Float] = []
  private(set) var labels: [String] = []
  private(set) var classes: [Int] = []
  private(set) var targets: [Double] = []
  private(set) var isRegression = false
  private var hasLabels = false
  private var isInData = false
  private var line = 0
  private var numbers: [String: Int] = [:]

  init(name: String) { self.name = name }

  mutating func read(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    line += 1
    var bytes = bytes
    while let last = bytes.last, last == 0x0D || last == 0x20 { bytes.removeLast() }
    guard let first = bytes.first, first != UInt8(ascii: "#") else { return }
    if isInData { return try readSeries(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw problem(1, "UTF-8 text", "other bytes")
    }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    switch words[0].lowercased() {
    case "@data":
      guard hasLabels else {
        throw problem(
          1, "'@classLabel true' with the classes, or '@targetLabel true', before '@data'", "none")
      }
      isInData = true
    case "@timestamps":
      guard words.dropFirst().first?.lowercased() == "false" else {
        throw problem(1, "series without time stamps", "'@timeStamps true'")
      }
    case "@classlabel" where words.dropFirst().first?.lowercased() == "true":
      hasLabels = true
      labels = Array(words.dropFirst(2))
      numbers = Dictionary(zip(labels, labels.indices), uniquingKeysWith: { first, _ in first })
      guard 2...4096 ~= numbers.count, numbers.count == labels.count else {
        throw problem(1, "2 to 4096 different classes", "\(numbers.count)")
      }
    case "@targetlabel" where words.dropFirst().first?.lowercased() == "true":
      (hasLabels, isRegression) = (true, true)
    case let word where word.hasPrefix("@"): break
    default:
      throw problem(
        1, "a line that begins with '@' or '#' before '@data'", SafeText.quoted(text, limit: 30))
    }
  }

  private mutating func readSeries(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let count = parts.count - 1
    guard count >= 1, dimensions ?? count == count else {
      throw problem(
        1,
        dimensions.map { "\($0) dimensions and a class, with ':' between" }
          ?? "a series and a class, with ':' between", "\(parts.count) parts")
    }
    guard count <= 4096 else { throw problem(1, "at most 4096 dimensions", "\(count)") }
    dimensions = count
    var columns: [[Float]] = []
    for part in parts.dropLast() { columns.append(try readNumbers(part, from: bytes.startIndex)) }
    let length = columns[0].count
    for (place, column) in columns.enumerated() where column.count != length {
      throw problem(
        parts[place].startIndex - bytes.startIndex + 1, "\(length) numbers in every dimension",
        "\(column.count)")
    }
    for step in 0..<length { for column in columns { values.append(column[step]) } }
    lengths.append(length)
    let last = parts[count]
    try readAnswer(last, at: last.startIndex - bytes.startIndex + 1)
  }

  private mutating func readNumbers(
    _ bytes: ArraySlice<UInt8>, from lineStart: Int
  ) throws(FormatError) -> [Float] {
    var numbers: [Float] = []
    for part in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let text = String(decoding: part, as: UTF8.self).filter { $0 != " " }
      if text == "?" || text.lowercased() == "nan" {
        numbers.append(.nan)
      } else if let number = Float(text), number.isFinite {
        numbers.append(number)
      } else {
        throw problem(
          part.startIndex - lineStart + 1, "a number or '?'", SafeText.quoted(text, limit: 30))
      }
    }
    return numbers
  }

  private mutating func readAnswer(
    _ bytes: ArraySlice<UInt8>, at column: Int
  ) throws(FormatError) {
    let text = String(decoding: bytes, as: UTF8.self).filter { $0 != " " }
    if isRegression {
      guard let number = Double(text), abs(number) <= Double(Float.greatestFiniteMagnitude) else {
        throw problem(column, "a number to predict", SafeText.quoted(text, limit: 30))
      }
      targets.append(number)
    } else {
      guard let label = numbers[text] else {
        throw problem(
          column, "one of the classes of '@classLabel'", SafeText.quoted(text, limit: 30))
      }
      classes.append(label)
    }
  }

  func finish() throws(FormatError) {
    guard !lengths.isEmpty else {
      throw .badData("\(name) needs a series after a line '@data', got none.")
    }
  }

  private func problem(_ column: Int, _ needed: String, _ got: String) -> FormatError {
    .badData("\(name) needs \(needed) at line \(line), column \(column), got \(got).")
  }
}
