import Canvas
import Experiments
import Testing

@testable import Screens

@Suite struct LabScreenTests {
  private static let claim = Experiment(
    name: ExperimentRegistry.all[0].name, claim: "", source: ""
  ) { laboratory in
    laboratory.measure("loss of it", 0.25)
    laboratory.measure("loss of the other", 0.5, as: .control)
    laboratory.tabulate("cell", columns: ["adding"], [(name: "lstm", values: [0.125, nil])])
    laboratory.picture("ln of it by gain", [("0.5", [-1, -9]), ("1.5", [0.5, 9])])
    laboratory.expect("loss of it", 0.25, below: 0.1)
    laboratory.note("Seen once.")
  }

  @Test func everyClaimCanBeChosenAndRead() throws {
    var desk = try Desk()
    try desk.press("5")
    for experiment in ExperimentRegistry.all {
      let words = experiment.claim.split(separator: " ").prefix(3).joined(separator: " ")
      #expect(desk.screen(120, 36).text.contains(words), "\(experiment.name)")
      try desk.press("j")
    }
    #expect(desk.state.lab.cursor == ExperimentRegistry.all.count - 1)
  }

  @Test func enterRunsTheChosenClaimAndOnlyOneAtATime() throws {
    var desk = try Desk()
    try desk.press("5<ret>")
    let name = ExperimentRegistry.all[0].name
    #expect(desk.effects == [.experiment(name, seed: 1)])
    try desk.press("j<ret>")
    #expect(desk.effects == [.experiment(name, seed: 1)])
    #expect(desk.state.message?.text == "\(name) is under way. Press x to stop it.")
    try desk.press("kx")
    #expect(desk.effects == [.experiment(name, seed: 1), .stopExperiment])
    desk.handle(.experiment(.told("step 100")))
    #expect(desk.screen().text.contains("step 100"))
    desk.handle(.experiment(.failed(name: name, "The experiment was interrupted.")))
    #expect(desk.screen().text.contains("The experiment was interrupted."))
    try desk.press("x")
    #expect(desk.state.message?.text == "No experiment is under way.")
  }

  @Test func aPictureWiderThanItsPlaceHasSeveralNumbersInACharacter() throws {
    let wide = Experiment(name: Self.claim.name, claim: "", source: "") { laboratory in
      laboratory.picture("a ramp", [("up", (0..<100).map { Double($0 % 2 == 0 ? 9 : -9) })])
    }
    var desk = try Desk()
    try desk.press("5<ret>")
    desk.handle(.experiment(.finished(try wide.run(seed: 3))))
    let screen = desk.screen(80, 24, .plain).text
    #expect(screen.contains("a ramp, 2 in a character"))
    #expect(screen.contains("up " + String(repeating: ".", count: 50) + " "))
  }

  @Test func anotherSeedIsTakenForTheNextExperiment() throws {
    var desk = try Desk()
    try desk.press("5s<backspace>x<ret>")
    #expect(desk.screen(120, 36).text.contains("A seed is a whole number from 0 to"))
    try desk.press("<backspace>42<ret><ret>")
    #expect(desk.effects == [.experiment(ExperimentRegistry.all[0].name, seed: 42)])
    #expect(desk.screen(120, 36).text.contains("next with seed 42"))
  }

  @Test func whatWasFoundInEarlierVisitsIsThere() throws {
    var desk = try Desk()
    desk.handle(.experiment(.kept([try Self.claim.run(seed: 9)])))
    try desk.press("5")
    #expect(desk.screen(120, 36).text.contains("seed 9") && desk.state.message == nil)
  }

  @Test func aDiagramMarksWhereTheSignChangesAndNamesItsAxis() throws {
    let phases = Experiment(name: Self.claim.name, claim: "", source: "") { laboratory in
      laboratory.diagram(
        "phase", from: "0.5", to: "1.5",
        [("tanh", [-9, -5, -1, 1, 5, 9]), ("lstm", [1, 1, 1, 2, 3, 9])])
      laboratory.note("")
    }
    var desk = try Desk()
    desk.handle(.experiment(.kept([try phases.run()])))
    try desk.press("5")
    let text = desk.screen(120, 36, .init(colors: .mono, glyphs: .braille)).text
    #expect(text.contains("tanh iea│59") && text.contains("lstm 111239"))
    #expect(text.contains("     0.5 1.5") && text.contains("│ 0"))
  }

  @Test func whatWasFoundIsShownWithItsVerdict() throws {
    var desk = try Desk()
    try desk.press("5<ret>")
    desk.handle(.experiment(.finished(try Self.claim.run(seed: 3))))
    let screen = desk.screen(120, 36).text
    #expect(screen.contains("fails: loss of it 0.250 < 0.100"))
    #expect(screen.contains("loss of the other  control"))
    let plain = desk.screen(120, 36, .plain).text
    #expect(plain.contains("0.5 ai") && plain.contains("1.5 19") && plain.contains("ln of it"))
    #expect(screen.contains("note: Seen once.") && screen.contains("seed 3"))
    #expect(screen.contains("0 of 1 hold"))
    #expect(desk.state.lab.running == nil)
    for size in [(60, 16), (80, 24)] {
      _ = desk.screen(size.0, size.1)
      _ = desk.screen(size.0, size.1, .plain)
    }
  }
}
