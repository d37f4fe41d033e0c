import Canvas
import Foundation
import Layers
import Testing

@testable import Screens

/// The body of a screen of 80×24 and of 120×36.
private let sizes = [(width: 80, height: 21), (width: 120, height: 33)]

/// The poorest terminal and one with every glyph; colours have tests of their own.
private let terminals: [(name: String, capabilities: Capabilities)] = [
  ("ascii", .plain), ("braille", Capabilities(colors: .mono, glyphs: .braille)),
]

@Test(arguments: 0..<2, 0..<2)
func theTrainScreenLooksAsDrawn(size: Int, terminal: Int) throws {
  try check("train", size, terminal) { canvas in
    TrainScreen.view(TrainSample.state(), on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theInspectScreenLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state()
  _ = try state.press("LLLjjjs")
  try check("inspect", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func aGateThatIsHeldLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state()
  let shut = Clamp(layer: "lstm", signal: "f", unit: nil, value: 0, steps: 20...40)
  state.inspect.clamps = [shut]
  InspectScreen.received(try InspectSample.clamped([shut]), &state)
  _ = try state.press("LLLjjjWw")
  try check("clamped", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theNormsOfACellLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state(InspectSample.normalised())
  _ = try state.press("LLLN")
  try check("norms", size, terminal) { canvas in App.view(state, on: &canvas) }
}

@Test(arguments: 0..<2, 0..<2)
func theWayFromFramesToTheStateLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state(LayerSample.cascade())
  _ = try state.press("llP")
  try check("pipeline", size, terminal) { canvas in App.view(state, on: &canvas) }
}

@Test(arguments: 0..<2, 0..<2)
func theTimeScalesOfAnIndRNNLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state(InspectSample.independent())
  _ = try state.press("]jj<tab><tab>")
  try check("time-scales", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theLabOfGradientsLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = TrainSample.state()
  _ = try state.press("J")
  state.train.flow = FlowPaneTests.flow(gain: 0.75)
  try check("flow", size, terminal) { canvas in
    TrainScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func aForecastLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = try InspectSample.state(ForecastSample.weather())
  _ = try state.press("LL<S-tab>")
  try check("forecast", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theWeightsOfAnLSTMLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try WeightSample.state()
  _ = try state.press("jj<tab>wjjjll")
  try check("weights-lstm", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theKernelsOfAConvolutionLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try WeightSample.state(WeightSample.kernels())
  _ = try state.press("<tab>jjl")
  try check("weights-conv", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theSortedWeightsOfAnIndRNNLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try WeightSample.state(WeightSample.perUnit())
  _ = try state.press("j")
  try check("weights-indrnn", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theLayersOfACascadeLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try LayerSample.state(LayerSample.cascade())
  _ = try state.press("lljj<tab>wjjll")
  try check("layers-cascade", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theLayersOfATextModelLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try LayerSample.state(InspectSample.recording(step: 200))
  _ = try state.press("LLLjj<tab>jjj")
  try check("layers-text", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func aSilencedBranchLooksAsDrawn(size: Int, terminal: Int) throws {
  var state = try LayerSample.state(LayerSample.branches())
  state.session.document.model = LayerSample.model
  _ = try state.press("jja")
  InspectScreen.received(try LayerSample.branches(without: ["cnn"]), &state)
  _ = App.update(&state, .ablated(try LayerSample.ablation(["cnn"])))
  try check("layers-silenced", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theSymbolsOfAnEmbeddingLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try WeightSample.state()
  var reading = try WeightSample.gated()
  reading.compare(with: try WeightSample.gated(scale: 0.5))
  state.inspect.weights.take(reading)
  _ = try state.press("<S-tab>jj")
  try check("weights-embedding", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

@Test(arguments: 0..<2, 0..<2)
func theStatisticsOfEveryStepLookAsDrawn(size: Int, terminal: Int) throws {
  var state = try WeightSample.state(WeightSample.stepwise())
  _ = try state.press("<end>kkk<tab>wjll")
  try check("weights-steps", size, terminal) { canvas in
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
  }
}

/// Holds a picture to the file kept of it. Run with `UNROLL_UPDATE_SCREENS=1` to write the files
/// anew, and look at the difference before keeping it.
private func check(
  _ name: String, _ size: Int, _ terminal: Int, draw: (inout Canvas) -> Void
) throws {
  let (width, height) = sizes[size]
  var canvas = Canvas(
    width: width, height: height, capabilities: terminals[terminal].capabilities)
  draw(&canvas)
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(
      path: "../Fixtures/Screens/\(name)-\(width)x\(height)-\(terminals[terminal].name).txt")
  if ProcessInfo.processInfo.environment["UNROLL_UPDATE_SCREENS"] != nil {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try (canvas.text + "\n").write(to: file, atomically: true, encoding: .utf8)
  }
  #expect(try String(contentsOf: file, encoding: .utf8) == canvas.text + "\n")
}
