import Testing

@testable import Data
@testable import Formats

/// Series that are learnt from how they change.
@Suite struct ChangesTests {
  private func load(
    _ text: String, _ change: (inout DataRecipe) -> Void
  ) throws -> SequenceDataset {
    var recipe = DataRecipe(source: .file(path: "x.csv"), batchSize: 4, sequenceLength: 4)
    change(&recipe)
    let table = try Table(DelimitedText(Array(text.utf8), name: "x.csv"), name: "x.csv")
    return try TableDataset(table, recipe, name: "x.csv", title: "x.csv").dataset(seed: 1)
  }

  /// t², for t = 0 … 39: 28 rows train, 6 validate, 6 test.
  private let squares = "x\n" + (0..<40).map { "\($0 * $0)\n" }.joined()

  @Test func changesAreReadAndPredictedScaledAlike() throws {
    let data = try load(squares) { ($0.difference, $0.isStandardized) = (1, false) }
    #expect(data.summary.contains("to predict x 1 row ahead from changes over 1 row"))
    let example = data.example(0, of: .test)
    // Windows begin half a window before what they count, whose first target is row 34.
    #expect(example.batch.input.scalars == [61, 63, 65, 67])
    guard case .values(let wanted) = example.batch.targets else {
      return #expect(Bool(false))
    }
    #expect(wanted.scalars == [63, 65, 67, 69])
    let levels = try #require(example.levels)
    #expect((0..<4).map { levels.value($0) } == [31, 32, 33, 34].map { $0 * $0 })
    let next = (0..<4).map { levels.base($0) + Double(wanted.scalars[$0]) }
    #expect(next == [32, 33, 34, 35].map { $0 * $0 })
    #expect(data.feedback == [0])

    let scaled = try load(squares) { $0.difference = 1 }
    let batch = scaled.batch(0, of: .train)
    guard case .values(let targets) = batch.targets else { return #expect(Bool(false)) }
    #expect(Array(targets.scalars.prefix(3)) == Array(batch.input.scalars[1..<4]))
  }

  @Test func theFirstChangesOfASeriesAreNoTargets() throws {
    let data = try load(squares) { ($0.difference, $0.isStandardized) = (3, false) }
    let first = data.example(0, of: .train)
    #expect(first.batch.input.scalars == [0, 0, 0, 9])
    #expect(first.batch.weights == [0, 0, 1, 1])
    guard case .values(let wanted) = first.batch.targets else { return #expect(Bool(false)) }
    #expect(wanted.scalars.suffix(2) == [9, 15])  // 3² − 0², 4² − 1²
  }

  @Test func sequencesAreNotMixed() throws {
    let rows = (0..<12).flatMap { id in (1...3).map { "s\(id),\(id * 100 + $0 * $0)\n" } }
    let text = "id,y\n" + rows.joined()
    let data = try load(text) {
      ($0.sequenceColumn, $0.split, $0.difference, $0.isStandardized) = ("id", .order, 1, false)
    }
    for split in Split.allCases {
      for index in 0..<data.exampleCount(of: split) {
        let example = data.example(index, of: split)
        #expect(example.batch.input.scalars == [0, 3, 5])
        #expect(example.batch.weights == [1, 1, 0])
      }
    }
  }

  @Test func simpleMethodsAreMeasuredInTheSameUnit() throws {
    let changes = try load(squares) { $0.difference = 1 }
    let plain = try load(squares) { _ in }
    for split in [Split.validation, .test] {
      let found = changes.baselines(on: split)
      #expect(Array(found.dropLast()) == plain.baselines(on: split))
      #expect(found.last?.name == "AR(10) of changes")
    }
    // From row t to the next a square grows by 2 t + 1; of the test part by 67 … 77.
    let persistence = try #require(
      changes.baselines(on: .test).first { $0.name == "persistence" })
    let expected = (stride(from: 67.0, through: 77, by: 2).map { $0 * $0 }.reduce(0, +) / 6)
      .squareRoot()
    #expect(abs(persistence.value - expected) < 1e-3)
  }

  @Test func dumpsSayTheNumbersThemselves() throws {
    let data = try load(squares) { $0.difference = 1 }
    let last = try #require(DataDump(data).lines(0, of: .test).last?.split(separator: ","))
    #expect(abs((Double(last.last ?? "") ?? .nan) - 35 * 35) < 1e-3)
  }

  @Test func aChangeIsCountedFromWhatIsKnown() {
    #expect(
      throws: DataError(
        "Table 'x.csv' needs a data.horizon of at most data.difference, got 3 and 2: a change is counted "
          + "from a number that is known. Raise data.difference or lower data.horizon.")
    ) { try load(squares) { ($0.difference, $0.horizon) = (2, 3) } }
  }

  @Test func newRowsAreReadByTheirChangesAndCountedFromTheirNumbers() throws {
    let files = try NewFiles()
    let rows = (0..<7).map { "\(100 + $0 * $0)\n" }.joined()
    for lag in [1, 3] {
      let data = try load(squares) { ($0.difference, $0.isStandardized) = (lag, false) }
      let new = try data.read(files.file("x\n" + rows))
      var told: [Int] = []
      for part in new.parts {
        let levels = try #require(part.levels)
        for t in part.told {
          let row = part.offset + t
          told.append(row)
          #expect(levels.value(t) == Double(100 + row * row))
          let base = row + 1 - lag
          #expect(levels.base(t) == Double(100 + base * base))
        }
      }
      // What is counted from before the first row is not told.
      #expect(told == Array(lag - 1..<7))
      let first = new.batch(0..<1).input.scalars
      #expect(first[lag] == Float(lag * lag) && first[lag - 1] == 0)
    }
    let data = try load(squares) { $0.difference = 12 }
    #expect(
      files.refusal(data, try files.file("x\n" + rows))
        == "Table 'new.csv' needs more than 11 rows, got 7 from line 2 on: what is predicted is counted "
        + "from the row 11 before. Put earlier rows in front.")
  }

  @Test func newSequencesAreCountedFromTheirOwnRows() throws {
    let rows = (0..<12).flatMap { id in (1...3).map { "s\(id),\(id * 100 + $0 * $0)\n" } }
    let data = try load("id,y\n" + rows.joined()) {
      ($0.sequenceColumn, $0.difference, $0.isStandardized) = ("id", 2, false)
    }
    let files = try NewFiles()
    let new = try data.read(files.file("y,id\n5,b\n7,a\n6,b\n8,a\n9,a\n"))
    #expect(new.parts.map(\.told) == [1..<2, 1..<3])
    #expect(new.batch(1..<2).input.scalars == [0, 0, 2])
    #expect(new.parts[0].levels?.base(1) == 5 && new.parts[1].levels?.base(2) == 8)
    #expect(
      files.refusal(data, try files.file("y,id\n5,b\n6,b\n7,a\n"))
        == "Sequence 'a' of table 'new.csv' needs more than 1 row, got 1 from line 4 on: what is "
        + "predicted is counted from the row 1 before. Put earlier rows in front.")
  }
}
