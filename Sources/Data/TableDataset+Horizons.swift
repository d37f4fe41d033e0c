import Formats

/// Several rows on end that are predicted at once.
extension TableDataset {
  /// The rows ahead of the last that is predicted.
  var lastHorizon: Int { roles.horizon + recipe.horizons - 1 }

  /// Throws where several rows are to be predicted of something else than the numbers of one series.
  func checkHorizons() throws(DataError) {
    guard recipe.horizons > 1 else { return }
    let got: String? =
      if roles.isClass {
        "classes to predict"
      } else if roles.readsCharacters(of: table) {
        "texts"
      } else if roles.sequence != nil {
        "sequences that a column tells apart"
      } else if recipe.difference > 0 {
        "changes over \(recipe.difference) row\(recipe.difference == 1 ? "" : "s")"
      } else {
        nil
      }
    if let got {
      throw DataError(
        "Table \(table.name) needs to be one series of numbers for data.horizons "
          + "\(recipe.horizons), got \(got). Set data.horizons to 1.")
    }
  }

  /// What is predicted of each row, the numbers of `horizons` rows on end from `sources` on, and whether all
  /// of them are there.
  func answersOnEnd(
    from sources: [Int?], _ scale: Scale
  ) throws(DataError) -> (Sequences.Answers, weights: [Float]) {
    let numbers = try table.numbers(roles.target)
    var (values, weights): ([Float], [Float]) = ([], [])
    for source in sources {
      let found = (0..<recipe.horizons).map { ahead in source.flatMap { numbers[$0 + ahead] } }
      values += found.map { $0.map(scale.apply) ?? 0 }
      weights.append(found.contains { $0 == nil } ? 0 : 1)
    }
    return (.values(values), weights)
  }
}
