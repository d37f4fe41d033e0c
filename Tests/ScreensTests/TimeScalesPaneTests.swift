import Canvas
import Inspection
import Testing
import Training

@testable import Screens

@Suite struct TimeScalesPaneTests {
  private func screen(_ state: AppState, width: Int = 120, height: Int = 36) -> String {
    var canvas = Canvas(
      width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }

  @Test func thePaneIsInTheRoundAndShowsEveryLayer() throws {
    var state = try InspectSample.state()
    #expect(!screen(state).contains("time scales"))
    _ = try state.press("<tab><tab>")
    #expect(state.inspect.focus == .timeScales)
    for (width, height) in [(80, 21), (120, 33)] {
      let text = screen(state, width: width, height: height)
      #expect(text.contains("time scales: share of units over steps"))
      #expect(text.contains("lstm ━") && text.contains("gru ┅"))
      #expect(text.contains("lstm median"))
    }
    _ = try state.press("]")
    #expect(screen(state).contains("gru median"))
    #expect(screen(state).contains("from z"))
    // Another Tab leads on, and the trace has its place again.
    _ = try state.press("<tab>")
    #expect(state.inspect.focus == .reading && screen(state).contains("over time"))
  }

  @Test func theUnitUnderTheCursorIsMarkedAndItsMemorySaid() throws {
    var state = try InspectSample.state()
    _ = try state.press("jjj<tab><tab>")
    let scales = try #require(state.inspect.recording?.timeScales.first)
    let words = MemoryText.sentence(scales.units[3])
    #expect(screen(state).contains("unit 3 " + words))
    #expect(screen(state).contains("▲"))
  }

  @Test func theMemoryOfTheUnitStandsBesideItsSignals() throws {
    let state = try InspectSample.state()
    let scales = try #require(state.inspect.recording?.timeScales.first)
    let number = MemoryText.number(scales.units[0])
    #expect(screen(state).contains("keeps \(number) steps, from f"))
    #expect(screen(state, width: 80, height: 21).contains("memory " + number))
  }

  @Test func theBandOfAnIndRNNIsDrawn() throws {
    var state = try InspectSample.state(InspectSample.independent())
    _ = try state.press("]<tab><tab>")
    #expect(screen(state).contains("u sorted, band |u| ≤ 1.007"))
    #expect(screen(state).contains("from u"))
    _ = try state.press("[")
    #expect(screen(state).contains("measured"))
    #expect(!screen(state).contains("u sorted"))
    _ = try state.press("]")
    #expect(screen(state, width: 80, height: 21).contains("u sorted"))
  }

  @Test func unitsAreSortedByMemory() throws {
    var state = try InspectSample.state(InspectSample.independent())
    _ = try state.press("]sss")
    let scales = try #require(state.inspect.recording?.timeScales.last)
    #expect(state.inspect.view?.order == scales.order)
    #expect(screen(state).contains("by memory"))
  }

  @Test func everyKindOfMemoryHasItsWords() {
    #expect(MemoryText.number(.steps(12.34)) == "12.3")
    #expect(MemoryText.sentence(.steps(12.34)) == "keeps 12.3 steps")
    #expect(MemoryText.sentence(.endless) == "keeps for ever")
    #expect(MemoryText.sentence(.growing(200)) == "grows e-fold in 200 steps")
    #expect(MemoryText.sentence(.unknown) == "memory unknown")
  }

  @Test func theTwoCellsOfALayerAreToldApart() throws {
    var state = try InspectSample.state(InspectSample.bothWays())
    #expect(screen(state).contains("lstm.h→ h← hidden state"))
    #expect(screen(state).contains("[h→] i← "))
    _ = try state.press("wwwwww")
    let text = screen(state)
    #expect(text.contains("lstm.h→ h← hidden state") && text.contains("[h←]"))
    #expect(text.contains("h←[0]"))
    #expect(!text.contains("_reverse"))
    // What stands beside the map is of the same cell.
    #expect(state.inspect.view?.scales?.state == "c_reverse")
    #expect(text.contains("│>h←") && !text.contains("│ h→"))
    _ = try state.press("<tab><tab>")
    #expect(screen(state).contains("lstm→ ━") && screen(state).contains("lstm← median"))
  }

  @Test func theSignalsOfEachCellAreShownWhileTraining() throws {
    var state = TrainSample.state()
    var detail = TrainSample.detail
    detail.gradientOverTime.append(GradientOverTime(layer: "lstm_reverse", norms: [1, 2]))
    var backward = try #require(detail.signals.last)
    backward.signal = "h_reverse"
    backward.deadUnits = [5]
    detail.signals.append(backward)
    var report = TrainSample.report(241)
    report.detail = detail
    state.run.follow(.stepped(report))
    func panes() -> String {
      var canvas = Canvas(width: 120, height: 33, capabilities: .plain)
      TrainScreen.view(state, on: &canvas, in: canvas.bounds)
      return canvas.text
    }
    #expect(panes().contains("dead in h: 2 7 11"))
    _ = try state.press("w")
    #expect(panes().contains("signals  lstm_reverse") && panes().contains("dead in h: 5"))
  }
}
