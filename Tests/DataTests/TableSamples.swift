import Formats

@testable import Data

/// The set that `recipe` makes of the table `text`.
func loadTable(
  _ text: String, _ change: (inout DataRecipe) -> Void = { _ in }
) throws -> SequenceDataset {
  var recipe = DataRecipe(source: .file(path: "x.csv"), batchSize: 4, sequenceLength: 4)
  change(&recipe)
  let table = try Table(DelimitedText(Array(text.utf8), name: "x.csv"), name: "x.csv")
  return try TableDataset(table, recipe, name: "x.csv", title: "x.csv").dataset(seed: 1)
}

/// 40 rows of one series: the row, twice the row, and a word.
let seriesTable =
  "t,value,word\n"
  + (0..<40).map { "\($0),\(2 * $0),\($0 % 3 == 0 ? "low" : "high")\n" }.joined()
