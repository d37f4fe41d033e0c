import Testing

@testable import Data
@testable import Formats

/// Several rows on end that are predicted at once.
@Suite struct HorizonTests {
  /// t², for t = 0 … 39: 28 rows train, 6 validate, 6 test.
  private let squares = "x\n" + (0..<40).map { "\($0 * $0)\n" }.joined()

  private func load(
    _ text: String, _ change: (inout DataRecipe) -> Void
  ) throws -> SequenceDataset {
    try loadTable(text) {
      ($0.horizons, $0.isStandardized, $0.inputs, $0.targetColumn) = (3, false, "x", "x")
      change(&$0)
    }
  }

  @Test func everyStepPredictsTheRowsAfterIt() throws {
    let data = try load(squares) { _ in }
    #expect(data.target.labels == ["x +1", "x +2", "x +3"] && data.feedback == nil)
    #expect(data.summary.contains("to predict x +1 to +3 at once"))
    for split in Split.allCases {
      var counted = 0
      for index in 0..<data.exampleCount(of: split) {
        let batch = data.example(index, of: split).batch
        guard case .values(let wanted) = batch.targets else { return #expect(Bool(false)) }
        for (t, weight) in (batch.weights ?? [1, 1, 1, 1]).enumerated() where weight > 0 {
          let row = Int(batch.input.scalars[t].squareRoot().rounded())
          counted += 1
          for ahead in 1...3 {
            let next = row + ahead
            #expect(wanted[t, ahead - 1] == Float(next * next))
          }
        }
      }
      #expect(counted > 0, "\(split)")
    }
  }

  /// The rows of a part are all targets, and no training window counts a step whose targets go beyond it.
  @Test func partsKeepApart() throws {
    let data = try load(squares) { $0.horizon = 2 }
    #expect(data.target.labels == ["x +2", "x +3", "x +4"])
    func targets(_ split: Split) -> Set<Int> {
      var rows: Set<Int> = []
      for index in 0..<data.exampleCount(of: split) {
        let batch = data.example(index, of: split).batch
        for (t, weight) in (batch.weights ?? [1, 1, 1, 1]).enumerated() where weight > 0 {
          let row = Int(batch.input.scalars[t].squareRoot().rounded())
          rows.formUnion(row + 2...row + 4)
        }
      }
      return rows
    }
    #expect(targets(.train) == Set(2..<28))
    #expect(targets(.validation) == Set(28..<34) && targets(.test) == Set(34..<40))
  }

  @Test func simpleMethodsPredictAsManyRows() throws {
    let found = try load(squares) { _ in }.baselines(on: .test)
    // The last value is off by 2 t + 1, 4 t + 4 and 6 t + 9.
    let persistence = try #require(found.first { $0.name == "persistence" })
    let offsets: [(slope: Double, offset: Double)] = [(2, 1), (4, 4), (6, 9)]
    let errors = offsets.map { part -> Double in
      let off = (33..<37).map { part.slope * Double($0) + part.offset }
      let sum = off.reduce(0.0) { $0 + $1 * $1 }
      return (sum / 4).squareRoot()
    }
    let mean = errors.reduce(0, +) / 3
    #expect(abs(persistence.value - mean) < 1e-2)
    #expect(found.contains { $0.name == "AR(10)" })
  }

  @Test func whatHasNoRowsOnEndIsRefused() {
    func refusal(_ text: String, _ change: @escaping (inout DataRecipe) -> Void) -> String {
      do {
        return try load(text, change).summary
      } catch {
        return "\(error)"
      }
    }
    #expect(
      refusal(squares) { $0.difference = 2 }
        == "Table 'x.csv' needs to be one series of numbers for data.horizons 3, got changes over 2 rows. "
        + "Set data.horizons to 1.")
    // Six rows validate: five rows ahead of a step in it are the most that it can be asked for.
    #expect(
      refusal(squares) { $0.horizons = 7 }
        == "Table 'x.csv' needs more rows to predict 7 on end, got 6 in the validation part. Lower "
        + "data.horizons.")
    #expect(refusal(squares) { $0.horizons = 6 }.contains("to predict x +1 to +6 at once"))
    #expect(
      refusal(squares) { ($0.task, $0.horizon) = (.classes, 1) }.contains("got classes to predict.")
    )
    let sequences = "id,x\n" + (0..<20).map { "\($0 / 4),\($0)\n" }.joined()
    #expect(
      refusal(sequences) { $0.sequenceColumn = "id" }.contains("got sequences that a column tells"))
  }
}
