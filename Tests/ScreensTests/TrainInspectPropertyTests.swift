import Canvas
import Data
import Testing
import Training

@testable import Screens

private let terminals = [
  Capabilities.full, .plain, Capabilities(colors: .ansi16, glyphs: .blocks, light: true),
]

@Test(arguments: 1...6) func nothingIsEverDrawnOutsideOfTheTrainScreen(seed: UInt64) throws {
  var random = TestGenerator(seed: seed)
  var state = TrainSample.state(step: seed == 1 ? 1 : 240)
  for round in 0..<25 {
    if round % 3 == 0 { state.run.follow(hostileEvent(&random)) }
    pressAnyKey(&state, &random)
    state.screen = .train
    try checkInside(&random) { canvas, rect in TrainScreen.view(state, on: &canvas, in: rect) }
  }
}

@Test(arguments: 1...6) func nothingIsEverDrawnOutsideOfTheInspectScreen(seed: UInt64) throws {
  var random = TestGenerator(seed: seed)
  var state = try InspectSample.state()
  let recordings = [
    try InspectSample.recording(), try InspectSample.recording(scale: .nan),
    try InspectSample.recording(scale: 1e30), try InspectSample.strokes(),
    try InspectSample.strokes(length: 1), try InspectSample.withoutSignals(),
    try InspectSample.independent(), try InspectSample.bothWays(), try InspectSample.asInTraining(),
  ]
  for round in 0..<25 {
    if round % 5 == 4, let next = recordings.randomElement(using: &random) {
      InspectScreen.received(next, &state)
    }
    pressAnyKey(&state, &random)
    state.screen = .inspect
    try checkInside(&random) { canvas, rect in InspectScreen.view(state, on: &canvas, in: rect) }
  }
}

@Test(arguments: 1...6) func nothingIsEverDrawnOutsideOfTheWeights(seed: UInt64) throws {
  var random = TestGenerator(seed: seed)
  var state = try WeightSample.state()
  let readings = [
    try WeightSample.gated(), try WeightSample.gated(scale: .nan),
    try WeightSample.gated(scale: 1e30), try WeightSample.kernels(), try WeightSample.perUnit(),
    try WeightSample.nothing(),
  ]
  for round in 0..<40 {
    if round % 5 == 4, let next = readings.randomElement(using: &random) {
      state.inspect.weights.take(next)
    }
    pressAnyKey(&state, &random)
    state.inspect.look(at: .weights)
    try checkInside(&random) { canvas, rect in InspectScreen.view(state, on: &canvas, in: rect) }
  }
}

@Test(arguments: 1...6) func nothingIsEverDrawnOutsideOfTheLayers(seed: UInt64) throws {
  var random = TestGenerator(seed: seed)
  var state = try LayerSample.state(LayerSample.cascade())
  let recordings = [
    try LayerSample.cascade(), try LayerSample.branches(), try LayerSample.vector(),
    try InspectSample.recording(), try InspectSample.recording(scale: .nan),
    try InspectSample.recording(scale: 1e30), try InspectSample.strokes(length: 1),
  ]
  for round in 0..<40 {
    if round % 5 == 4, let next = recordings.randomElement(using: &random) {
      InspectScreen.received(next, &state)
    }
    pressAnyKey(&state, &random)
    state.inspect.look(at: .layers)
    try checkInside(&random) { canvas, rect in InspectScreen.view(state, on: &canvas, in: rect) }
  }
}

/// Draws into a rectangle of any size, and looks whether the cells around it are as they were.
private func checkInside(
  _ random: inout TestGenerator, draw: (inout Canvas, Rect) -> Void
) throws {
  let width = Int.random(in: 0...170, using: &random)
  let height = Int.random(in: 0...50, using: &random)
  let terminal = try #require(terminals.randomElement(using: &random))
  var canvas = Canvas(width: width + 4, height: height + 4, capabilities: terminal)
  for y in 0..<canvas.height {
    canvas.write(String(repeating: "@", count: canvas.width), x: 0, y: y)
  }
  let rect = Rect(x: 2, y: 2, width: width, height: height)
  draw(&canvas, rect)
  var changed = 0
  for y in 0..<canvas.height {
    for x in 0..<canvas.width where !rect.contains(x: x, y: y) && canvas[x, y].glyph.text != "@" {
      changed += 1
    }
  }
  #expect(changed == 0, "\(width)x\(height)")
}

/// A key of the screen, if it is not disabled.
private func pressAnyKey(_ state: inout AppState, _ random: inout TestGenerator) {
  let all = TrainScreen.bindings + InspectScreen.bindings
  let own = all.filter { $0.scope == .screen(state.screen) }
  guard let binding = own.randomElement(using: &random), binding.disabled(state) == nil else {
    return
  }
  _ = binding.action(&state)
}

/// An event with numbers that no sane run sends.
private func hostileEvent(_ random: inout TestGenerator) -> RunEvent {
  let numbers = [0, -1, 1e-300, 1e300, -1e300, .nan, .infinity, -.infinity, 0.5]
  func number() -> Double { numbers.randomElement(using: &random) ?? 0 }
  switch Int.random(in: 0..<8, using: &random) {
  case 0: return .started(step: 0, totalSteps: 0, stepsPerEpoch: 0)
  case 1: return .started(step: 7, totalSteps: 5, stepsPerEpoch: 1)
  case 2:
    return .validated(
      ValidationReport(
        step: 3, split: .validation, loss: number(), metric: number(), isBest: true))
  case 3: return .changed(.learningRate(number()), step: 2)
  case 4: return .warning(String(repeating: "\u{1B}[31m wide 漢字 ", count: 9), step: -4)
  case 5: return .saved(step: 3, file: "", isBest: true)
  default:
    var report = TrainSample.report(Int.random(in: 1...900, using: &random))
    report.loss = number()
    report.metric = number()
    report.gradientNorm = number()
    report.seconds = number()
    report.tokensPerSecond = number()
    report.detail = hostileDetail(number)
    return .stepped(report)
  }
}

private func hostileDetail(_ number: () -> Double) -> StepDetail {
  StepDetail(
    parameters: (0..<5).map {
      ParameterReport(
        layer: "layer \($0 % 2)", name: "weight \($0)", gradientNorm: number(),
        weightNorm: number(), updateRatio: number())
    },
    gradientOverTime: [
      GradientOverTime(layer: "a", norms: (0..<9).map { _ in number() }),
      GradientOverTime(layer: "b", norms: []),
    ],
    signals: ["a", "a", "c"].map {
      SignalReport(
        layer: $0, signal: "漢字 gate", meaning: "", range: 0...0,
        histogram: (0..<20).map { _ in number() }, low: number(), high: number(), mean: number(),
        largest: number(), deadUnits: Array(0..<40))
    })
}
