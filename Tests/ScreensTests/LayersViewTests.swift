import Canvas
import Engine
import Inspection
import Layers
import Testing

@testable import Screens

@Suite struct LayersViewTests {
  @Test func aKeyLeadsRoundTheViews() throws {
    var state = try InspectSample.state()
    #expect(try state.press("v") == [.readWeights])
    #expect(hints(state).contains("layers"))
    #expect(try state.press("v") == [.stopReadingWeights])
    #expect(state.inspect.aspect == .layers && hints(state).contains("signals"))
    #expect(hints(state).contains("channel"))
    #expect(App.helpMenu(state).items.contains { $0.detail == "the layer below" })
    #expect(screen(state).contains("lstm"))
    #expect(try state.press("v").isEmpty)
    #expect(state.inspect.aspect == .signals && hints(state).contains("weights"))
    #expect(try state.press("V").isEmpty)
    #expect(state.inspect.aspect == .layers)
    #expect(
      try state.refusal(of: "s") == "This key is for signals and weights: v leads there.")
    #expect(try state.press("n") == [.record(example: 1)])
    #expect(try state.press("f") == [.record(example: 0)])
  }

  @Test func withoutARecordingOneIsAskedFor() throws {
    var state = try WeightSample.state()
    #expect(try state.press("v") == [.stopReadingWeights, .record(example: 0)])
    #expect(screen(state).contains("No sequence was recorded yet."))
    #expect(try state.refusal(of: "j") == "No sequence was recorded yet. Press f.")
    InspectScreen.received(try LayerSample.cascade(), &state)
    #expect(screen(state).contains("every_frame"))
  }

  @Test func theListHasTheInputAndEveryLayerAsATree() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    let text = screen(state, 120, 33)
    for row in [
      "input", "every_frame", "├ conv", "├ relu", "├ pool", "└ flatten", "lstm", "linear",
      "T6 C1 H12 W12", "T6 C4 H12 W12", "T6 C4 H6 W6", "T6 F144", "T6 F5", "F2",
    ] { #expect(text.contains(row), "\(row)") }
    let recording = try #require(state.inspect.recording)
    for output in LayersState.outputs(of: recording) {
      #expect(state.inspect.layers.view?.output.path == output.path)
      _ = try state.press("]")
    }
    #expect(state.inspect.layers.index == recording.outputs.count)
    _ = try state.press("<pageup>[k")
    #expect(state.inspect.layers.index == 0)
  }

  @Test func timeIsSteppedThroughAndTheLayerFollows() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    _ = try state.press("jjlll")
    #expect(state.inspect.t == 3 && state.inspect.layers.step == 3)
    #expect(screen(state).contains("conv  t 3/5"))
    _ = try state.press("G")
    #expect(state.inspect.layers.step == 5)
    // What has no time stays where it is.
    _ = try state.press("<pagedown>")
    #expect(state.inspect.layers.view?.output.name == "linear" && state.inspect.layers.step == 0)
    _ = try state.press("gkk")
    #expect(state.inspect.t == 0 && state.inspect.layers.step == 0)
  }

  @Test func inTheMapOfImagesThePixelMovesAndWideMovesAreInTime() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    _ = try state.press("jj<tab>jjlllwL")
    let layers = state.inspect.layers
    #expect(state.inspect.t == 1 && layers.step == 1 && layers.index == 2)
    #expect(layers.feature == (1 * 12 + 2) * 12 + 3)
    let output = try #require(layers.view?.output)
    let value = NumberText.short(Double(output.value(1, layers.feature)))
    #expect(screen(state).contains("[1, 2, 3] \(value)"))
    #expect(screen(state).contains("sees 9 of 864, t 1"))
    _ = try state.press("WWkkkkhhhhhh")
    #expect(state.inspect.layers.feature == 3 * 144)
    #expect(screen(state).contains("sees 4 of 864, t 1"))
  }

  @Test func aRecurrentLayerSeesThePast() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    _ = try state.press("]]]]]]<tab>lljj")
    #expect(state.inspect.layers.view?.output.name == "lstm")
    #expect(state.inspect.layers.step == 2 && state.inspect.layers.feature == 2)
    #expect(screen(state).contains("432 of 864, t 0–2"))
    _ = try state.press("G")
    #expect(screen(state).contains("sees all of it"))
  }

  @Test func whatIsSeenIsSaidInTheRoomThereIs() throws {
    let state = try LayerSample.state(LayerSample.cascade())
    let recording = try #require(state.inspect.recording)
    let input = recording.inputs[0]
    let cells = try #require(recording.receptiveField(of: 0, at: 2, of: 1)["input"])
    #expect(FieldPane.words(for: cells, of: input, toFit: 40) == "sees 432 of 864, t 0–2")
    #expect(FieldPane.words(for: cells, of: input, toFit: 20) == "432/864, t 0–2")
    let all = CellSet(input.extent, all: true)
    #expect(FieldPane.words(for: all, of: input, toFit: 9) == "sees all of it")
  }

  @Test func theFieldIsDrawnInColoursOnAGreyImage() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    _ = try state.press("]]<tab>jjjlllL<tab><ret>")
    #expect(state.inspect.layers.focus == .input)
    var canvas = Canvas(width: 34, height: 14)
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    let view = try #require(state.inspect.layers.view)
    let (input, cells) = try #require(view.fields.first)
    let scale = HeatScale.fitting(input.numbers)
    for row in 0..<12 {
      for column in 0..<12 {
        let value = Double(input.value(1, row * 12 + column))
        let isSeen = (2...4).contains(row) && (2...4).contains(column)
        #expect(cells.contains(1, row * 12 + column) == isSeen)
        let wanted =
          isSeen ? scale.color(value, canvas.palette) : scale.grey(value, canvas.palette)
        #expect(canvas[1 + 2 * column, 1 + row].style.background == wanted)
      }
    }
  }

  @Test func everyInputThatIsSeenCanBeShown() throws {
    var state = try LayerSample.state(LayerSample.branches())
    _ = try state.press("<pagedown>")
    #expect(state.inspect.layers.view?.output.name == "linear")
    #expect(screen(state).contains("input  1 of 2"))
    _ = try state.press("o")
    #expect(screen(state).contains("input frame  2 of 2"))
    _ = try state.press("<pageup>]]]]")
    #expect(state.inspect.layers.view?.output.name == "conv")
    #expect(screen(state).contains("input frame ─"))
    #expect(screen(state).contains("sees 4 of 36"))
  }

  @Test func deadUnitsAndNumbersThatAreNoneAreCounted() throws {
    var state = try LayerSample.state(LayerSample.vector())
    let recording = try #require(state.inspect.recording)
    let relu = recording.outputs[1]
    #expect(!relu.deadUnits.isEmpty)
    #expect(screen(state).contains("\(relu.deadUnits.count) of 12"))
    state = try LayerSample.state(InspectSample.recording(scale: .nan))
    #expect(screen(state).contains("NaN/Inf"))
  }

  @Test func aVectorIsAStripAndTheLastOneNamesItsClasses() throws {
    var state = try LayerSample.state(LayerSample.vector())
    _ = try state.press("<tab>lljj")
    #expect(state.inspect.layers.feature == 4 && screen(state).contains("[4] "))
    _ = try state.press("]]]l")
    #expect(screen(state).contains("[1] 'odd' "))
  }

  @Test func anotherExampleKeepsThePlace() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    _ = try state.press("]]]<tab>jjw")
    let before = state.inspect.layers
    InspectScreen.received(try LayerSample.cascade(), &state)
    #expect(state.inspect.layers.index == 3 && state.inspect.layers.feature == before.feature)
    InspectScreen.received(try InspectSample.strokes(), &state)
    #expect(state.inspect.layers.index == 3)
    #expect(state.inspect.layers.feature < 3)
  }

  @Test func theFocusedPaneIsAlwaysSeen() throws {
    var state = try LayerSample.state(LayerSample.cascade())
    for (width, height) in [(60, 10), (60, 13), (80, 21), (120, 33)] {
      for _ in LayersState.Pane.allCases {
        let layout = LayersLayout(
          state.inspect.layers, count: 9, in: Rect(width: width, height: height))
        #expect(layout.panes.contains { $0.pane == state.inspect.layers.focus })
        _ = try state.press("<tab>")
      }
    }
  }

  @Test func aLayerIsSilencedAndSpeaksAgain() throws {
    var state = try LayerSample.state(LayerSample.branches())
    #expect(
      try state.refusal(of: "a") == "The data cannot be silenced, layers can. Choose one with j.")
    state.session.document.model = LayerSample.model
    #expect(
      try state.press("jja") == [
        .record(example: 0, without: ["cnn"]), .ablate(["cnn"], example: 0),
      ])
    #expect(hints(state).contains("silence") && screen(state).contains("being measured"))
    InspectScreen.received(try LayerSample.branches(without: ["cnn"]), &state)
    #expect(screen(state).contains("! SILENCED: cnn") && screen(state).contains("cnn silenced"))
    #expect(state.inspect.recording?.outputs[1].deadUnits.count == 72)
    _ = App.update(&state, .ablated(try LayerSample.ablation(["other"])))
    #expect(screen(state).contains("being measured"))
    _ = App.update(&state, .ablated(try LayerSample.ablation(["cnn"])))
    let text = screen(state, 120, 33)
    #expect(text.contains("without cnn") && text.contains("gradient cnn"))
    #expect(text.contains("all of validation") && !text.contains("being measured"))
    // Another example is looked at without it, too; in the other views that is said, too.
    #expect(
      try state.press("n") == [
        .record(example: 1, without: ["cnn"]), .ablate(["cnn"], example: 1),
      ])
    _ = try state.press("v")
    #expect(screen(state).contains("! SILENCED: cnn"))
    #expect(try state.refusal(of: "a") == "This key is for layers: v leads there.")
    _ = try state.press("V")
    for _ in LayersState.Pane.allCases { _ = try state.press("<tab>") }
    #expect(try state.press("a") == [.stopAblating, .record(example: 0)])
    #expect(state.inspect.silenced.isEmpty && !state.inspect.layers.panes.contains(.effect))
  }

  @Test func theSilenceOfALayerThatIsGoneIsForgotten() throws {
    var state = try LayerSample.state(LayerSample.branches())
    state.session.document.model = LayerSample.model
    _ = try state.press("jja")
    state.session.document.model.layers.removeFirst()
    #expect(try state.press("f") == [.record(example: 0)])
  }

  private func hints(_ state: AppState) -> [String] { KeyTable.hints(for: state).map(\.label) }

  private func screen(_ state: AppState, _ width: Int = 80, _ height: Int = 21) -> String {
    var canvas = Canvas(
      width: width, height: height, capabilities: Capabilities(colors: .mono, glyphs: .braille))
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }
}
