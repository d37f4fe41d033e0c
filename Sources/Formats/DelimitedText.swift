/// A table in a text file: comma, semicolon or tab between the cells, a row a line (RFC 4180).
///
/// Cells may stand in double quotes, `""` is a quote inside them, and line breaks inside quotes
/// belong to the cell. Columns without a name in the first row are `column_1`, `column_2` …. Empty lines
/// are skipped; every row has as many cells as the first. Where no comma separates cells, numbers may have
/// decimal commas (see `DecimalComma`).
public struct DelimitedText: Sendable, Equatable {
  /// Whether the first row names the columns.
  public enum Header: String, Sendable, CaseIterable {
    /// It does unless all its cells are numbers.
    case automatic = "auto"
    /// It does.
    case yes
    /// It is a row like the others.
    case no
  }

  /// The names of the columns, all different.
  public let columns: [String]
  /// The cells, row by row.
  private let cells: [String]
  /// The line that each row begins at, from 1.
  private let lines: [Int]
  /// The line that the first row begins at, which names the columns or is one like the others.
  public let headerLine: Int
  /// The columns whose numbers are written with decimal commas; their cells have points instead.
  public let decimalCommas: [Int]

  /// Most bytes of a file.
  public static let limit = 64 << 20
  /// Most bytes of a cell.
  static let cellLimit = 1 << 20
  /// Most columns.
  static let columnLimit = 4096

  /// The number of rows under the header.
  public var rows: Int { lines.count }

  /// The cell of a row, from 0, and a column, from 0.
  public subscript(row: Int, column: Int) -> String { cells[row * columns.count + column] }

  /// The line of the file that a row, from 0, begins at.
  public func line(of row: Int) -> Int { lines[row] }

  /// Reads the file at `path`, at most 64 MiB.
  public init(path: String, header: Header = .automatic) throws(FormatError) {
    var reader = try BoundedReader(path: path, limit: Self.limit, noun: "table")
    try self.init(try reader.readRest(), name: path, header: header)
  }

  /// Reads `bytes`; messages call them `name`. The separator is the one of comma, semicolon and tab
  /// that the first line has most of, where commas inside numbers are none.
  public init(
    _ bytes: [UInt8], name: String, header: Header = .automatic
  ) throws(FormatError) {
    let name = SafeText.quoted(name)
    var scanner = CellScanner(bytes, name: name)
    var rows: [(line: Int, cells: [String])] = []
    while let row = try scanner.row() {
      if let first = rows.first, row.cells.count != first.cells.count {
        throw .badData(
          "\(name) needs \(first.cells.count) cells in every row, got \(row.cells.count) at line "
            + "\(row.line), column \(min(row.cells.count, first.cells.count + 1)). Check its quotes and "
            + "separators.")
      }
      rows.append(row)
    }
    if scanner.separatesByComma {
      decimalCommas = []
    } else {
      decimalCommas = try DecimalComma.replace(in: &rows, name: name)
    }
    guard let first = rows.first else { throw .badData("\(name) needs a row, got none.") }
    headerLine = first.line
    let isHeader =
      switch header {
      case .automatic: !first.cells.allSatisfy { Double($0) != nil }
      case .yes: true
      case .no: false
      }
    columns = try Self.names(isHeader ? first.cells : first.cells.map { _ in "" }, name, first.line)
    let body = isHeader ? rows.dropFirst() : rows[...]
    cells = body.flatMap(\.cells)
    lines = body.map(\.line)
  }

  private static func names(
    _ header: [String], _ name: String, _ line: Int
  ) throws(FormatError) -> [String] {
    var seen: Set<String> = []
    var names: [String] = []
    for (place, text) in header.enumerated() {
      let column = text.isEmpty ? "column_\(place + 1)" : text
      guard seen.insert(column).inserted else {
        throw .badData(
          "\(name) needs different names for its columns, got "
            + "\(SafeText.quoted(column, limit: 60)) again at line \(line), column \(place + 1). "
            + "Rename one, or set data.header to no if the line is no header.")
      }
      names.append(column)
    }
    return names
  }
}

