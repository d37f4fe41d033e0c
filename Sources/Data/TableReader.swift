import Formats

/// Reads new tables as the table of a data set was read: by the names of its columns, with what was fitted
/// to its training rows. Other columns may be there, such as that of the target, and are left alone.
struct TableReader: Sendable {
  /// How rows become numbers.
  let encoder: TableEncoder
  /// The column that tells sequences apart; nil: all rows are one series.
  let sequence: String?
  /// The steps of a window of one series.
  let window: Int
  /// Whether the first row names the columns.
  let header: DelimitedText.Header
  /// What the sequences have in common.
  let form: SampleForm
  /// The column whose changes are predicted; nil where numbers themselves or classes are.
  var change: Change?

  /// A column whose changes are predicted.
  struct Change: Sendable {
    /// Its name.
    let column: String
    /// What stands in for a number before the first that is there.
    let mean: Double
    /// The steps that a change goes over, and those ahead that are predicted.
    let lag: Int, horizon: Int

    /// The first step of a sequence whose prediction is counted from a number that is known.
    var first: Int { max(0, lag - horizon) }
  }

  /// What the material says, or what is wrong with it.
  func read(_ material: Material) throws(DataError) -> NewSequences {
    let needed = (sequence.map { [$0] } ?? []) + encoder.columns.map(\.name)
    guard case .file(let path) = material, FileKind(path) == .table else {
      throw DataError.needsTable(of: needed, material)
    }
    let table = try Table(new: path, header)
    let places = try encoder.columns.map { column throws(DataError) in
      try table.column(read: column.name)
    }
    guard let sequence else { return try series(table, places) }
    return try sequences(table, places, toldApartBy: table.column(read: sequence))
  }

  /// All rows as one series, in windows that have half of the past before what they tell of.
  private func series(_ table: Table, _ places: [Int]) throws(DataError) -> NewSequences {
    let rows = Array(0..<table.rows)
    let values = try encoder.values(of: table, at: places, rows, starts: [0])
    let levels = try levels(of: table, rows, starts: [0])
    let first = try firstTold(of: table.rows, in: table)
    let width = encoder.width
    let parts = SeriesWindows.covering(first..<table.rows, length: window).map { place, counted in
      NewSequences.Part(
        "1",
        form.unanswered(
          Array(values[place.lowerBound * width..<place.upperBound * width]), length: place.count),
        offset: place.lowerBound,
        told: counted.lowerBound - place.lowerBound..<counted.upperBound - place.lowerBound,
        levels: levels?.of(place))
    }
    return NewSequences(parts, form, step: encoder.text)
  }

  /// A sequence for every value of the column at `place`, in the order of their first rows.
  private func sequences(
    _ table: Table, _ places: [Int], toldApartBy place: Int
  ) throws(DataError) -> NewSequences {
    let found = try table.sequences(toldApartBy: place)
    var starts: Set<Int> = []
    var ends = [0]
    for part in found {
      starts.insert(ends[ends.count - 1])
      ends.append(ends[ends.count - 1] + part.rows.count)
    }
    let rows = found.flatMap(\.rows)
    let values = try encoder.values(of: table, at: places, rows, starts: starts)
    let levels = try levels(of: table, rows, starts: starts)
    let width = encoder.width
    var parts: [NewSequences.Part] = []
    for (part, start) in zip(found, ends) {
      let place = start..<start + part.rows.count
      let first = try firstTold(of: place.count, in: table, of: part.name, at: part.rows[0])
      parts.append(
        NewSequences.Part(
          part.name,
          form.unanswered(
            Array(values[place.lowerBound * width..<place.upperBound * width]), length: place.count),
          told: first..<place.count, levels: levels?.of(place)))
    }
    return NewSequences(parts, form, step: encoder.text)
  }

  /// The numbers that predicted changes of `rows` are counted from; nil where numbers are predicted.
  private func levels(
    of table: Table, _ rows: [Int], starts: Set<Int>
  ) throws(DataError) -> SeriesLevels? {
    guard let change else { return nil }
    let numbers = try table.numbers(table.column(read: change.column))
    return SeriesLevels(
      values: TableEncoder.filled(rows, starts, numbers, with: change.mean), lag: change.lag,
      horizon: change.horizon)
  }

  /// The first of `count` steps of which something is told; `name` is the sequence's, of several, whose
  /// first row is `row`.
  private func firstTold(
    of count: Int, in table: Table, of name: String? = nil, at row: Int = 0
  ) throws(DataError) -> Int {
    guard let change, change.first >= count else { return change?.first ?? 0 }
    let owner = name.map { "Sequence \(SafeText.quoted($0, limit: 60)) of table" } ?? "Table"
    throw DataError(
      "\(owner) \(table.name) needs more than \(change.first) row\(change.first == 1 ? "" : "s"), got "
        + "\(count) from line \(table.line(of: row)) on: what is predicted is counted from the row "
        + "\(change.first) before. Put earlier rows in front.")
  }
}

