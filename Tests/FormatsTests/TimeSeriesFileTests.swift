import Testing

@testable import Formats

private let header =
  "# a comment\n@problemName test\n@timeStamps false\n@classLabel true a b\n@data\n"

private func read(_ text: String) throws(FormatError) -> TimeSeriesFile {
  try TimeSeriesFile(Array(text.utf8), name: "x.ts")
}

struct TimeSeriesFileTests {
  @Test func oneDimension() throws {
    let file = try read(header + "1,2,3:b\r\n4.5,-1e-2:a\n")
    #expect(file.dimensions == 1 && file.lengths == [3, 2])
    #expect(file.values == [1, 2, 3, 4.5, -0.01])
    #expect(file.answers == .classes(["a", "b"], [1, 0]))
  }

  @Test func severalDimensionsAndWhatIsMissing() throws {
    let file = try read(header + "1,?,3:4,5,NaN:a\n")
    #expect(file.dimensions == 2 && file.lengths == [3])
    #expect(file.values.map { $0.isNaN ? -1 : $0 } == [1, 4, -1, 5, 3, -1])
  }

  @Test func blankLinesSayNothing() throws {
    let file = try read("\t\n\u{0B}\n" + header + "\n1,2:a\n")
    #expect(file.values == [1, 2])
  }

  @Test func numbersToPredict() throws {
    let file = try read("@timestamps false\n@targetlabel true\n@data\n1,2:0.5\n3:-7\n")
    #expect(file.answers == .values([0.5, -7]))
  }

  private static let faults: [(text: String, expected: String)] = [
    ("", "'x.ts' needs a series after a line '@data', got none."),
    (header, "'x.ts' needs a series after a line '@data', got none."),
    (
      "1,2:a\n",
      "'x.ts' needs a line that begins with '@' or '#' before '@data' at line 1, column 1, got '1,2:a'."
    ),
    (
      "@data\n",
      "'x.ts' needs '@classLabel true' with the classes, or '@targetLabel true', before '@data' at "
        + "line 1, column 1, got none."
    ),
    (
      "@timeStamps true\n",
      "'x.ts' needs series without time stamps at line 1, column 1, got '@timeStamps true'. Write the "
        + "values alone, evenly spaced, with '@timeStamps false'."
    ),
    (header + "1,x:a\n", "'x.ts' needs a number or '?' at line 6, column 3, got 'x'."),
    (header + "1,inf:a\n", "'x.ts' needs a number or '?' at line 6, column 3, got 'inf'."),
    (header + "1,,2:a\n", "'x.ts' needs a number or '?' at line 6, column 3, got ''."),
    (
      header + "1,2:c\n",
      "'x.ts' needs one of the classes of '@classLabel' at line 6, column 5, got 'c'."
    ),
    (
      header + "1,2\n",
      "'x.ts' needs a series and a class, with ':' between at line 6, column 1, got 1 parts."
    ),
    (
      header + "1,2:3:a\n",
      "'x.ts' needs 2 numbers in every dimension at line 6, column 5, got 1."
    ),
    (
      header + "1:2:a\n1:a\n",
      "'x.ts' needs 2 dimensions and a class, with ':' between at line 7, column 1, got 2 parts."
    ),
  ]

  @Test(arguments: faults)
  func whatIsWrongIsFoundByLineAndColumn(text: String, expected: String) {
    #expect(refusal { _ = try read(text) } == expected)
  }

  @Test func aTestFileKeepsTheClassNumbersOfItsTrainingFile() throws {
    let train = try read(header + "1:a\n2:b\n")
    let body = "@data\n3:b\n"
    func test(_ text: String) throws(FormatError) -> TimeSeriesFile {
      try TimeSeriesFile(Array(text.utf8), name: "y.ts", matching: train)
    }
    #expect(try test("@classLabel true b a\n" + body).answers == .classes(["a", "b"], [1]))
    #expect(
      refusal { _ = try test("@classLabel true a ab\n" + body) }
        == "'y.ts' needs only classes of the training series at line 1, column 20, got 'ab'.")
    #expect(
      refusal { _ = try test("@targetLabel true\n" + body) }
        == "'y.ts' needs '@classLabel true', as the training series have at line 1, column 1, got "
        + "'@targetLabel true'.")
    #expect(
      refusal { _ = try test(header + "1:2:a\n") }
        == "'y.ts' needs 1 dimensions and a class, with ':' between at line 6, column 1, got 3 parts."
    )
    #expect(TimeSeriesFile.testPath(besides: "a/X_TRAIN.ts") == "a/X_TEST.ts")
    #expect(TimeSeriesFile.testPath(besides: "X_TEST.ts") == nil)
  }

  @Test func damagedSeriesAreErrorsOrSeries() {
    let good = Array((header + "1,2,3:4,5,6:b\n7,?:8,9:a\n").utf8)
    var generator = SeededGenerator(state: 25)
    for _ in 0..<3000 {
      var bad = good
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let place = Int.random(in: bad.indices, using: &generator)
        bad[place] =
          Bool.random(using: &generator)
          ? good.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      guard let file = try? TimeSeriesFile(bad, name: "x") else { continue }
      #expect(file.values.count == file.lengths.reduce(0, +) * file.dimensions)
    }
  }
}
