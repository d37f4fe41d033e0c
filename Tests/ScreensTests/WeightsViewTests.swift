import Canvas
import Engine
import Inspection
import Layers
import Testing

@testable import Screens

@Suite struct WeightsViewTests {
  @Test func aKeyLeadsToTheWeightsAndBack() throws {
    var state = try InspectSample.state()
    #expect(hints(state).contains("weights"))
    #expect(try state.press("v") == [.readWeights])
    #expect(state.inspect.aspect == .weights && hints(state).contains("layers"))
    #expect(App.helpMenu(state).items.contains { $0.detail == "back to what units do over time" })
    #expect(try state.refusal(of: "l") == "No weights were read yet. Press f.")
    #expect(screen(state).contains("f reads them as they are now."))
    #expect(try state.press("f") == [.readWeights])
    #expect(App.update(&state, .weights(try WeightSample.gated())).isEmpty)
    #expect(screen(state).contains("lstm.weight_hh_l0"))
    #expect(try state.press("V") == [.stopReadingWeights])
    #expect(state.inspect.aspect == .signals)
    #expect(screen(state).contains("lstm.h hidden state"))
    // They are read anew each time.
    #expect(try state.press("v") == [.readWeights])
  }

  @Test func leavingTheWeightsRecordsTheFirstExample() throws {
    var state = try WeightSample.state()
    #expect(try state.press("v") == [.stopReadingWeights, .record(example: 0)])
    state.inspect.look(at: .weights)
    #expect(InspectScreen.entered(&state).isEmpty)
    state.inspect.weights = WeightsState()
    #expect(InspectScreen.entered(&state) == [.readWeights])
    state.session.obstacle = "The model needs at least one layer, got none. Add one."
    #expect(try state.press("V") == [.stopReadingWeights])
    #expect(try state.refusal(of: "v") == state.session.obstacle)
  }

