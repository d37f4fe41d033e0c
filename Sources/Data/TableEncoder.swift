import Formats

/// How columns of a table become the numbers that networks see, as fitted on the training rows.
///
/// A column of numbers is shifted and scaled to mean 0 and deviation 1; one of words becomes a number for
/// each word, 1 where it stands and 0 elsewhere.
struct TableEncoder: Sendable {
  /// One column.
  struct Column: Sendable {
    /// Its name.
    let name: String
    /// What becomes of its cells.
    let form: Form
  }

  /// What becomes of the cells of a column.
  enum Form: Sendable {
    /// A number, scaled; `mean` stands in where none came before in a sequence.
    case number(Scale, mean: Double)
    /// One of these words.
    case word([String])
  }

  /// The columns that are read.
  let columns: [Column]
  /// Which of the D numbers is the target's own column; nil when none is.
  let own: Int?
  /// Over how many rows the changes of numbers are read in their place; 0: numbers themselves.
  var difference = 0

  /// What each of the D numbers is.
  var names: [String] {
    columns.flatMap { column in
      switch column.form {
      case .number: [column.name]
      case .word(let words): words.map { "\(column.name)=\($0)" }
      }
    }
  }

  /// The numbers of a row, D.
  var width: Int { names.count }

  /// How each of the D was scaled.
  private var scales: [Scale] {
    columns.flatMap { column in
      switch column.form {
      case .number(let scale, _): [scale]
      case .word(let words): words.map { _ in Scale.none }
      }
    }
  }

  /// What tells a step in words: its numbers in their own units.
  var text: @Sendable (ArraySlice<Float>) -> String {
    let scales = scales
    return { row in
      zip(row, scales).prefix(4).map { shortText($1.mean + $1.deviation * Double($0)) }
        .joined(separator: " ") + (row.count > 4 ? " …" : "")
    }
  }

  /// D numbers for each of `rows` of `table`, which are in the order of their sequences; `places` are
  /// those of the columns, `starts` the places of `rows` at which a sequence begins.
  func values(
    of table: Table, at places: [Int], _ rows: [Int], starts: Set<Int>
  ) throws(DataError) -> [Float] {
    var found: [[Float]] = []
    for (column, place) in zip(columns, places) {
      switch column.form {
      case .number(let scale, let mean):
        let numbers = try table.numbers(place)
        let filled = Self.filled(rows, starts, numbers, with: mean)
        let read =
          difference > 0 ? TableDataset.changes(filled, over: difference, starts) : filled
        found.append(read.map(scale.apply))
      case .word(let words):
        let cells = table.columns[place].cells
        try Self.check(cells, of: place, in: table, among: words)
        for word in words { found.append(rows.map { cells[$0] == word ? 1 : 0 }) }
      }
    }
    var values: [Float] = []
    values.reserveCapacity(rows.count * found.count)
    for row in rows.indices { for column in found { values.append(column[row]) } }
    return values
  }

  /// Throws unless every cell has one of `words`, or none.
  private static func check(
    _ cells: [String?], of place: Int, in table: Table, among words: [String]
  ) throws(DataError) {
    let known = Set(words)
    for (row, cell) in cells.enumerated() {
      guard let cell, !known.contains(cell) else { continue }
      throw DataError(
        "Column \(SafeText.quoted(table.columns[place].name, limit: 60)) of \(table.name) needs words "
          + "that the model has learned, got \(SafeText.quoted(cell, limit: 40)) at line "
          + "\(table.line(of: row)), column \(place + 1)."
          + Suggestion.choice(for: cell, among: words.prefix(40).map { SafeText.line($0) }))
    }
  }

  /// The numbers of `rows`, with the one before where there is none.
  static func filled(
    _ rows: [Int], _ starts: Set<Int>, _ numbers: [Double?], with mean: Double
  ) -> [Double] {
    var last = mean
    return rows.enumerated().map { place, row in
      if starts.contains(place) { last = mean }
      last = numbers[row] ?? last
      return last
    }
  }
}

extension TableDataset {
  /// The numbers of rows as networks see them.
  struct Features: Sendable {
    /// D numbers a row.
    let values: [Float]
    /// How they were made.
    let encoder: TableEncoder
  }

  /// Most different words of a column that is read as one of several.
  static let categoryLimit = 256

  /// The inputs of `rows`, which are in the order of their sequences; `starts` tells whether a
  /// sequence begins at a place of `rows`, `train` which rows are for training.
  func features(
    _ rows: [Int], starts: Set<Int>, train: [Int]
  ) throws(DataError) -> Features {
    let encoder = try encoder(fittedTo: train, among: rows, starts: starts)
    return Features(
      values: try encoder.values(of: table, at: roles.inputs, rows, starts: starts),
      encoder: encoder)
  }

  private func encoder(
    fittedTo train: [Int], among rows: [Int], starts: Set<Int>
  ) throws(DataError) -> TableEncoder {
    var columns: [TableEncoder.Column] = []
    var own: Int?
    var width = 0
    for place in roles.inputs {
      let column = table.columns[place]
      if place == roles.target { own = width }
      if column.numbers != nil || column.oddRow != nil {
        let (scale, mean) = try fitted(place, rows, starts, train)
        columns.append(.init(name: column.name, form: .number(scale, mean: mean)))
        width += 1
      } else {
        let words = try categories(of: place)
        columns.append(.init(name: column.name, form: .word(words)))
        width += words.count
      }
    }
    return TableEncoder(columns: columns, own: own, difference: recipe.difference)
  }

  /// How what is read of the numbers in column `place` is scaled, and what stands in for one before the
  /// first.
  private func fitted(
    _ place: Int, _ rows: [Int], _ starts: Set<Int>, _ train: [Int]
  ) throws(DataError) -> (Scale, mean: Double) {
    let mean = try mean(of: place, over: train)
    guard recipe.difference > 0 else { return (try scale(of: place, over: train), mean) }
    let numbers = try filled(place, rows, starts, train)
    return (scale(ofChanges: changes(numbers, starts), rows, train), mean)
  }

  /// The mean of the numbers of column `place` over the rows `train`.
  func mean(of place: Int, over train: [Int]) throws(DataError) -> Double {
    let numbers = try table.numbers(place)
    let known = train.compactMap { numbers[$0] }
    return known.reduce(0, +) / Double(max(1, known.count))
  }

  /// The numbers of `rows` in column `place`, with the one before where there is none, at the start of a
  /// sequence the mean of the rows `train`.
  func filled(
    _ place: Int, _ rows: [Int], _ starts: Set<Int>, _ train: [Int]
  ) throws(DataError) -> [Double] {
    TableEncoder.filled(
      rows, starts, try table.numbers(place), with: try mean(of: place, over: train))
  }

  private func categories(of place: Int) throws(DataError) -> [String] {
    let words = table.columns[place].distinct
    guard words.count <= Self.categoryLimit else {
      throw DataError(
        "Column \(SafeText.quoted(table.columns[place].name, limit: 60)) of \(table.name) may have "
          + "\(Self.categoryLimit) different words to be read as one of several, got "
          + "\(Data.grouped(words.count)). Leave it out of data.inputs.")
    }
    return words
  }
}
