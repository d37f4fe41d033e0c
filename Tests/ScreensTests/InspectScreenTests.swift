import Canvas
import Data
import Inspection
import Testing

@testable import Screens

@Test func enteringWithoutARecordingAsksForTheFirstExample() throws {
  var state = TrainSample.state()
  #expect(InspectScreen.entered(&state) == [.record(example: 0)])
  state = try InspectSample.state()
  #expect(InspectScreen.entered(&state).isEmpty)
}

@Test func examplesAreAskedForOneByOne() throws {
  var state = try InspectSample.state()
  #expect(try state.press("n") == [.record(example: 1)])
  // Not there yet: the same one is asked for again.
  #expect(try state.press("n") == [.record(example: 1)])
  InspectScreen.received(try InspectSample.recording(), &state)
  #expect(try state.press("n") == [.record(example: 2)])
  #expect(try state.press("p") == [.record(example: 0)])
  #expect(try state.press("f") == [.record(example: 1)])
}

@Test func keysSayThatThereIsNoRecording() throws {
  var state = TrainSample.state()
  state.screen = .inspect
  #expect(try state.refusal(of: "l") == "No sequence was recorded yet. Press f.")
  state.session.obstacle = "The model needs at least one layer, got none. Add one."
  #expect(try state.refusal(of: "f") == state.session.obstacle)
}

@Test func theTimeCursorStaysInTheSequence() throws {
  var state = try InspectSample.state()
  _ = try state.press("lllL")
  #expect(state.inspect.t == 13)
  _ = try state.press("hH")
  #expect(state.inspect.t == 2)
  _ = try state.press("H")
  #expect(state.inspect.t == 0)
  _ = try state.press("<end>")
  #expect(state.inspect.t == 95)
  _ = try state.press("l<home>")
  #expect(state.inspect.t == 0)
}

@Test func theSignalsOfALayerGoRoundAndRound() throws {
  var state = try InspectSample.state()
  #expect(state.inspect.view?.signal.name == "h")
  _ = try state.press("w")
  #expect(state.inspect.view?.signal.name == "i")
  _ = try state.press("WW")
  #expect(state.inspect.view?.signal.name == "c")
  #expect(state.inspect.view?.scale.kind == .signed)
  _ = try state.press("wwww")
  #expect(state.inspect.view?.signal.name == "g")
  _ = try state.press("W")
  #expect(state.inspect.view?.scale == .gate)
}

@Test func anotherLayerKeepsTheSignalWhereItHasIt() throws {
  var state = try InspectSample.state()
  for _ in 0..<20 { _ = try state.press("j") }
  #expect(state.inspect.unit == 20)
  _ = try state.press("]")
  #expect(state.inspect.view?.layer == "gru")
  #expect(state.inspect.view?.signal.name == "h")
  #expect(state.inspect.unit == 4)
  _ = try state.press("[w[")
  #expect(state.inspect.view?.layer == "gru")
}

@Test func unitsAreSortedByNumberVarianceCorrelationAndMemory() throws {
  var state = try InspectSample.state()
  _ = try state.press("jjj")
  let matrix = try #require(state.inspect.view?.matrix)
  #expect(state.inspect.view?.order == Array(0..<24))
  _ = try state.press("s")
  #expect(state.inspect.view?.order == matrix.units(in: .variance))
  #expect(state.inspect.unit == 3)
  _ = try state.press("s")
  #expect(state.inspect.view?.order == matrix.units(in: .correlation(with: 3)))
  // The order stays while the cursor walks through it.
  _ = try state.press("j")
  #expect(state.inspect.view?.order == matrix.units(in: .correlation(with: 3)))
  #expect(state.inspect.unit == matrix.units(in: .correlation(with: 3))[1])
  _ = try state.press("s")
  #expect(state.inspect.view?.order == state.inspect.recording?.timeScales.first?.order)
  _ = try state.press("s<pagedown><pagedown><pagedown>")
  #expect(state.inspect.unit == 23)
}

@Test func aNewRecordingKeepsThePlace() throws {
  var state = try InspectSample.state()
  _ = try state.press("LLjjww")
  InspectScreen.received(try InspectSample.recording(scale: 3, step: 240), &state)
  #expect(state.inspect.t == 20)
  #expect(state.inspect.unit == 2)
  #expect(state.inspect.view?.signal.name == "f")
  InspectScreen.received(try InspectSample.strokes(), &state)
  #expect(state.inspect.t == 7)
  #expect(state.inspect.view?.layer == "gru")
}

@Test func theTitleSaysHowOldTheWeightsAre() throws {
  #expect(try screen(InspectSample.state()).contains("weights of step 200, run at 240"))
  let fresh = try InspectSample.recording(step: 240)
  let text = screen(try InspectSample.state(fresh))
  #expect(text.contains("weights of step 240") && !text.contains("run at"))
  #expect(
    try screen(InspectSample.state(InspectSample.withoutSignals()))
      .contains("weights of an unknown step"))
}

@Test func aSequenceWithOneTargetShowsItAtEveryStep() throws {
  var state = try InspectSample.state(InspectSample.strokes())
  _ = try state.press("ll")
  let text = screen(state)
  #expect(text.contains("in '(20,98)'  target '1'"))
  #expect(!text.contains("right"))
  _ = try state.press("<S-tab>")
  #expect(screen(state).contains("expected of the sequence"))
}

@Test func theTraceShowsTheStepsAroundTheCursorOrAllOfThem() throws {
  var state = try InspectSample.state()
  _ = try state.press("<end>")
  let near = screen(state)
  _ = try state.press("z")
  let all = screen(state)
  // 96 steps in 78 columns: the first ones are out of sight.
  #expect(near.split(separator: "\n").suffix(6) != all.split(separator: "\n").suffix(6))
}

