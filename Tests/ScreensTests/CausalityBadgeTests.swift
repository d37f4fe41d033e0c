import Canvas
import Testing

@testable import Screens

@Suite struct CausalityBadgeTests {
  @Test func theBuildScreenMarksLayersThatSeeLaterSteps() throws {
    var desk = try Desk()
    #expect(!desk.screen(120, 36).text.contains("not causal"))
    try desk.press(":set lstm.bidirectional concat<ret>")
    try desk.press("jj")
    for (width, height) in [(80, 24), (120, 36)] {
      let text = desk.screen(width, height).text
      #expect(text.contains("not causal"))
    }
    #expect(desk.screen(120, 36).text.contains("no: a step sees later ones"))
  }

  @Test func theInspectScreenMarksSignalsThatKnowTheFuture() throws {
    var state = try InspectSample.state(InspectSample.bothWays())
    func text(_ width: Int) -> String {
      var canvas = Canvas(
        width: width, height: 33, capabilities: .init(colors: .mono, glyphs: .braille))
      InspectScreen.view(state, on: &canvas, in: canvas.bounds)
      return canvas.text
    }
    // The cell that reads on from the beginning knows the past alone.
    #expect(!text(120).contains("not causal"))
    _ = try state.press("wwwwww")
    for width in [80, 120] { #expect(text(width).contains("not causal")) }
  }
}
