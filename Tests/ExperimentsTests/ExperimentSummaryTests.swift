import Formats
import Testing

@testable import Experiments

struct ExperimentSummaryTests {
  /// A claim whose numbers are the seed's.
  private let claim = Experiment(name: "x", claim: "", source: "") { laboratory in
    let seed = Double(laboratory.seed)
    laboratory.measure("loss", seed)
    laboratory.measure("loss", 10, as: .control)
    laboratory.tabulate("cell", columns: ["a", "b"], [(name: "lstm", values: [2 * seed, nil])])
    laboratory.expect("loss", seed, below: 3)
  }

  @Test func numbersHaveTheirMeanAndDeviationOverSeeds() throws {
    let summary = ExperimentSummary(of: try (1...3).map { try claim.run(seed: $0) })
    #expect(summary.measurements.map(\.name) == ["loss", "loss"])
    #expect(summary.measurements.map(\.spread.mean) == [2, 10])
    #expect(summary.measurements.map(\.spread.deviation) == [1, 0])
    let row = try #require(summary.rows(ofTable: 0).first)
    #expect(row.name == "lstm" && row.spreads[0] == .init([2, 4, 6]) && row.spreads[1] == nil)
    #expect(row.spreads[0]?.deviation == 2)
    #expect(summary.verdicts.map(\.held) == [2] && !summary.passed)
    let text = summary.json.text(.compact)
    #expect(
      text.contains("\"seeds\":[1,2,3]") && text.contains("\"deviation\":[2")
        && text.contains("null]"))
    let one = ExperimentSummary(of: [try claim.run(seed: 1)])
    #expect(one.passed && one.measurements[0].spread.deviation == 0)
  }
}