  @Test func keysForOtherViewsSaySo() throws {
    var state = try WeightSample.state()
    for key in ["n", "p", "o"] {
      #expect(
        try state.refusal(of: key) == "This key is for signals and layers: v leads there.")
    }
  }

  @Test func theListLeadsThroughAllWeights() throws {
    var state = try WeightSample.state()
    let names = state.inspect.weights.reading?.weights.map(\.fullName) ?? []
    #expect(names.count == 11)
    for name in names {
      #expect(state.inspect.weights.weight?.fullName == name)
      _ = try state.press("j")
    }
    #expect(state.inspect.weights.index == 10)
    _ = try state.press("g")
    #expect(state.inspect.weights.index == 0)
    _ = try state.press("G[")
    #expect(state.inspect.weights.index == 9)
    _ = try state.press("<pageup>]")
    #expect(state.inspect.weights.index == 1)
  }

  @Test func gatesGoRoundAndRound() throws {
    var state = try WeightSample.state()
    _ = try state.press("jj")
    #expect(state.inspect.weights.page?.name == "gate i")
    #expect(screen(state).contains("[i] f  g  o"))
    _ = try state.press("W")
    #expect(state.inspect.weights.page?.name == "gate o")
    _ = try state.press("ww")
    #expect(state.inspect.weights.page?.name == "gate f")
    #expect(screen(state).contains("singular values  f"))
  }

  @Test func inTheMapRowsAreWalkedAndChannelsOfKernels() throws {
    var state = try WeightSample.state()
    _ = try state.press("jj<tab>jjjll")
    let weights = state.inspect.weights
    #expect(weights.index == 2 && weights.row == 3 && weights.column == 2)
    let value = weights.weight?.numbers[3 * 24 + 2] ?? 0
    #expect(screen(state).contains("[3, 2] \(NumberText.short(Double(value)))"))
    _ = try state.press("<pagedown><pagedown><pagedown>LLLL")
    #expect(state.inspect.weights.row == 23 && state.inspect.weights.column == 23)

    state = try WeightSample.state(WeightSample.kernels())
    _ = try state.press("]]<tab>jjl")
    #expect(state.inspect.weights.page?.name == "output channel 2")
    #expect(screen(state).contains("kernel 1"))
    _ = try state.press("jjjjL")
    #expect(state.inspect.weights.page?.name == "output channel 3")
    #expect(state.inspect.weights.column == 7)
  }

  @Test func aNewReadingKeepsThePlace() throws {
    var state = try WeightSample.state()
    _ = try state.press("jj<tab>wjj")
    state.inspect.weights.take(try WeightSample.gated(scale: 2, step: 240))
    #expect(state.inspect.weights.weight?.name == "weight_hh_l0")
    #expect(state.inspect.weights.pageIndex == 1 && state.inspect.weights.row == 2)
    let text = screen(state)
    #expect(text.contains("weights of step 240") && !text.contains("run at"))
    // A layer that is gone, and a pane that has nothing to show any more.
    _ = try state.press("<tab><tab>")
    #expect(state.inspect.weights.focus == .spectrum)
    state.inspect.weights.take(try WeightSample.kernels())
    #expect(state.inspect.weights.index == 0 && state.inspect.weights.focus == .list)
    state.inspect.weights.take(try WeightSample.nothing())
    #expect(screen(state).contains("This model has no weights."))
  }

  @Test func vectorsAreSortedWhereTheirOrderMeansLittle() throws {
    var state = try WeightSample.state(WeightSample.perUnit())
    _ = try state.press("j")
    #expect(state.inspect.weights.isSorted && screen(state).contains("|w| < "))
    _ = try state.press("s")
    #expect(!state.inspect.weights.isSorted && screen(state).contains("by number"))
    state = try WeightSample.state()
    _ = try state.press("<end>")
    #expect(state.inspect.weights.weight?.fullName == "linear.bias")
    #expect(!state.inspect.weights.isSorted)
  }

  @Test func everyNumberHasItsColour() throws {
    var state = try WeightSample.state()
    _ = try state.press("jj<tab><ret>")
    var canvas = Canvas(width: 80, height: 33)
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    let weights = state.inspect.weights
    let numbers = try #require(weights.weight?.numbers)
    for row in 1..<24 {
      for column in 1..<24 {
        let wanted = weights.scale.color(Double(numbers[row * 24 + column]), canvas.palette)
        // Frame, then labels of two digits with their gaps.
        #expect(canvas[1 + 4 + column, 1 + row].style.background == wanted)
      }
    }
  }

  @Test func kernelsHaveTheirColoursAndGrowWithTheRoom() throws {
    var state = try WeightSample.state(WeightSample.kernels())
    _ = try state.press("<tab><ret>")
    var canvas = Canvas(width: 80, height: 21)
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    let weights = state.inspect.weights
    let kernel = try #require(weights.page?.blocks.first)
    for y in 0..<12 {
      for x in 0..<24 {
        let value = Double(kernel.values[y / 4 * 3 + x / 8])
        let wanted = weights.scale.color(value, canvas.palette)
        #expect(canvas[1 + x, 2 + y].style.background == wanted)
      }
    }
  }

  @Test func numbersThatAreNotFiniteAreShownAsSuch() throws {
    var state = try WeightSample.state(WeightSample.gated(scale: .nan))
    #expect(screen(state).contains("30 NaN/Inf"))
    _ = try state.press("<tab><tab>")
    #expect(screen(state).contains("no finite numbers"))
    _ = try state.press("<S-tab><S-tab>")
    #expect(screen(state).contains("XXXXXX"))
    _ = try state.press("jj")
    #expect(screen(state).contains("numbers that are not"))
  }

  @Test func spectraThatAreNotThereYetAreAwaited() throws {
    let network = try Network(
      ModelSpec([Linear.Spec(outFeatures: 4)]), input: .vector(3), seed: 1)
    var reading = WeightReading(network, weightsStep: 0)
    var state = try WeightSample.state(reading)
    #expect(screen(state).contains("being worked out"))
    reading.findSpectra()
    _ = App.update(&state, .weights(reading))
    #expect(!screen(state).contains("being worked out"))
    #expect(screen(state).contains("of 3 directions"))
  }

  @Test func namesFromFilesAreHarmless() throws {
    let network = try Network(
      ModelSpec([LayerEntry(name: "a\u{1B}[31m\n\u{202E}b", spec: Linear.Spec(outFeatures: 2))]),
      input: .vector(3), seed: 1)
    let state = try WeightSample.state(WeightReading(network, weightsStep: 0))
    var canvas = Canvas(width: 80, height: 21)
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    #expect(!canvas.text.contains("\u{1B}") && !canvas.text.contains("\u{202E}"))
    #expect(canvas.text.split(separator: "\n").count <= 21)
  }

  @Test func theFocusedPaneIsAlwaysSeen() throws {
    var state = try WeightSample.state()
    _ = try state.press("jj")
    for (width, height) in [(60, 10), (60, 13), (80, 21), (120, 33)] {
      for _ in WeightsState.Pane.allCases {
        let layout = WeightsLayout(state.inspect.weights, in: Rect(width: width, height: height))
        #expect(layout.panes.contains { $0.pane == state.inspect.weights.focus })
        _ = try state.press("<tab>")
      }
    }
  }

  @Test func theSpectrumOfTheStartStandsBesideThePresentOne() throws {
    var state = try WeightSample.state()
    _ = try state.press("j")
    #expect(!screen(state).contains("start"))
    var reading = try WeightSample.gated(scale: 2)
    reading.compare(with: try WeightSample.gated())
    state.inspect.weights.take(reading)
    #expect(screen(state).contains("now") && screen(state).contains("start"))
    #expect(screen(state).contains("---"))
  }

  @Test func symbolsOfAnEmbeddingStandInAPlane() throws {
    var state = try WeightSample.state()
    #expect(state.inspect.weights.panes.contains(.components))
    _ = try state.press("<S-tab>")
    #expect(state.inspect.weights.focus == .components)
    #expect(screen(state).contains("plane  ") && screen(state).contains("% + "))
    #expect(screen(state).contains("'(' "))
    _ = try state.press("jj<ret>")
    #expect(screen(state).contains("of the variance"))
    #expect(state.inspect.weights.row == 2 && state.inspect.weights.index == 0)
    let text = screen(state)
    for symbol in InspectSample.labels.dropLast() { #expect(text.contains(symbol), "\(symbol)") }
    #expect(text.contains("'[' "))
    _ = try state.press("<ret>]")
    #expect(state.inspect.weights.focus == .list)
  }

  @Test func statisticsOfStepsNameTheirAxes() throws {
    var state = try WeightSample.state(WeightSample.stepwise())
    _ = try state.press("<end>k<tab>jll")
    #expect(state.inspect.weights.weight?.fullName == "bn_lstm.norm_c_running_mean_l0")
    #expect(screen(state).contains("unit x time") && screen(state).contains("unit 1 t 2 "))
    #expect(state.inspect.weights.scale.kind == .signed)
    _ = try state.press("]")
    #expect(state.inspect.weights.scale.kind == .positive)
    _ = try state.press("[[")
    #expect(screen(state).contains("gate i, unit x time"))
    _ = try state.press("w")
    #expect(screen(state).contains("gate f, unit x time"))
  }

  private func hints(_ state: AppState) -> [String] { KeyTable.hints(for: state).map(\.label) }

  private func screen(_ state: AppState) -> String {
    var canvas = Canvas(width: 80, height: 21, capabilities: .plain)
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }
}
