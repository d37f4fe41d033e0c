import Canvas
import Testing
import Training
import Workbench

@testable import Screens

@Test(arguments: [
  (RunStatus.Phase.idle, Command.train), (.starting, .pause), (.running, .pause),
  (.paused, .resume), (.finished(wasStopped: true), .train), (.failed("no memory"), .train),
])
func spaceDoesWhatThePhaseAsksFor(phase: RunStatus.Phase, command: Command) throws {
  var state = TrainSample.state(phase)
  #expect(try state.press("<space>") == [.command(command)])
}

@Test func aRunCanBeSteppedStoppedAndSaved() throws {
  var state = TrainSample.state(.paused)
  #expect(try state.press("s") == [.command(.step(1))])
  #expect(try state.press("S") == [.command(.step(60))])  // 240 of 150 an epoch
  #expect(try state.press("x") == [.command(.stop)])
  #expect(try state.press("c") == [.command(.checkpoint)])
}

@Test func keysThatNeedARunSayHowToStartOne() throws {
  var state = AppState(TrainSample.session())
  state.screen = .train
  let sentence = "Nothing is being trained. Press space to start."
  #expect(try state.refusal(of: "x") == sentence)
  #expect(try state.refusal(of: "c") == sentence)
  #expect(try state.refusal(of: "z") == "There is no curve yet. Press space to start.")
  #expect(
    try state.refusal(of: "S")
      == "The length of an epoch is known once training has started. Press space.")
  state.session.obstacle = "The model needs at least one layer, got none. Add one."
  #expect(try state.refusal(of: "<space>") == state.session.obstacle)
  #expect(try state.refusal(of: "s") == state.session.obstacle)
}

@Test func theLearningRateGoesUpAndDownByAFactorOf1_25() throws {
  var state = TrainSample.state(.running)
  #expect(
    try state.press("-") == [.command(.set(.init("training.learning_rate", "0.0016")))])
  #expect(try state.press("+") == [.command(.set(.init("training.learning_rate", "0.0025")))])
  state.session.document.training.learningRate = 0.0016
  #expect(try state.press("-") == [.command(.set(.init("training.learning_rate", "0.00128")))])
  state.session.document.training.learningRate = 0.00128
  #expect(try state.press("-") == [.command(.set(.init("training.learning_rate", "0.00102")))])
  state.session.document.training.learningRate = 1_000
  #expect(try state.press("+") == [.command(.set(.init("training.learning_rate", "1000")))])
  state.session.document.training.learningRate = 1e-9
  #expect(try state.press("-") == [.command(.set(.init("training.learning_rate", "1e-09")))])
}

@Test func knobsAreTypedWithTheirNameBegun() throws {
  var state = TrainSample.state(.running)
  var effects: [Effect] = []
  for key in try Key.parse("esteps 800<ret>") { effects += App.update(&state, .key(key)) }
  #expect(effects == [.command(.set(.init("training.steps", "800")))])
}

@Test func theInspectorOpensWithTheWeightsAsTheyAre() throws {
  var state = TrainSample.state(.running)
  #expect(try state.press("i") == [.record(example: 0)])
  #expect(state.screen == .inspect)
}

@Test func smoothingGoesThroughFixedWeightsAndStopsAtTheEnds() throws {
  var state = TrainSample.state()
  _ = try state.press(">")
  #expect(state.run.smoothing == 0.95)
  _ = try state.press("><gt>>>>>>")
  #expect(state.run.smoothing == 0.995)
  _ = try state.press("<lt><lt><lt><lt><lt><lt><lt><lt><lt>")
  #expect(state.run.smoothing == 0)
}

@Test func thePlotChangesByKey() throws {
  var state = TrainSample.state()
  _ = try state.press("vL")
  #expect(state.train.detail == .raw)
  #expect(state.train.isLogY)
  _ = try state.press("vvLm")
  #expect(state.train.detail == .envelope)
  #expect(!state.train.isLogY)
  #expect(state.train.quantity == .metric)
  _ = try state.press("m")
  #expect(state.train.quantity == .gradientNorm)
}

@Test func theCursorStartsAtTheLastStepAndStaysOnTheCurve() throws {
  var state = TrainSample.state(step: 240)
  _ = try state.press("h")
  #expect(state.train.cursor == 240)
  _ = try state.press("hh")
  #expect(state.train.cursor == 232)
  _ = try state.press("llllll")
  #expect(state.train.cursor == 240)
  for _ in 0..<100 { _ = try state.press("<left>") }
  #expect(state.train.cursor == 1)
}

@Test func zoomStaysInsideTheCurveAndFollowsTheCursor() throws {
  var state = TrainSample.state(step: 241)
  _ = try state.press("z")
  #expect(state.train.range == 121...241)
  _ = try state.press("z")
  #expect(state.train.range == 181...241)
  _ = try state.press("h")
  for _ in 0..<100 { _ = try state.press("h") }
  let range = try #require(state.train.range)
  #expect(range.upperBound - range.lowerBound == 60)
  #expect(state.train.cursor.map(range.contains) == true)
  _ = try state.press("ZZZ")
  #expect(state.train.range == nil)
  _ = try state.press("zzzzzzzzzzzz")
  let closest = try #require(state.train.range)
  #expect(closest.upperBound - closest.lowerBound >= 4)
  _ = try state.press("0")
  #expect(state.train.range == nil)
  #expect(state.train.cursor == nil)
}

@Test func tabGoesThroughEveryPaneAndTheFocusedOneIsAlwaysSeen() throws {
  var state = TrainSample.state()
  for (width, height) in [(60, 13), (80, 21), (120, 33), (180, 47)] {
    let rect = Rect(width: width, height: height)
    var seen: Set<TrainScreen.Pane> = []
    for _ in TrainScreen.Pane.allCases {
      let places = TrainLayout.places(for: state.train, in: rect)
      #expect(places.contains { $0.pane == state.train.focus })
      seen.insert(state.train.focus)
      _ = try state.press("<tab>")
    }
    #expect(seen.count == TrainScreen.Pane.allCases.count)
  }
  _ = try state.press("<S-tab><ret>")
  #expect(state.train.focus == .journal)
  #expect(
    TrainLayout.places(for: state.train, in: Rect(width: 80, height: 21)).map(\.pane)
      == [.journal])
}

@Test func scrollingStopsAtBothEnds() throws {
  var state = TrainSample.state()
  _ = try state.press("<S-tab>kkkkkkkkkk")
  #expect(state.train.scroll == 3)
  _ = try state.press("jjjjjjjj")
  #expect(state.train.scroll == 0)
}

@Test func theLayerOfGradientAndGatesGoesRoundAndRound() throws {
  var state = TrainSample.state()
  var report = TrainSample.report(240)
  report.detail?.gradientOverTime.append(GradientOverTime(layer: "gru", norms: [1, 1]))
  state.run.follow(.stepped(report))
  #expect(state.run.detail?.recurrentLayers == ["lstm", "gru"])
  _ = try state.press("w")
  #expect(state.run.detail?.recurrentLayer(state.train.layer) == "gru")
  _ = try state.press("w")
  #expect(state.run.detail?.recurrentLayer(state.train.layer) == "lstm")
}

@Test func theCardsOfAnIdleScreenSayWhatToDo() {
  var canvas = Canvas(width: 80, height: 21, capabilities: .plain)
  TrainScreen.view(AppState(TrainSample.session()), on: &canvas, in: canvas.bounds)
  #expect(canvas.text.contains("o nothing trained yet"))
  #expect(canvas.text.contains("no step yet: space starts"))
  #expect(canvas.text.contains("no recurrent layer measured yet"))
}
