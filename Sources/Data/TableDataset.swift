import Engine
import Formats

/// Makes a data set of a table, as a recipe says.
///
/// Three kinds of tables: one column of words, read character by character, with something to
/// predict of each row; sequences of rows that a column tells apart; one series of rows, which is cut
/// into windows (see `SeriesWindows`). A number that is not there is taken from the row before it in
/// its sequence, at the start from the mean of the training part; a target that is not there does not
/// count. Means and deviations are those of the training part. Changes may be read and predicted instead of
/// numbers: see `TableDataset.changes`.
struct TableDataset {
  let table: Table
  var recipe: DataRecipe
  let roles: TableRoles
  let name: String
  let title: String
  /// Rows after which a series is known to repeat itself; nil when nothing is known of it.
  var period: Int?

  /// A maker for `table`; users know it as `name`.
  init(
    _ table: Table, _ recipe: DataRecipe, name: String, title: String
  ) throws(DataError) {
    self.table = table
    self.recipe = recipe
    self.name = name
    self.title = title
    roles = try TableRoles(recipe, table)
  }

  /// The data set, ordered under `seed`.
  func dataset(seed: UInt64) throws(DataError) -> SequenceDataset {
    try checkHorizons()
    let batching = Batching(recipe, seed: seed)
    var dataset =
      if roles.readsCharacters(of: table) {
        try characters(batching)
      } else if roles.sequence != nil {
        try grouped(batching)
      } else {
        try series(batching)
      }
    dataset.columns = table.columns.enumerated().map { place, column in
      DataColumn(column, role: roles.role(of: place))
    }
    dataset.notes = table.notes + notesOnMissing
    return dataset
  }

  private var notesOnMissing: [String] {
    let missing = roles.inputs.map { table.columns[$0] }.filter { $0.numbers != nil }
      .reduce(0) { $0 + $1.missing }
    return missing == 0
      ? []
      : [
        "missing numbers, \(missing) of the inputs: each is that of the row before, at a start the mean of "
          + "the training split"
      ]
  }

  /// The column that is predicted.
  var target: Table.Column { table.columns[roles.target] }

  /// The names of the classes.
  func labels() throws(DataError) -> [String] {
    let labels = target.distinct
    guard 2...4096 ~= labels.count else {
      throw DataError(
        "Column \(SafeText.quoted(target.name, limit: 60)) of \(table.name) needs 2 to 4096 different "
          + "classes, got \(labels.count). Choose another data.target, or data.task=values.")
    }
    return labels
  }

  /// The class of every row; 0 and false where there is none.
  func classes(_ labels: [String]) -> [(label: Int32, isThere: Bool)] {
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
    return target.cells.map { cell in
      cell.flatMap { numbers[$0] }.map { ($0, true) } ?? (0, false)
    }
  }

  /// What is predicted, for `rows` of the training part.
  func prediction(
    isPerStep: Bool, scaledBy scale: Scale
  ) throws(DataError) -> Target {
    if roles.isClass {
      return Target(labels: try labels(), isPerStep: isPerStep, metric: .accuracy)
    }
    let name = SafeText.line(target.name, limit: 60)
    let quantities = (0..<recipe.horizons).map { ahead in
      Quantity(
        recipe.horizons > 1 ? "\(name) +\(roles.horizon + ahead)" : name, mean: scale.mean,
        deviation: scale.deviation)
    }
    return Target(.values(quantities), isPerStep: isPerStep, metric: .rootMeanSquareError)
  }

  /// The mean and deviation of column `place` over `rows`; none when nothing is to be scaled.
  func scale(of place: Int, over rows: some Sequence<Int>) throws(DataError) -> Scale {
    guard recipe.isStandardized else { return .none }
    let numbers = try table.numbers(place)
    return Scale(rows.compactMap { numbers[$0] })
  }
}

/// Tables whose every row is a sequence of characters.
extension TableDataset {
  private func characters(_ batching: Batching) throws(DataError) -> SequenceDataset {
    let column = table.columns[roles.inputs[0]]
    let numbers = roles.isClass ? nil : try table.numbers(roles.target)
    let rows = (0..<table.rows).filter {
      column.cells[$0]?.isEmpty == false && target.cells[$0] != nil
    }
    let members = try Members.divided(
      rows.count, recipe.split, groups: groups(of: rows), owner: "Table \(table.name)")
    let vocabulary = Vocabulary(rows.lazy.flatMap { (column.cells[$0] ?? "").unicodeScalars })
    let scale =
      roles.isClass
      ? .none : try scale(of: roles.target, over: members.train.map { rows[$0] })
    let form = SampleForm(
      input: .ids(below: vocabulary.count),
      target: try prediction(isPerStep: false, scaledBy: scale))
    let ids = rows.map { row in
      (column.cells[row] ?? "").unicodeScalars.map { Float(vocabulary.id(of: $0) ?? 0) }
    }
    let answers: Sequences.Answers
    if let numbers {
      answers = .values(rows.map { scale.apply(numbers[$0] ?? 0) })
    } else {
      let classes = classes(form.target.labels)
      answers = .classes(rows.map { classes[$0].label })
    }
    let sequences = Sequences(
      form, values: ids.flatMap { $0 }, lengths: ids.map(\.count), answers: answers)
    let words = SequenceDataset.Words(noun: "row", step: { _, id in vocabulary.sign(of: id) })
    var dataset = SequenceDataset(
      name: name,
      summary:
        "\(title): \(Data.grouped(rows.count)) sequences of \(sequences.lengthRange) characters, "
        + "\(Data.grouped(vocabulary.count)) different; \(targetText(form.target)); "
        + "\(splitText(members))",
      sequences, members, words, batching,
      roles.isClass ? [.constant, .characterProbe(vocabulary.count)] : [.constant])
    let reader = CharacterReader(
      vocabulary: vocabulary, column: column.name, header: recipe.header, form: form)
    dataset.reader = { material throws(DataError) in try reader.read(material) }
    return dataset
  }

  /// The groups of some rows; nil when there are none.
  func groups(of rows: [Int]) -> [String]? {
    roles.group.map { place in rows.map { table.columns[place].cells[$0] ?? "" } }
  }

  /// What is predicted, in words.
  func targetText(_ target: Target) -> String {
    switch target.kind {
    case .classes(let labels), .flags(let labels), .points(let labels):
      "\(Data.grouped(labels.count)) classes"
    case .values(let quantities) where quantities.count > 1:
      "to predict \(quantities[0].name) to +\(lastHorizon) at once"
    case .values(let quantities):
      "to predict \(quantities[0].name)"
        + (roles.horizon == 0 ? "" : " \(roles.horizon) row\(roles.horizon == 1 ? "" : "s") ahead")
        + (recipe.difference > 0 && target.isPerStep
          ? " from changes over \(recipe.difference) row\(recipe.difference == 1 ? "" : "s")" : "")
    }
  }

  /// How sequences were divided, in words.
  func splitText(_ members: Members) -> String {
    let way = recipe.split == .order ? "in their order" : "one fixed shuffle gives"
    let group = roles.group.map {
      ", no \(SafeText.line(table.columns[$0].name, limit: 40)) in two of them"
    }
    return "\(way) \(members.counts)\(group ?? "")"
  }
}