/// Reads new texts, or new tables of them, with the characters that a data set has.
struct CharacterReader: Sendable {
  /// The characters.
  let vocabulary: Vocabulary
  /// The column of tables that has the texts; nil where the next character is predicted, of lines.
  let column: String?
  /// Whether the first row of tables names the columns.
  var header = DelimitedText.Header.automatic
  /// What the sequences have in common.
  let form: SampleForm

  /// What the material says, or what is wrong with it.
  func read(_ material: Material) throws(DataError) -> NewSequences {
    switch material {
    case .endToEnd: throw needsText(material)
    case .texts(let texts):
      var parts: [NewSequences.Part] = []
      for text in texts { parts.append(try part(text, number: parts.count + 1)) }
      return NewSequences(parts, form, step: { [vocabulary] in vocabulary.sign(of: $0) })
    case .file(let path):
      switch (FileKind(path), column) {
      case (.text, _): return try read(.lines(ofFile: path))
      case (.table, let column?): return try read(.texts(texts(path, column)))
      default: throw needsText(material)
      }
    }
  }

  private func needsText(_ material: Material) -> DataError {
    DataError(
      "A model that reads characters needs lines of text\(column == nil ? "" : " or a table"), "
        + "got \(material.got). Give a file whose name ends in .txt.")
  }

  /// The texts in column `name` of the table at `path`.
  private func texts(_ path: String, _ name: String) throws(DataError) -> [Material.Text] {
    let table = try Table(new: path, header)
    let place = try table.column(read: name)
    var texts: [Material.Text] = []
    for (row, cell) in table.columns[place].cells.enumerated() {
      guard let cell, !cell.isEmpty else { throw table.missing(place, row) }
      texts.append(
        Material.Text(
          cell,
          at: .init(
            line: table.line(of: row), file: table.name,
            column: SafeText.quoted(name, limit: 60))))
    }
    return texts
  }

  private func part(_ text: Material.Text, number: Int) throws(DataError) -> NewSequences.Part {
    let ids = try vocabulary.ids(of: text)
    guard !ids.isEmpty else {
      throw DataError("A text needs a character at least, got none. Type one.")
    }
    let input = ids.map(Float.init)
    guard column == nil else {
      return NewSequences.Part(text.text, form.unanswered(input, length: ids.count))
    }
    // What comes is known of all characters but the last.
    let next = ids.dropFirst().map(Int32.init) + [0]
    let weights = next.indices.map { Float($0 < next.count - 1 ? 1 : 0) }
    return NewSequences.Part(
      "\(text.origin?.line ?? number)",
      Sample(
        length: ids.count, input: input[...], answer: .classes(next[...]), weights: weights[...]))
  }
}

extension Table {
  /// The new table at `path`.
  init(new path: String, _ header: DelimitedText.Header) throws(DataError) {
    let text = try DataError.wrapping { () throws(FormatError) in
      try DelimitedText(path: path, header: header)
    }
    try self.init(text, name: path, fewest: 1)
  }

  /// The place of the column called `name`, which a model reads.
  func column(read name: String) throws(DataError) -> Int {
    if let place = columns.firstIndex(where: { $0.name == name }) { return place }
    let got = columns.prefix(8).map { SafeText.quoted($0.name, limit: 30) }
    throw DataError(
      "Table \(self.name) needs a column \(SafeText.quoted(name, limit: 60)), which the model reads, got "
        + got.joined(separator: ", ") + (columns.count > 8 ? " …" : "")
        + " in line \(headerLine). Name the columns there as in the data that it was trained on.")
  }

  /// The rows of every value of the column at `place`, in the order of their first rows.
  func sequences(
    toldApartBy place: Int
  ) throws(DataError) -> [(name: String, rows: [Int])] {
    var order: [String] = []
    var found: [String: [Int]] = [:]
    for (row, cell) in columns[place].cells.enumerated() {
      guard let cell else { throw missing(place, row) }
      if found[cell] == nil { order.append(cell) }
      found[cell, default: []].append(row)
    }
    return order.map { ($0, found[$0] ?? []) }
  }

  /// What is said of the cell of column `place` and `row`, which has to have something.
  func missing(_ place: Int, _ row: Int) -> DataError {
    DataError(
      "Column \(SafeText.quoted(columns[place].name, limit: 60)) of \(name) needs a value in every row, "
        + "got none at line \(line(of: row)), column \(place + 1).")
  }
}

extension DataError {
  /// What is said of `material` that is no table with `columns`.
  fileprivate static func needsTable(of columns: [String], _ material: Material) -> DataError {
    let names = columns.prefix(8).map { SafeText.quoted($0, limit: 30) }.joined(separator: ", ")
    return DataError(
      "The model reads a table with the column\(columns.count == 1 ? "" : "s") \(names)"
        + "\(columns.count > 8 ? " …" : ""), got \(material.got). Give one whose name ends in .csv or .tsv."
    )
  }
}