/// Takes the bytes of a table apart, cell by cell.
private struct CellScanner {
  private let bytes: [UInt8]
  private let name: String
  private let separator: UInt8
  private var position: Int
  private var line = 1
  private var lineStart: Int

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
    let first = bytes[position...]
      .drop { $0 == Self.newline || $0 == Self.carriageReturn }
      .prefix { $0 != Self.newline && $0 != Self.carriageReturn }
    let others = [UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let counts = ([UInt8(ascii: ",")] + others).map { candidate in
      (candidate, first.count { $0 == candidate })
    }
    // The first of equals: a file of one column has none of them.
    separator =
      others.first { DecimalComma.isOnly(in: first, separatedBy: $0) }
      ?? counts.max { $0.1 < $1.1 }.map { most in
        counts.first { $0.1 == most.1 }?.0 ?? most.0
      } ?? UInt8(ascii: ",")
  }

  /// Whether commas stand between the cells.
  var separatesByComma: Bool { separator == UInt8(ascii: ",") }

  /// The cells of the next row that is not empty, and its line; nil at the end.
  mutating func row() throws(FormatError) -> (line: Int, cells: [String])? {
    while position < bytes.count, isBreak(bytes[position]) { passBreak() }
    guard position < bytes.count else { return nil }
    let start = line
    var cells: [String] = []
    while true {
      guard cells.count < DelimitedText.columnLimit else {
        throw .badData(
          "\(name) may have \(DelimitedText.columnLimit) columns, got more at line \(line).")
      }
      cells.append(try cell())
      guard position < bytes.count, bytes[position] == separator else { break }
      position += 1
    }
    if position < bytes.count { passBreak() }
    return (start, cells)
  }

  private mutating func cell() throws(FormatError) -> String {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    let content =
      position < bytes.count && bytes[position] == Self.quote ? try quoted() : try plain()
    guard content.count <= DelimitedText.cellLimit else {
      throw problem("a cell of at most \(DelimitedText.cellLimit) bytes", "\(content.count)")
    }
    guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else {
      throw problem("UTF-8 text", "other bytes. Save it as UTF-8")
    }
    return text
  }

  /// A cell without quotes, up to a separator or the end of the line, without blanks at its end.
  private mutating func plain() throws(FormatError) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, bytes[position] != separator, !isBreak(bytes[position]) {
      position += 1
    }
    var content = bytes[start..<position]
    while content.last == UInt8(ascii: " ") { content.removeLast() }
    return content
  }

  /// A cell in quotes; the position is at the first.
  private mutating func quoted() throws(FormatError) -> ArraySlice<UInt8> {
    let (openLine, openColumn) = (line, column)
    var content: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else {
        throw .badData(
          "\(name) needs a closing quote for the one at line \(openLine), column \(openColumn), "
            + "got none. Add it.")
      }
      let byte = bytes[position]
      if byte == Self.quote {
        guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { break }
        position += 1
      }
      if isBreak(byte) {
        content.append(Self.newline)
        passBreak()
      } else {
        content.append(byte)
        position += 1
      }
    }
    position += 1
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    guard position == bytes.count || bytes[position] == separator || isBreak(bytes[position]) else {
      throw problem("a separator after a closing quote", "something else. Write \"\" for a quote")
    }
    return content[...]
  }

  /// The column of the position, in bytes from 1.
  private var column: Int { position - lineStart + 1 }

  private func isBreak(_ byte: UInt8) -> Bool {
    byte == Self.newline || byte == Self.carriageReturn
  }

  /// Goes past one line break: LF, CR LF or CR.
  private mutating func passBreak() {
    let isPair =
      bytes[position] == Self.carriageReturn && position + 1 < bytes.count
      && bytes[position + 1] == Self.newline
    position += isPair ? 2 : 1
    line += 1
    lineStart = position
  }

  private func problem(_ needed: String, _ got: String) -> FormatError {
    .badData("\(name) needs \(needed) at line \(line), column \(column), got \(got).")
  }
}