@Test func textIsColouredByTheChosenUnit() throws {
  var state = try InspectSample.state()
  _ = try state.press("w")
  var canvas = Canvas(width: 80, height: 21)
  InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  let view = try #require(state.inspect.view)
  let gutter = "h[0] ".count + 2
  for t in 1..<60 {
    let value = Double(view.matrix.value(t, 0))
    #expect(canvas[gutter + t, 1].style.background == HeatScale.gate.color(value, canvas.palette))
  }
  #expect(canvas[gutter, 1].style.reverse)
}

@Test func aModelWithoutRecurrentLayersCanStillBeSteppedThrough() throws {
  var state = try InspectSample.state(InspectSample.withoutSignals())
  _ = try state.press("lljwW[]sz<tab><ret>")
  #expect(state.inspect.t == 2)
  #expect(state.inspect.view == nil)
  state = try InspectSample.state(InspectSample.withoutSignals())
  #expect(screen(state).contains("This model has no recurrent layer to look into."))
}

@Test func weightsThatAreNotFiniteAreShownAsSuch() throws {
  let text = screen(try InspectSample.state(InspectSample.recording(scale: .nan)))
  #expect(text.contains("x scores are not finite"))
  #expect(text.contains("XXXXXXXX"))
}

@Test func theFocusedPaneIsAlwaysSeen() throws {
  var state = try InspectSample.state()
  for (width, height) in [(60, 13), (80, 21), (120, 33)] {
    for _ in InspectScreen.Pane.allCases {
      let layout = InspectLayout(state.inspect, in: Rect(width: width, height: height))
      #expect(layout.panes.contains { $0.pane == state.inspect.focus })
      _ = try state.press("<tab>")
    }
  }
}

private func screen(_ state: AppState) -> String {
  var canvas = Canvas(width: 80, height: 21, capabilities: .plain)
  InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  return canvas.text
}

@Test func aTextOfTheUsersIsLookedAtAndLeft() throws {
  var desk = try Desk()
  try desk.press(":try bad <ret>")
  #expect(desk.effects.last == .record(example: .text("bad")) && desk.state.screen == .inspect)
  desk.handle(.recorded(try InspectSample.recording()))
  try desk.press("f")
  #expect(desk.effects.last == .record(example: .text("bad")))
  try desk.press("n")
  #expect(desk.effects.last == .record(example: 0))
  try desk.press(":try<ret>")
  #expect(
    (desk.state.popups.last as? CommandLine)?.problem
      == "Write the text behind 'try', such as 'try Schmidt', got none.")
}

@Test func tagsStandBelowEachOtherAndWhatIsWrongIsSpelledOut() throws {
  let recording = try InspectSample.tags()
  let state = try InspectSample.state(recording)
  for (width, height, top) in [(80, 21, 3), (120, 33, 3)] {
    var canvas = Canvas(
      width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    let rows = canvas.text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    let (wanted, said) = (String(rows[top]), String(rows[top + 1]))
    #expect(wanted.contains(" wanted ") && said.contains(" said "))
    let start = try #require(wanted.firstRange(of: "dry")).lowerBound.utf16Offset(in: wanted)
    for t in 0..<8 {
      func cell(_ row: [Character]) -> String {
        String(row[(start + t * 7)..<(start + t * 7 + 6)]).replacing(" ", with: "")
      }
      let outcome = try #require(recording.outcome(at: t))
      let label = recording.target.labels[try #require(outcome.predicted)]
      #expect(cell(rows[top]) == ["dry", "rain", "snow"][t / 3 % 3])
      #expect(cell(rows[top + 1]) == (outcome.isRight == true ? "·" : label))
    }
  }
}

@Test func bothWaysOfReadingAreSeenTogether() throws {
  var state = try InspectSample.state(InspectSample.bothWays())
  #expect(state.inspect.view?.name == "h→" && state.inspect.twin?.name == "h←")
  var canvas = Canvas(
    width: 120, height: 33, capabilities: .init(colors: .mono, glyphs: .braille))
  InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  #expect(canvas.text.contains("lstm.h→ h← hidden state"))
  #expect(canvas.text.contains("h→[0]") && canvas.text.contains("h←[0]"))
  // From the other one they are the same two.
  while state.inspect.view?.name != "h←" { _ = try state.press("w") }
  #expect(state.inspect.twin?.name == "h→")
  canvas = Canvas(width: 120, height: 33, capabilities: .init(colors: .mono, glyphs: .braille))
  InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  #expect(canvas.text.contains("lstm.h→ h← hidden state"))
  #expect(try InspectSample.state().inspect.twin == nil)
}

@Test func rareTagsAreMarkedInTheTraceWithTheMemoryAtThem() throws {
  let recording = try InspectSample.spikes()
  #expect(recording.events.map(\.step) == [9, 19, 29] && recording.events[0].tag == "spike")
  var canvas = Canvas(
    width: 120, height: 33, capabilities: .init(colors: .mono, glyphs: .braille))
  InspectScreen.view(try InspectSample.state(recording), on: &canvas, in: canvas.bounds)
  let c = try #require(recording.matrix("peephole_lstm", "c"))
  let values = [9, 19, 29].map { NumberText.short(Double(c.value($0, 0))) }
  #expect(canvas.text.contains("c at spike " + values.joined(separator: " ")))
  let axis = canvas.text.split(separator: "\n").last { $0.contains("▲") }
  #expect(axis?.count { $0 == "▲" } == 3)
  #expect(try InspectSample.tags().events.isEmpty)
}
