/// Reads .ts, the format of the UCR and UEA archive of time series.
///
/// A line is a series: its dimensions with colons between, each a list of numbers with commas, and
/// last its class or, under `@targetLabel`, a number. Series may have different lengths; the dimensions
/// of one may not. `?` and `NaN` stand for what is missing. Series with time stamps are refused: what
/// stands between stamps that are not evenly spaced is for whoever made them to say.
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

  /// How many of the numbers are missing.
  public var missing: Int { values.count(where: \.isNaN) }

  /// Reads the file at `path`, at most 256 MiB. With `train`, the series must be of its kind: as many
  /// dimensions, none but its classes, which keep its numbers.
  public init(path: String, matching train: TimeSeriesFile? = nil) throws(FormatError) {
    var reader = try BoundedReader(path: path, limit: Self.limit, noun: ".ts file")
    try self.init(try reader.readRest(), name: path, matching: train)
  }

  /// The file that holds the test split of the archive's data set in `path`: of `X_TRAIN.ts` it is
  /// `X_TEST.ts`, of any other name there is none.
  public static func testPath(besides path: String) -> String? {
    let ending = "_TRAIN.ts"
    return path.hasSuffix(ending) ? path.dropLast(ending.count) + "_TEST.ts" : nil
  }

  /// Reads `bytes`; messages call them `name`.
  init(_ bytes: [UInt8], name: String, matching train: TimeSeriesFile? = nil) throws(FormatError) {
    var parser = SeriesParser(name: SafeText.quoted(name), train: train)
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
  private let trainAnswers: TimeSeriesFile.Answers?

  init(name: String, train: TimeSeriesFile?) {
    self.name = name
    dimensions = train?.dimensions
    trainAnswers = train?.answers
  }

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
    guard let word = words.first else { return }
    switch word.lowercased() {
    case "@data":
      guard hasLabels else {
        throw problem(
          1, "'@classLabel true' with the classes, or '@targetLabel true', before '@data'", "none")
      }
      isInData = true
    case "@timestamps":
      guard words.dropFirst().first?.lowercased() == "false" else {
        throw problem(
          1, "series without time stamps",
          "'@timeStamps true'. Write the values alone, evenly spaced, with '@timeStamps false'")
      }
    case "@classlabel" where words.dropFirst().first?.lowercased() == "true":
      try readClasses(words, in: text)
    case "@targetlabel" where words.dropFirst().first?.lowercased() == "true":
      if case .classes = trainAnswers {
        throw problem(1, "'@classLabel true', as the training series have", "'@targetLabel true'")
      }
      (hasLabels, isRegression) = (true, true)
    case let word where word.hasPrefix("@"): break
    default:
      throw problem(
        1, "a line that begins with '@' or '#' before '@data'", SafeText.quoted(text, limit: 30))
    }
  }

  /// Reads the line `text` of `words` that names the classes.
  private mutating func readClasses(_ words: [String], in text: String) throws(FormatError) {
    hasLabels = true
    labels = Array(words.dropFirst(2))
    guard 2...4096 ~= Set(labels).count, Set(labels).count == labels.count else {
      throw problem(1, "2 to 4096 different classes", "\(Set(labels).count)")
    }
    switch trainAnswers {
    case nil: break
    case .values:
      throw problem(1, "'@targetLabel true', as the training series have", "'@classLabel true'")
    case .classes(let known, _):
      if let other = labels.first(where: { !known.contains($0) }) {
        let place = text.ranges(of: other).last?.lowerBound ?? text.startIndex
        throw problem(
          text.utf8.distance(from: text.startIndex, to: place) + 1,
          "only classes of the training series", SafeText.quoted(other, limit: 30))
      }
      labels = known
    }
    numbers = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
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
