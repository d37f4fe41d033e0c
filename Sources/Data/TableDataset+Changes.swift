import Formats

extension TableDataset {
  /// The numbers that are predicted, where that is how they change.
  struct TargetChanges {
    /// The numbers themselves, one a row.
    let levels: SeriesLevels
    /// What the change at each row is counted from; nil where that lies before its sequence.
    let bases: [Double?]
    /// How changes are scaled.
    let scale: Scale
  }

  /// How much each of `numbers` is above what it was ℓ = `difference` steps before in its sequence:
  ///
  ///     x'_t = x_t − x_{t−ℓ},    0 for the first ℓ steps
  func changes(_ numbers: [Double], _ starts: Set<Int>) -> [Double] {
    Self.changes(numbers, over: recipe.difference, starts)
  }

  /// The same over `lag` steps.
  static func changes(_ numbers: [Double], over lag: Int, _ starts: Set<Int>) -> [Double] {
    var start = 0
    return numbers.indices.map { place in
      if starts.contains(place) { start = place }
      let before = place - lag
      return before >= start ? numbers[place] - numbers[before] : 0
    }
  }

  /// The scale of `changes` over the rows `train`.
  func scale(ofChanges changes: [Double], _ rows: [Int], _ train: [Int]) -> Scale {
    guard recipe.isStandardized else { return .none }
    let members = Set(train)
    return Scale(rows.indices.lazy.filter { members.contains(rows[$0]) }.map { changes[$0] })
  }

  /// What is predicted of `rows` where changes are: y_{t+h} − y_{t+h−ℓ}, scaled like those that are read;
  /// nil where numbers are.
  func targetChanges(
    _ rows: [Int], starts: Set<Int>, train: [Int]
  ) throws(DataError) -> TargetChanges? {
    let (lag, horizon) = (recipe.difference, roles.horizon)
    guard lag > 0, !roles.isClass else { return nil }
    guard horizon <= lag else {
      throw DataError(
        "Table \(table.name) needs a data.horizon of at most data.difference, got \(horizon) and "
          + "\(lag): a change is counted from a number that is known. Raise data.difference or lower "
          + "data.horizon.")
    }
    let levels = try filled(roles.target, rows, starts, train)
    var start = 0
    let bases = levels.indices.map { place -> Double? in
      if starts.contains(place) { start = place }
      let base = place + horizon - lag
      return base >= start ? levels[base] : nil
    }
    return TargetChanges(
      levels: SeriesLevels(values: levels, lag: lag, horizon: horizon), bases: bases,
      scale: scale(ofChanges: changes(levels, starts), rows, train))
  }

  /// How what is predicted is scaled: its changes, or its numbers over the rows `train`.
  func targetScale(_ changes: TargetChanges?, over train: [Int]) throws(DataError) -> Scale {
    if let changes { return changes.scale }
    return roles.isClass ? .none : try scale(of: roles.target, over: train)
  }

  /// The same table with numbers instead of changes.
  var plain: TableDataset {
    var plain = self
    plain.recipe.difference = 0
    return plain
  }
}
