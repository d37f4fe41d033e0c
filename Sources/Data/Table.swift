import Formats

/// A table of the user's, by columns.
struct Table: Sendable {
  /// One column.
  struct Column: Sendable {
    let name: String
    /// The cells; nil where there is none.
    let cells: [String?]
    /// The numbers, where all cells that are there are numbers.
    let numbers: [Double?]?
    /// The first row with a word; nil where none has one.
    let firstWord: Int?
    /// The same, of a column that is mostly numbers.
    let oddRow: Int?

    /// The number of rows without a value.
    var missing: Int { cells.count { $0 == nil } }

    /// The different values, in the order of numbers if they are, else of the alphabet.
    var distinct: [String] {
      let values = Set(cells.compactMap { $0 })
      guard numbers != nil else { return values.sorted() }
      return values.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
    }
  }

  /// What messages call the table, in quotes.
  let name: String
  /// The columns in their order.
  let columns: [Column]
  /// What is to be said of how it was read.
  let notes: [String]
  private let lines: [Int]
  /// The line that names the columns; that of the first row where none does.
  let headerLine: Int

  /// The columns of `text`, which has at least `fewest` rows; messages call it `name`.
  init(_ text: DelimitedText, name: String, fewest: Int = 3) throws(DataError) {
    self.name = SafeText.quoted(name)
    lines = (0..<text.rows).map(text.line)
    headerLine = text.headerLine
    let commas = text.decimalCommas.map { SafeText.line(text.columns[$0], limit: 40) }
    let columns = text.columns.enumerated().map { place, column in
      let cells = (0..<text.rows).map { row -> String? in
        let cell = text[row, place]
        return MissingValue.isOne(cell) ? nil : cell
      }
      let values = cells.map { $0.flatMap(Self.number) }
      let odd = zip(cells, values).enumerated().first { $1.0 != nil && $1.1 == nil }?.offset
      let share = values.count { $0 != nil } * 2 > cells.count { $0 != nil }
      return Column(
        name: column, cells: cells,
        numbers: odd == nil && cells.contains { $0 != nil } ? values : nil,
        firstWord: odd, oddRow: share ? odd : nil)
    }
    self.columns = columns
    let lines = lines
    notes =
      (commas.isEmpty
        ? [] : ["decimal commas, read as points, in \(commas.joined(separator: ", "))"])
      + columns.compactMap { column in
        column.oddRow.map { row in
          "\(SafeText.quoted(column.name, limit: 40)) holds words, not numbers: line \(lines[row]) has "
            + SafeText.quoted(column.cells[row] ?? "", limit: 40)
        }
      }
    guard text.rows >= fewest else {
      throw DataError(
        "Table \(self.name) needs at least \(fewest) row\(fewest == 1 ? "" : "s") under its header, got "
          + "\(text.rows).")
    }
  }

  /// The number of rows.
  var rows: Int { lines.count }

  /// The line of the file that a row begins at.
  func line(of row: Int) -> Int { lines[row] }

  /// A finite number; infinities and numbers beyond Float32 are none.
  private static func number(_ cell: String) -> Double? {
    guard let value = Double(cell), abs(value) <= Double(Float.greatestFiniteMagnitude) else {
      return nil
    }
    return value
  }

  /// The place of the column called `name`, which the setting `setting` names.
  func column(_ name: String, for setting: DataSetting) throws(DataError) -> Int {
    if let place = columns.firstIndex(where: { $0.name == name }) { return place }
    throw DataError(
      "Table \(self.name) has no column \(SafeText.quoted(name)) for data.\(setting.rawValue)."
        + Suggestion.choice(for: name, among: columns.prefix(40).map { SafeText.line($0.name) }))
  }

  /// The numbers of column `place`, or which cell is none.
  func numbers(_ place: Int) throws(DataError) -> [Double?] {
    let column = columns[place]
    if let numbers = column.numbers { return numbers }
    let row = column.firstWord ?? 0
    throw DataError(
      "Column \(SafeText.quoted(column.name, limit: 60)) of \(name) needs numbers, got "
        + "\(SafeText.quoted(column.cells[row] ?? "nothing", limit: 40)) at line \(line(of: row)), "
        + "column \(place + 1). Correct it, or leave the cell empty.")
  }
}

/// How a column of a table was understood.
public struct DataColumn: Sendable, Equatable {
  /// What a column is for.
  public enum Role: String, Sendable {
    /// Networks read it.
    case input
    /// Networks predict it.
    case target
    /// Networks read it and predict what comes.
    case inputAndTarget = "input, target"
    /// It says which rows are one sequence.
    case sequence
    /// No two splits share a value of it.
    case group
    /// Nothing is made of it.
    case unused
  }

  /// Its name.
  public let name: String
  /// What it is for.
  public let role: Role
  /// Whether it has numbers, not words.
  public let isNumber: Bool
  /// Rows without a value.
  public let missing: Int
  /// The number of different values.
  public let distinct: Int
  /// The least, the mean and the greatest number; nil for words.
  public let range: Range?

  /// The least, the mean and the greatest number.
  public struct Range: Sendable, Equatable {
    /// The least.
    public let least: Double
    /// The mean.
    public let mean: Double
    /// The greatest.
    public let greatest: Double
  }

  /// What `column` has, and its role.
  init(_ column: Table.Column, role: Role) {
    name = column.name
    self.role = role
    isNumber = column.numbers != nil
    missing = column.missing
    distinct = column.distinct.count
    let numbers = column.numbers?.compactMap { $0 } ?? []
    range =
      numbers.isEmpty
      ? nil
      : Range(
        least: numbers.min() ?? 0, mean: numbers.reduce(0, +) / Double(numbers.count),
        greatest: numbers.max() ?? 0)
  }
}
