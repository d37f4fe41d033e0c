import Engine
import Formats
import Foundation
import Testing

@testable import Data

/// 12 sequences of 1 to 4 rows: sequence, person, number, class of the sequence.
private let grouped =
  "id,who,x,label\n"
  + (0..<12).flatMap { id in
    (0...id % 4).map { "s\(id),p\(id / 2),\(id * 10 + $0),\(id % 2 == 0 ? "even" : "odd")\n" }
  }.joined()

struct TableTests {
  @Test func aSeriesIsForecastFromItsNumbers() throws {
    let data = try loadTable(seriesTable) { $0.targetColumn = "value" }
    #expect(data.input == .sequence(2) && data.target.isPerStep)
    #expect(
      data.columns.map(\.role) == [.input, .inputAndTarget, .unused])
    let batch = data.batch(0, of: .test)
    guard case .values(let values) = batch.targets, case .values(let quantities) = data.target.kind
    else { return #expect(Bool(false)) }
    // Rows 0 to 27 train: value has mean 27; a target is the value of the row after.
    #expect(abs(quantities[0].mean - 27) < 1e-9)
    let counted = (0..<values.shape[0]).filter { batch.weights?[$0] ?? 1 > 0 }
    let wanted = counted.map { quantities[0].inUnit(values[$0, 0]).rounded() }
    #expect(wanted == [68, 70, 72, 74, 76, 78])
    #expect(abs(baseline("persistence", of: data) - 2) < 1e-5)
  }

  @Test func aWordIsTaggedRowByRow() throws {
    let data = try loadTable(seriesTable)
    #expect(data.target.labels == ["high", "low"] && data.target.isPerStep)
    #expect(data.columns.map(\.role) == [.input, .input, .target])
    let example = data.example(0, of: .train).batch
    #expect(example.targets.classes == [1, 0, 0, 1])
  }

  @Test func rowsOfASequenceNeedNotStandTogether() throws {
    let shuffled = "id,x,y\na,1,0\nb,9,1\na,2,0\nb,8,1\nc,5,0\na,3,0\n"
    let data = try loadTable(shuffled) {
      ($0.sequenceColumn, $0.targetColumn, $0.task) = ("id", "y", .classes)
      ($0.isStandardized, $0.split) = (false, .order)
    }
    #expect(!data.target.isPerStep && data.exampleCount(of: .train) == 1)
    #expect(data.batch(0, of: .train).input.scalars == [1, 2, 3])
    #expect(data.batch(0, of: .validation).input.scalars == [9, 8])
    #expect(data.batch(0, of: .test).input.scalars == [5])
  }

  @Test func noGroupIsInTwoSplits() throws {
    let data = try loadTable(grouped) {
      ($0.sequenceColumn, $0.groupColumn) = ("id", "who")
      $0.isStandardized = false
    }
    #expect(data.target.labels == ["even", "odd"] && !data.target.isPerStep)
    let people = Split.allCases.map { split in
      Set(
        (0..<data.exampleCount(of: split)).map { index in
          Int(data.example(index, of: split).batch.input[0, 0, 0]) / 20
        })
    }
    #expect(people.allSatisfy { !$0.isEmpty })
    #expect(people[0].union(people[1]).union(people[2]) == Set(0..<6))
    #expect(people.reduce(0) { $0 + $1.count } == 6)
  }

  @Test func numbersAreStandardizedByTheTrainingPart() throws {
    let data = try loadTable(seriesTable) { $0.targetColumn = "value" }
    let rows = (0..<28).map(Double.init)
    let scale = Scale(rows)
    let x = data.batch(0, of: .train).input
    #expect(x[0, 1, 0] == scale.apply(1))
  }

  @Test func smallUnitsAndLargeNumbersAreStandardizedToo() {
    let small = Scale([1e-9, 3e-9])
    #expect(abs(small.deviation - 1e-9) < 1e-20 && small.apply(3e-9) == 1)
    let large = Scale((0..<1000).map { 1e9 + Double($0 % 2) })
    #expect(large.mean == 1e9 + 0.5 && large.deviation == 0.5)
    #expect(Scale([0.1 + 0.2, 0.3]).deviation == 1)
    #expect(Scale([7, 7, 7]) == Scale(mean: 7, deviation: 1) && Scale([]) == .none)
  }

  @Test func aColumnThatIsMostlyNumbersSaysWhereItIsNot() throws {
    var lines = seriesTable.split(separator: "\n").map(String.init)
    lines[3] = "2,4x,high"
    let text = try DelimitedText(Array(lines.joined(separator: "\n").utf8), name: "t.csv")
    let notes = try Table(text, name: "t.csv").notes
    #expect(notes == ["'value' holds words, not numbers: line 4 has '4x'"])
  }

  @Test func whatIsMissingIsTheRowBeforeAndNoTarget() throws {
    var lines = seriesTable.split(separator: "\n").map(String.init)
    lines[3] = "2,,NA"
    let data = try loadTable(lines.joined(separator: "\n")) {
      ($0.targetColumn, $0.isStandardized) = ("value", false)
    }
    let example = data.example(0, of: .train).batch
    #expect((0..<4).map { example.input[0, $0, 1] } == [0, 2, 2, 6])
    // Row 2 is the target of row 1.
    #expect(example.weights == [1, 0, 1, 1])
    #expect(data.columns[1].missing == 1 && data.columns[2].missing == 1)
  }

