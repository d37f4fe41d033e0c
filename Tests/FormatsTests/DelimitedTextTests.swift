import Testing

@testable import Formats

private func table(_ text: String) throws(FormatError) -> DelimitedText {
  try DelimitedText(Array(text.utf8), name: "x.csv")
}

private func cells(_ table: DelimitedText) -> [[String]] {
  (0..<table.rows).map { row in table.columns.indices.map { table[row, $0] } }
}

struct DelimitedTextTests {
  @Test func rowsAndCellsAreFound() throws {
    let read = try table("a,b,c\n1,2,3\n4, 5 ,\n")
    #expect(read.columns == ["a", "b", "c"])
    #expect(cells(read) == [["1", "2", "3"], ["4", "5", ""]])
    #expect(read.line(of: 0) == 2 && read.line(of: 1) == 3)
  }

  @Test func quotesHoldSeparatorsQuotesAndLines() throws {
    let read = try table("a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\" \r\n\r\n\"\",z\n")
    #expect(cells(read) == [["x, \"y\"", "two\nlines"], ["", "z"]])
    #expect(read.line(of: 0) == 2 && read.line(of: 1) == 5)
  }

  @Test func theSeparatorIsTheOneThatTheFirstLineHasMostOf() throws {
    #expect(try table("a;b\n1,5;2").columns == ["a", "b"])
    #expect(cells(try table("a\tb\nx,y\t2")) == [["x,y", "2"]])
    #expect(try table("word\nx").columns == ["word"])
    #expect(try table("\r\n\na;b\n1,5;2").columns == ["a", "b"])
    #expect(try table("\u{FEFF}a,b\rx,y\r").columns == ["a", "b"])
  }

  @Test func theFirstRowNamesTheColumnsOrNotAsItIsSaid() throws {
    let words = Array("x,1\ny,2\n".utf8)
    let numbers = Array("2019,2020\n1,2\n".utf8)
    #expect(try DelimitedText(words, name: "x.csv").columns == ["x", "1"])
    let rows = try DelimitedText(words, name: "x.csv", header: .no)
    #expect(rows.columns == ["column_1", "column_2"])
    #expect(cells(rows) == [["x", "1"], ["y", "2"]] && rows.line(of: 0) == 1)
    #expect(try DelimitedText(numbers, name: "x.csv").rows == 2)
    let years = try DelimitedText(numbers, name: "x.csv", header: .yes)
    #expect(years.columns == ["2019", "2020"] && years.rows == 1)
  }

  @Test func decimalCommasAreReadWhereNoCommaSeparates() throws {
    let rows = try table("1,5;2,0\n-3;1,25e2\n")
    #expect(cells(rows) == [["1.5", "2.0"], ["-3", "1.25e2"]] && rows.decimalCommas == [0, 1])
    let named = try table("a;b;c\n1;2,5;x\n3;?;1,5\n")
    #expect(cells(named) == [["1", "2.5", "x"], ["3", "?", "1,5"]] && named.decimalCommas == [1])
    #expect(cells(try table("1,5\t2\n")) == [["1.5", "2"]])
    let commas = try table("1,2\n3,4\n")
    #expect(cells(commas) == [["1", "2"], ["3", "4"]] && commas.decimalCommas.isEmpty)
    // Two commas between semicolons are no decimal sign.
    #expect(try table("1,2,3;4\n").columns.count == 3)
  }

  @Test func twoDecimalSignsInATableAreRefused() {
    #expect(
      refusal { _ = try table("a;b\n1;2,5\n1.5;3\n") }
        == "'x.csv' needs one decimal sign, got '2,5' at line 2, column 2, and '1.5' at line 3, column "
        + "1. Write points, and nothing between thousands.")
  }

  @Test func columnsWithoutNamesAreNumbered() throws {
    let read = try table("1,2\n3,4\n")
    #expect(read.columns == ["column_1", "column_2"] && read.rows == 2)
    #expect(try table("a,,c\n1,2,3").columns == ["a", "column_2", "c"])
  }

  @Test(arguments: [
    ("", "'x.csv' needs a row, got none."),
    ("\n\r\n", "'x.csv' needs a row, got none."),
    (
      "a,b\n1,2\n3\n",
      "'x.csv' needs 2 cells in every row, got 1 at line 3, column 1. Check its quotes "
        + "and separators."
    ),
    (
      "a,a\n1,2",
      "'x.csv' needs different names for its columns, got 'a' again at line 1, column 2. Rename one, "
        + "or set data.header to no if the line is no header."
    ),
    (
      "a,b\n1,\"2\n3,4",
      "'x.csv' needs a closing quote for the one at line 2, column 3, got none. Add it."
    ),
    (
      "a,b\n1,\"2\"3\n",
      "'x.csv' needs a separator after a closing quote at line 2, column 6, got something else. "
        + "Write \"\" for a quote."
    ),
    (
      "a\nx\u{0}y",
      "'x.csv' needs UTF-8 text at line 2, column 4, got other bytes. Save it as UTF-8."
    ),
    (
      "\n\u{1B}[31m,\u{1B}[31m\n1,2",
      "'x.csv' needs different names for its columns, got '\\u{1B}[31m' again at line 2, column 2. "
        + "Rename one, or set data.header to no if the line is no header."
    ),
  ])
  func whatIsWrongIsFoundByLineAndColumn(text: String, expected: String) {
    #expect(refusal { _ = try table(text) } == expected)
  }

  @Test func otherEncodingsAreRefused() {
    let utf16: [UInt8] = [0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x62, 0, 0x0A, 0]
    #expect(refusal { _ = try DelimitedText(utf16, name: "x") }?.contains("UTF-8") == true)
    #expect(refusal { _ = try DelimitedText([0x61, 0xFF], name: "x") }?.contains("UTF-8") == true)
  }

  @Test func limitsHoldOnBothSides() throws {
    let columns = Array(repeating: "1", count: 4096).joined(separator: ",")
    #expect(try table(columns + "\n" + columns).columns.count == 4096)
    #expect(
      refusal { _ = try table(columns + ",1") }
        == "'x.csv' may have 4096 columns, got more at line 1.")
    let cell = String(repeating: "x", count: 1 << 20)
    #expect(try table("a\n" + cell).rows == 1)
    #expect(
      refusal { _ = try table("a\n" + cell + "x") }?.contains("at most 1048576 bytes") == true)
  }

  @Test func damagedTablesAreErrorsOrTables() {
    let good = Array("a,b,\"c\"\n1,\"x \"\"y\"\"\",2.5\r\n,,\n\"multi\nline\",NA,1e9\n".utf8)
    var generator = SeededGenerator(state: 23)
    for _ in 0..<3000 {
      var bad = good
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let place = Int.random(in: bad.indices, using: &generator)
        bad[place] =
          Bool.random(using: &generator)
          ? good.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      guard let read = try? DelimitedText(bad, name: "x") else { continue }
      #expect(cells(read).allSatisfy { $0.count == read.columns.count })
    }
  }
}
