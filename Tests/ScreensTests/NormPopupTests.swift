import Canvas
import Inspection
import Layers
import Testing

@testable import Screens

@Suite struct NormPopupTests {
  @Test func theKeyShowsWhatEveryNormDoes() throws {
    var state = try InspectSample.state(InspectSample.normalised())
    _ = try state.press("LN")
    func screen(_ width: Int, _ height: Int) -> String {
      var canvas = Canvas(
        width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
      App.view(state, on: &canvas)
      return canvas.text
    }
    for (width, height) in [(80, 24), (120, 36)] {
      let text = screen(width, height)
      #expect(text.contains("layer_norm_lstm: LN(W x) of 24 numbers"))
      #expect(text.contains("γ mean") && text.contains("before ━"))
    }
    _ = App.update(&state, .key(.character("w")))
    #expect(screen(120, 36).contains("LN(U h) of 24 numbers"))
    _ = App.update(&state, .key(.character("k")))
    _ = App.update(&state, .key(.character("k")))
    #expect(screen(120, 36).contains("LN(c) of 6 numbers"))
    _ = App.update(&state, .key(.character("l")))
    #expect(state.inspect.t == 11)
    _ = App.update(&state, .key(.character("N")))
    #expect(state.popups.isEmpty)
  }

  @Test func whereNothingIsNormalisedTheKeySaysWhereItWouldBe() throws {
    var state = try InspectSample.state()
    let reason = try #require(try state.refusal(of: "N"))
    #expect(reason.contains("layer_norm_lstm") && reason.contains("bn_lstm"))
  }
}
