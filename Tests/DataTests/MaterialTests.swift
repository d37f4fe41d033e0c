import Engine
import Formats
import Foundation
import Testing

@testable import Data

/// 12 sequences of 1 to 4 rows, with a word that is read and a class.
private let grouped =
  "id,x,sky,label\n"
  + (0..<12).flatMap { id in
    (0...id % 4).map {
      "s\(id),\(id * 10 + $0),\($0 % 2 == 0 ? "clear" : "grey"),\(id % 2 == 0 ? "even" : "odd")\n"
    }
  }.joined()

/// Names with a language.
private let names =
  "name,language\n"
  + (0..<12).map { "\($0 % 2 == 0 ? "anna" : "bob")\($0 % 3 == 0 ? "b" : "n"),l\($0 % 2)\n" }
  .joined()

struct MaterialTests {
  @Test func newRowsAreScaledAsTheTrainingRowsWere() throws {
    let data = try loadTable(seriesTable) {
      ($0.targetColumn, $0.inputs) = ("value", "value,word")
    }
    let files = try NewFiles()
    // Another order, another column, and no target of its own to hide.
    let new = try data.read(files.file("other,word,value\nx,low,27\ny,high,37\nz,high,\n"))
    #expect(new.parts.map(\.told) == [0..<2, 2..<3] && new.parts.map(\.offset) == [0, 0])
    let batch = new.batch(1..<2)
    let known = data.batch(0, of: .train).input
    // value has mean 27 over rows 0 to 27; a step of 2 in the training data is a row.
    let unit = (known[0, 1, 0] - known[0, 0, 0]) / 2
    #expect(batch.input.shape == [1, 3, 3])
    let wanted: [Float] = [0, 0, 1, 10 * unit, 1, 0, 10 * unit, 1, 0]
    #expect(zip(batch.input.scalars, wanted).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(batch.weights == [0, 0, 0])
  }

  @Test func everyRowOfALongSeriesIsToldOfOnceWithHalfAWindowBefore() throws {
    let data = try loadTable(seriesTable) { $0.targetColumn = "value" }
    let files = try NewFiles()
    let rows = (0..<11).map { "\($0),\($0)\n" }.joined()
    let new = try data.read(files.file("t,value\n" + rows))
    let told = new.parts.flatMap { part in part.told.map { part.offset + $0 } }
    #expect(told == Array(0..<11))
    #expect(new.parts.dropFirst().allSatisfy { $0.told.lowerBound >= 2 && $0.length <= 4 })
  }

  @Test func newSequencesAreToldApartByTheirColumn() throws {
    let data = try loadTable(grouped) { ($0.sequenceColumn, $0.inputs) = ("id", "x,sky") }
    let files = try NewFiles()
    let new = try data.read(files.file("sky,x,id\nclear,1,b\ngrey,2,a\ngrey,3,b\n"))
    #expect(new.parts.map(\.name) == ["b", "a"] && new.parts.map(\.length) == [2, 1])
    #expect(new.batch(0..<2).lengths == [2, 1])
    #expect(
      files.refusal(data, try files.file("sky,x,id\nclear,1,b\nblack,2,a\n"))
        == "Column 'sky' of 'new.csv' needs words that the model has learned, got 'black' at line 3, "
        + "column 1. Choose one of: clear, grey.")
  }

  @Test func aTextIsReadWithTheCharactersOfTheData() throws {
    let data = try loadTable(names)
    let files = try NewFiles()
    let new = try data.read(.texts([Material.Text(typed: "bob"), Material.Text(typed: "nan")]))
    #expect(new.parts.map(\.name) == ["bob", "nan"])
    #expect(new.batch(0..<2).input.scalars == [1, 3, 1, 2, 0, 2])
    #expect(new.steps(of: 1) == ["n", "a", "n"])
    let lines = try data.read(files.file("anna\r\n\nbo\n", "new.txt"))
    #expect(lines.parts.map(\.name) == ["anna", "bo"])
    let table = try data.read(files.file("id,name\n1,ann\n"))
    #expect(table.parts.map(\.name) == ["ann"])
    #expect(
      files.refusal(data, .texts([Material.Text(typed: "boß")]))
        == "The model reads the 4 characters of its text, got 'ß' at column 3. Leave that character "
        + "out.")
    #expect(
      files.refusal(data, try files.file("anna\n\nboß\n", "new.txt")).contains(
        "got 'ß' at line 3, column 3 of 'new.txt'."))
    #expect(
      files.refusal(data, try files.file("id,name\n1,ann\n2,xan\n")).contains(
        "got 'x' at line 3 of 'new.csv', character 1 of 'name'."))
    #expect(
      files.refusal(data, try files.file("id,name\n1,\n"))
        == "Column 'name' of 'new.csv' needs a value in every row, got none at line 2, column 2.")
  }

  @Test func aWrongColumnOrAMissingHeaderIsSaid() throws {
    let data = try loadTable(seriesTable) { $0.targetColumn = "value" }
    let files = try NewFiles()
    #expect(
      files.refusal(data, try files.file("t,valeu\n1,2\n"))
        == "Table 'new.csv' needs a column 'value', which the model reads, got 't', 'valeu' in line 1. "
        + "Name the columns there as in the data that it was trained on.")
    #expect(
      files.refusal(data, try files.file("1,2\n3,4\n")).contains(
        "needs a column 't', which the model reads, got 'column_1', 'column_2' in line 1."))
    #expect(
      files.refusal(data, try files.file("t,value\n1,2\n3,four\n"))
        == "Column 'value' of 'new.csv' needs numbers, got 'four' at line 3, column 2. Correct it, or "
        + "leave the cell empty.")
    #expect(
      files.refusal(data, .texts([Material.Text(typed: "hello")]))
        == "The model reads a table with the columns 't', 'value', got a text. Give one whose name "
        + "ends in .csv or .tsv.")
    #expect(
      files.refusal(data, try files.file("t,value\n"))
        == "Table 'new.csv' needs at least 1 row under its header, got 0.")
  }

  @Test func theNextCharacterOfATextIsKnownButTheLast() throws {
    let text = String(repeating: "abcd ", count: 40)
    let source = try TextSource(Array(text.utf8), name: "abc")
    let data = try TextDataset(
      name: "abc", title: "abc", source, batchSize: 1, sequenceLength: 4)
    let batch = try data.read(.texts([Material.Text(typed: "dab")])).batch(0..<1)
    #expect(batch.input.scalars == [4, 1, 2] && batch.targets.classes == [1, 2, 0])
    #expect(batch.weights == [1, 1, 0])
  }

  @Test func newArraysAreScaledAsTheTrainingSequencesWere() throws {
    let files = try NewFiles()
    let x: [Float] = (0..<20).flatMap { [Float($0), 3] }
    let made = ArrayDataset(
      values: x, width: 2, lengths: Array(repeating: 2, count: 10),
      answers: .classes((0..<10).map { $0 % 2 }, labels: ["0", "1"], isPerStep: false), name: "a")
    let data = try made.dataset(DataRecipe(source: .file(path: "a.npy")), seed: 1)
    let known = data.sequences.sequence(0)
    let new = try data.read(files.array([0, 3, 1, 3], [1, 2, 2]))
    #expect(new.batch(0..<1).input.scalars == Array(known))
    #expect(
      files.refusal(data, try files.array([0, 3, 1], [1, 1, 3]))
        == "The model reads 2 numbers a step, got 3 in 'new.npy'. Give the features that it was trained "
        + "on.")
  }
}
