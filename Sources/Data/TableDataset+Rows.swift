import Engine
import Formats

extension TableDataset {
  /// The sequences that a column tells apart, in the order of their first rows.
  func grouped(_ batching: Batching) throws(DataError) -> SequenceDataset {
    guard let place = roles.sequence else { return try series(batching) }
    let all = try table.sequences(toldApartBy: place).map(\.rows)
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
    let changes = isPerStep ? try targetChanges(rows, starts: starts, train: train) : nil
    let scale = try targetScale(changes, over: train)
    let form = SampleForm(
      input: .sequence(features.encoder.width),
      target: try prediction(isPerStep: isPerStep, scaledBy: scale))
    // Where the target of a row is taken from: itself, or rows ahead in the same sequence.
    let sources: [Int?] =
      isPerStep
      ? parts.flatMap { part in
        part.indices.map { $0 + roles.horizon < part.count ? part[$0 + roles.horizon] : nil }
      } : parts.map { part in part.first { target.cells[$0] != nil } }
    let (answers, weights) = try self.answers(
      from: sources, form.target, scale, above: changes?.bases)
    var sequences = Sequences(
      form, values: features.values, lengths: parts.map(\.count), answers: answers)
    if isPerStep { sequences.weights = weights }
    sequences.levels = changes?.levels
    var dataset = SequenceDataset(
      name: name,
      summary:
        "\(title): \(Data.grouped(parts.count)) sequences of \(features.encoder.width) "
        + "feature\(features.encoder.width == 1 ? "" : "s"), \(sequences.lengthRange) steps; "
        + "\(targetText(form.target)); \(splitText(members))",
      sequences, members, words("sequence", features), batching, rules(features, form.target))
    dataset.feedback = feedback(features)
    dataset.reader = try reader(features, form, train, predicting: changes)
    if changes != nil { dataset.levels = try plain.grouped(batching).baselines }
    return dataset
  }

  /// Where the target of a row stands in the input of the next; nil unless it is read and one row ahead.
  func feedback(_ features: Features) -> [Int]? {
    roles.horizon == 1 && recipe.horizons == 1 && !roles.isClass
      ? features.encoder.own.map { [$0] } : nil
  }

  /// What is predicted of rows of the table, and whether it is there; of changes, what each is counted
  /// from is in `bases`.
  func answers(
    from sources: [Int?], _ prediction: Target, _ scale: Scale, above bases: [Double?]? = nil
  ) throws(DataError) -> (Sequences.Answers, weights: [Float]) {
    if roles.isClass {
      let classes = classes(prediction.labels)
      return (
        .classes(sources.map { $0.map { classes[$0].label } ?? 0 }),
        sources.map { $0.map { classes[$0].isThere } ?? false ? 1 : 0 }
      )
    }
    let numbers = try table.numbers(roles.target)
    var found = sources.map { $0.flatMap { numbers[$0] } }
    if let bases {
      found = zip(found, bases).map { now, base in now.flatMap { now in base.map { now - $0 } } }
    }
    return (.values(found.map { $0.map(scale.apply) ?? 0 }), found.map { $0 == nil ? 0 : 1 })
  }

  /// How examples are spoken of.
  func words(_ noun: String, _ features: Features) -> SequenceDataset.Words {
    let text = features.encoder.text
    return SequenceDataset.Words(noun: noun, step: { _, row in text(row) })
  }

  /// What reads new tables like this one, whose rows `train` everything was fitted to.
  func reader(
    _ features: Features, _ form: SampleForm, _ train: [Int], predicting changes: TargetChanges?
  ) throws(DataError) -> MaterialReader {
    var reader = TableReader(
      encoder: features.encoder, sequence: roles.sequence.map { table.columns[$0].name },
      window: recipe.sequenceLength, header: recipe.header, form: form)
    if let levels = changes?.levels {
      reader.change = TableReader.Change(
        column: target.name, mean: try mean(of: roles.target, over: train), lag: levels.lag,
        horizon: levels.horizon)
    }
    return { [reader] material throws(DataError) in try reader.read(material) }
  }

  /// The simple methods that fit.
  func rules(_ features: Features, _ prediction: Target) -> [BaselineRule] {
    if roles.isClass {
      return [.constant, prediction.isPerStep ? .rowProbe : .summaryProbe]
    }
    guard let own = features.encoder.own, prediction.isPerStep else { return [.constant] }
    guard recipe.difference == 0 else {
      return [.autoregression(10, feature: own, name: "AR(10) of changes")]
    }
    let season = roles.horizon == 1 && recipe.horizons == 1 ? period : nil
    return [.constant, .persistence(feature: own)]
      + (season.map { [.seasonal($0, feature: own)] } ?? [])
      + [.autoregression(10, feature: own, name: "AR(10)")]
  }
}