  @Test func aColumnOfWordsIsReadLetterByLetter() throws {
    let text = "word,kind\n" + (0..<20).map { "w\($0)é,\($0 % 2)\n" }.joined()
    let data = try loadTable(text) { ($0.inputs, $0.task) = ("word", .classes) }
    #expect(data.input.vocabulary == 12 && data.target.labels == ["0", "1"])
    let example = data.example(0, of: .train)
    #expect(example.steps.first == "w" && example.steps.last == "é")
    #expect(data.summary.contains("20 sequences of 3 to 4 characters, 12 different; 2 classes"))
  }

  @Test func wordsBesideNumbersAreOneOfSeveral() throws {
    let data = try loadTable(seriesTable) {
      ($0.inputs, $0.targetColumn, $0.isStandardized) = ("value, word", "value", false)
    }
    #expect(data.input == .sequence(3))
    let x = data.example(0, of: .train).batch.input
    #expect((0..<3).map { x[0, 1, $0] } == [2, 1, 0])
  }

  @Test func aNameWithACommaStandsInQuotes() throws {
    let table =
      "\"Preis, €\",n,klasse\n" + (0..<40).map { "\($0),\($0 % 7),\($0 % 2)\n" }.joined()
    let data = try loadTable(table) {
      ($0.inputs, $0.targetColumn) = ("n, \"Preis, €\"", "Preis, €")
    }
    #expect(data.input == .sequence(2))
    #expect(data.columns.map(\.role) == [.inputAndTarget, .input, .unused])
  }

  @Test(arguments: [
    (
      "value", "tmp",
      "Table 'x.csv' has no column 'tmp' for data.inputs. Choose one of: t, value, word."
    ),
    ("valu", "auto", "Table 'x.csv' has no column 'valu' for data.target. Did you mean 'value'?"),
    (
      "t", "t,word,value,no",
      "Table 'x.csv' has no column 'no' for data.inputs. Choose one of: t, value, word."
    ),
  ])
  func columnsThatAreNotThereAreNamed(target: String, inputs: String, expected: String) {
    #expect(
      message {
        _ = try loadTable(seriesTable) { ($0.targetColumn, $0.inputs) = (target, inputs) }
      } == expected)
  }

  @Test func aWordAmongNumbersIsFound() {
    var lines = seriesTable.split(separator: "\n").map(String.init)
    lines[7] = "6,1e999,low"
    #expect(
      message { _ = try loadTable(lines.joined(separator: "\n")) { $0.targetColumn = "value" } }
        == "Column 'value' of 'x.csv' needs numbers, got '1e999' at line 8, column 2. Correct it, or "
        + "leave the cell empty.")
  }

  @Test func decimalCommasAreNumbersAndSaidSo() throws {
    let text = "a;b\n" + (0..<20).map { "\($0),5;\($0)\n" }.joined()
    let data = try loadTable(text) { $0.isStandardized = false }
    #expect(data.columns.map(\.isNumber) == [true, true])
    #expect(data.notes == ["decimal commas, read as points, in a"])
    #expect(data.example(0, of: .train).batch.input[0, 1, 0] == 1.5)
  }

  @Test func tablesThatCannotBeDividedSaySo() {
    #expect(
      message { _ = try loadTable(seriesTable) { $0.split = .shuffled } }
        == "Table 'x.csv' is one series, which can only be divided in its order: windows overlap. "
        + "Name a data.sequence column, or leave data.split and data.group as they are.")
    #expect(
      message { _ = try loadTable("id,x,y\na,1,u\nb,2,v\nb,3,v\n") { $0.sequenceColumn = "id" } }
        == "Table 'x.csv' needs at least 3 sequences to divide, got 2. Name a data.sequence column or "
        + "give more rows.")
    #expect(
      message { _ = try loadTable("a,b\n1,x\n") }
        == "Table 'x.csv' needs at least 3 rows under its header, got 1.")
    #expect(
      message {
        _ = try loadTable("a,b\n" + String(repeating: "1,x\n", count: 9)) { $0.sequenceLength = 1 }
      }
        == "Column 'b' of 'x.csv' needs 2 to 4096 different classes, got 1. Choose another "
        + "data.target, or data.task=values.")
  }

  @Test func aTableIsAFileByItsEnding() throws {
    try withFolder { folder in
      try seriesTable.write(toFile: folder + "/x.CSV", atomically: true, encoding: .utf8)
      var recipe = DataRecipe(source: .file(path: "x.CSV"), sequenceLength: 8)
      recipe.targetColumn = "value"
      #expect(recipe.heeds(.target) && !recipe.heeds(.variant))
      let data = try recipe.load(seed: 1, relativeTo: folder)
      #expect(data.name == "x.CSV" && data.target.labels == ["value"])
    }
  }
}

extension DataRecipe {
  fileprivate func heeds(_ setting: DataSetting) -> Bool { heeded.contains(setting) }
}
