import Engine
import Formats

extension TableDataset {
  /// The numbers of rows as networks see them.
  struct Features: Sendable {
    /// D numbers a row.
    var values: [Float] = []
    /// What each of the D is.
    var names: [String] = []
    /// How each of the D was scaled.
    var scales: [Scale] = []
    /// Which of the D is the target's own column; nil when none is.
    var own: Int?

    /// The numbers of a step in their own units, for words about it.
    func text(of row: ArraySlice<Float>) -> String {
      zip(row, scales).prefix(4).map { shortText($1.mean + $1.deviation * Double($0)) }
        .joined(separator: " ") + (row.count > 4 ? " …" : "")
    }
  }

  /// Most different words of a column that is read as one of several.
  static let categoryLimit = 256

  /// The inputs of `rows`, which are in the order of their sequences; `starts` tells whether a
  /// sequence begins at a place of `rows`, `train` which rows are for training.
  func features(
    _ rows: [Int], starts: Set<Int>, train: [Int]
  ) throws(DataError) -> Features {
    var features = Features()
    var columns: [[Float]] = []
    for place in roles.inputs {
      let column = table.columns[place]
      if place == roles.target { features.own = columns.count }
      if column.numbers != nil || column.oddRow != nil {
        let scale = try scale(of: place, over: train)
        let known = train.compactMap { column.numbers?[$0] }
        let mean = known.reduce(0, +) / Double(max(1, known.count))
        let numbers = try table.numbers(place)
        columns.append(filled(rows, starts, numbers, with: mean).map(scale.apply))
        features.names.append(column.name)
        features.scales.append(scale)
      } else {
        for word in try categories(of: place) {
          columns.append(rows.map { column.cells[$0] == word ? 1 : 0 })
          features.names.append("\(column.name)=\(word)")
          features.scales.append(.none)
        }
      }
    }
    features.values.reserveCapacity(rows.count * columns.count)
    for row in rows.indices { for column in columns { features.values.append(column[row]) } }
    return features
  }

  /// The numbers of `rows`, with the one before where there is none.
  private func filled(
    _ rows: [Int], _ starts: Set<Int>, _ numbers: [Double?], with mean: Double
  ) -> [Double] {
    var last = mean
    return rows.enumerated().map { place, row in
      if starts.contains(place) { last = mean }
      last = numbers[row] ?? last
      return last
    }
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

  /// The sequences that a column tells apart, in the order of their first rows.
  func grouped(_ batching: Batching) throws(DataError) -> SequenceDataset {
    guard let place = roles.sequence else { return try series(batching) }
    var order: [String] = []
    var found: [String: [Int]] = [:]
    for (row, cell) in table.columns[place].cells.enumerated() {
      guard let cell else {
        throw DataError(
          "Column \(SafeText.quoted(table.columns[place].name, limit: 60)) of \(table.name) needs a "
            + "value in every row, got none at line \(table.line(of: row)).")
      }
      if found[cell] == nil { order.append(cell) }
      found[cell, default: []].append(row)
    }
    let all = order.compactMap { found[$0] }
    let isPerStep = roles.horizon > 0 || !all.allSatisfy(isConstant)
    let kept = isPerStep ? all : all.filter { $0.contains { target.cells[$0] != nil } }
    let members = try Members.divided(
      kept.count, recipe.split, groups: groups(of: kept.map { $0[0] }),
      owner: "Table \(table.name)")
    return try sequences(of: kept, members, isPerStep: isPerStep, batching)
  }

  /// Whether the target is the same in all rows that have one.
  private func isConstant(_ rows: [Int]) -> Bool {
    Set(rows.compactMap { target.cells[$0] }).count <= 1
  }

  private func sequences(
    of parts: [[Int]], _ members: Members, isPerStep: Bool, _ batching: Batching
  ) throws(DataError) -> SequenceDataset {
    let train = members.train.flatMap { parts[$0] }
    var starts: Set<Int> = []
    var count = 0
    for part in parts {
      starts.insert(count)
      count += part.count
    }
    let rows = parts.flatMap { $0 }
    let features = try features(rows, starts: starts, train: train)
    let scale = roles.isClass ? .none : try scale(of: roles.target, over: train)
    let form = SampleForm(
      input: .sequence(features.names.count),
      target: try prediction(isPerStep: isPerStep, scaledBy: scale))
    // Where the target of a row is taken from: itself, or rows ahead in the same sequence.
    let sources: [Int?] =
      isPerStep
      ? parts.flatMap { part in
        part.indices.map { $0 + roles.horizon < part.count ? part[$0 + roles.horizon] : nil }
      } : parts.map { part in part.first { target.cells[$0] != nil } }
    let (answers, weights) = try self.answers(from: sources, form.target, scale)
    var sequences = Sequences(
      form, values: features.values, lengths: parts.map(\.count), answers: answers)
    if isPerStep { sequences.weights = weights }
    var dataset = SequenceDataset(
      name: name,
      summary:
        "\(title): \(Data.grouped(parts.count)) sequences of \(features.names.count) "
        + "feature\(features.names.count == 1 ? "" : "s"), \(sequences.lengthRange) steps; "
        + "\(targetText(form.target)); \(splitText(members))",
      sequences, members, words("sequence", features), batching, rules(features, form.target))
    dataset.feedback = feedback(features)
    return dataset
  }

  /// Where the target of a row stands in the input of the next; nil unless it is read and one row ahead.
  func feedback(_ features: Features) -> [Int]? {
    roles.horizon == 1 && !roles.isClass ? features.own.map { [$0] } : nil
  }

  /// What is predicted of rows of the table, and whether it is there.
  func answers(
    from sources: [Int?], _ prediction: Target, _ scale: Scale
  ) throws(DataError) -> (Sequences.Answers, weights: [Float]) {
    if roles.isClass {
      let classes = classes(prediction.labels)
      return (
        .classes(sources.map { $0.map { classes[$0].label } ?? 0 }),
        sources.map { $0.map { classes[$0].isThere } ?? false ? 1 : 0 }
      )
    }
    let numbers = try table.numbers(roles.target)
    let found = sources.map { $0.flatMap { numbers[$0] } }
    return (.values(found.map { $0.map(scale.apply) ?? 0 }), found.map { $0 == nil ? 0 : 1 })
  }

  /// How examples are spoken of.
  func words(_ noun: String, _ features: Features) -> SequenceDataset.Words {
    SequenceDataset.Words(noun: noun, step: { _, row in features.text(of: row) })
  }

  /// The simple methods that fit.
  func rules(_ features: Features, _ prediction: Target) -> [BaselineRule] {
    if roles.isClass {
      return [.constant, prediction.isPerStep ? .rowProbe : .summaryProbe]
    }
    guard let own = features.own, prediction.isPerStep else { return [.constant] }
    return [
      .constant, .persistence(feature: own),
      .autoregression(10, feature: own, name: "AR(10)"),
    ]
  }
}
