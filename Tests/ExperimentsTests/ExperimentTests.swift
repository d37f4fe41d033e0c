import Testing

@testable import Experiments

@Suite struct ExperimentTests {
  @Test func namesAreDifferent() {
    let names = ExperimentRegistry.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func anUnknownNameOffersTheNearest() {
    #expect(throws: ExperimentError.broken("Unknown experiment 'vowls'. Did you mean 'vowels'?")) {
      try ExperimentRegistry.experiment("vowls")
    }
  }

  @Test func nothingClaimedIsNothingProven() throws {
    let empty = Experiment(name: "empty", claim: "", source: "") { _ in }
    #expect(try !empty.run().passed)
  }

  @Test func onePartThatDoesNotHoldFailsTheClaim() throws {
    let half = Experiment(name: "half", claim: "", source: "") { laboratory in
      laboratory.expect("a", 1, below: 2)
      laboratory.expect("b", 1, atLeast: 2)
      laboratory.measure("c", 0.5, as: .control)
    }
    let report = try half.run(seed: 7)
    #expect(report.verdicts.map(\.holds) == [true, false] && !report.passed && report.seed == 7)
    #expect(report.verdicts.map(\.text) == ["a 1.00 < 2.00", "b 1.00 ≥ 2.00"])
    #expect(report.measurements == [.init(name: "c", value: 0.5, role: .control)])
    #expect(report.json["verdicts"]?[1]?["holds"] == .bool(false))
  }

  @Test func anInterruptedExperimentHasNoResult() {
    #expect(throws: ExperimentError.interrupted) {
      try Experiment.vowels.run(while: { false })
    }
  }

  @Test(arguments: ExperimentRegistry.all.filter(\.isQuick).map(\.name))
  func aQuickClaimHolds(name: String) throws {
    let report = try ExperimentRegistry.experiment(name).run()
    #expect(report.passed, "\(report.verdicts)")
  }
}
