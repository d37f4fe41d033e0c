import Canvas
import Inspection
import Layers
import Testing
import Workbench

@testable import Screens

@Suite struct ClampScreenTests {
  private let shut = Clamp(layer: "lstm", signal: "f", unit: nil, value: 0, steps: 20...40)

  /// Types `keys` into the form that the key opens, and presses Enter.
  private func type(_ keys: String, _ state: inout AppState) throws -> [Effect] {
    _ = try state.press(".")
    for _ in 0..<40 { _ = App.update(&state, .key(.backspace)) }
    var effects: [Effect] = []
    for key in try Key.parse(keys + "<ret>") { effects += App.update(&state, .key(key)) }
    return effects
  }

  @Test func theKeyOffersTheUnitInViewAtItsValueAndHoldsIt() throws {
    var state = try InspectSample.state()
    _ = try state.press("LLLjjj")
    let value = NumberText.short(try #require(state.inspect.view?.value(30, 3)))
    #expect(try state.press(".").isEmpty)
    #expect(workbench(state).contains("hold SIGNAL UNIT VALUE [FROM TO]: h 3 \(value)"))
    let effects = App.update(&state, .key(.enter))
    let clamp = try #require(state.inspect.clamps.first)
    #expect(clamp == Clamp(layer: "lstm", signal: "h", unit: 3, value: try #require(Float(value))))
    #expect(effects == [.clamp([clamp], example: 0)])
    #expect(state.popups.isEmpty)
  }

  @Test func whatChangesIsSaidMarkedAndDrawn() throws {
    var state = try InspectSample.state()
    #expect(try type("f all 0 20 40", &state) == [.clamp([shut], example: 0)])
    let found = try InspectSample.clamped([shut])
    _ = App.update(&state, .clamped(found))
    #expect(state.message?.text.hasPrefix("lstm.f = 0 at 20-40: loss") == true)
    let changed = found.changedSteps.count
    #expect(changed > 3 && found.changedSteps.allSatisfy { $0 >= 20 })
    for (width, height) in [(80, 24), (120, 36)] {
      let text = workbench(state, width: width, height: height)
      #expect(text.contains("! lstm.f = 0 at 20-40"))
      #expect(text.contains("\(changed) of 96 changed"))
      let row = try #require(text.split(separator: "\n").first { $0.contains(" changed  ") })
      #expect(row.contains("*"))
      #expect(text.contains("unclamped h[0]"))
    }
    // The map shows the signals, then what changes of them.
    #expect(state.inspect.view?.matrix == found.clamped.matrix("lstm", "h"))
    _ = try state.press("D")
    #expect(state.inspect.view?.matrix == found.difference("lstm", "h"))
    #expect(workbench(state).contains("lstm.h change of hidden state"))
    _ = try state.press("W")
    #expect(state.inspect.view?.matrix == found.difference("lstm", "c"))
    // The next example is held, too; a recording without clamps shows none.
    #expect(try state.press("n") == [.clamp([shut], example: 1)])
    #expect(try state.press(".") == [.record(example: 0)])
    _ = App.update(&state, .recorded(try InspectSample.recording()))
    #expect(state.inspect.comparison == nil && !state.inspect.showsChange)
    state.message = nil
    #expect(!workbench(state).contains("changed"))
  }

  @Test func whatArrivesTooLateIsNotShown() throws {
    var state = try InspectSample.state()
    _ = try type("f all 0 20 40", &state)
    _ = try state.press(".")
    _ = App.update(&state, .clamped(try InspectSample.clamped([shut])))
    #expect(state.inspect.comparison == nil)
  }

  @Test func aSecondClampStandsBesideTheFirstAndANewValueInItsPlace() throws {
    var desk = try Desk()
    desk.state.inspect.take(try InspectSample.recording())
    for line in ["f 3 0", "o all 1", "f 3 .5"] { try desk.press(":clamp \(line)<ret>") }
    #expect(desk.state.screen == .inspect)
    #expect(
      desk.state.inspect.clamps == [
        Clamp(layer: "lstm", signal: "o", unit: nil, value: 1),
        Clamp(layer: "lstm", signal: "f", unit: 3, value: 0.5),
      ])
    try desk.press(":clamp none<ret>")
    #expect(desk.state.inspect.clamps.isEmpty && desk.effects.last == .record(example: 0))
  }

  @Test(arguments: [
    ("f 3", "A clamp is SIGNAL UNIT VALUE [FROM TO], such as"),
    ("f x 0", "A clamp needs the number of a unit, or all, got 'x'."),
    ("f 3 much", "A clamp needs a number to hold the signal at, got 'much'."),
    (
      "f 3 0 9 2",
      "A clamp goes from one step to the same or a later one, counted from 0, got '9 2'."
    ),
    ("f 3 0 9 96", "The sequence has steps 0 to 95, got 9 to 96."),
    ("f 24 0", "lstm.f has units 0 to 23, got 24."),
    ("f 3 7", "lstm.f is between 0 and 1, and a clamp cannot hold it at 7.0."),
    ("r 3 0", "A clamp needs a signal of lstm, got 'r'. Take one of i, f, g, o, c, h."),
    ("rnn.h 3 0", "A clamp needs a recurrent layer, got 'rnn'. Take lstm or gru, as in lstm.h."),
  ])
  func whatCannotBeHeldIsSaidWhereItIsTyped(line: String, words: String) throws {
    var desk = try Desk()
    desk.state.inspect.take(try InspectSample.recording())
    try desk.press(":clamp \(line)<ret>")
    let text = desk.screen(120, 36).text.split(separator: "\n").joined(separator: " ")
    #expect(text.contains(words), "\(text.suffix(400))")
    #expect(desk.effects.isEmpty && desk.state.inspect.clamps.isEmpty)
  }

  @Test func withoutASequenceOrARecurrentLayerThereIsNothingToHold() throws {
    var desk = try Desk()
    try desk.press(":clamp f 3 0<ret>")
    #expect(desk.screen(120, 36).text.contains("A clamp holds a signal of a sequence: press 3"))
    var state = try InspectSample.state(InspectSample.withoutSignals())
    #expect(try state.refusal(of: ".")?.contains("this model has none") == true)
    state = try InspectSample.state()
    #expect(try state.refusal(of: "D")?.contains("Press . to hold a signal") == true)
    _ = try state.press("v")
    #expect(try state.refusal(of: ".") == "This key is for signals: v leads there.")
  }

  @Test func aLayerThatIsGoneIsHeldNoLonger() throws {
    var state = try InspectSample.state()
    _ = try type("f 3 0", &state)
    state.session.document.model = ModelSpec([GRU.Spec(hiddenSize: 5)])
    #expect(try state.press("n") == [.record(example: 1)])
  }

  @Test func arrowsSayWhichCellIsMeant() throws {
    let back = try ClampWords(parsing: "lstm.h← 1 0.5")
    #expect(back.clamp(of: "x") == Clamp(layer: "lstm", signal: "h_reverse", unit: 1, value: 0.5))
    #expect(try ClampWords(parsing: "f→ all 1").clamp(of: "x").signal == "f")
    #expect(ClampText.words(back.clamp(of: "x")) == "lstm.h←[1] = .500")
  }
}
