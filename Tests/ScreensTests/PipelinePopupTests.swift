import Canvas
import Inspection
import Layers
import Testing

@testable import Screens

@Suite struct PipelinePopupTests {
  @Test func framesMapsAndTheStateAreInOneView() throws {
    var state = try InspectSample.state(LayerSample.cascade())
    _ = try state.press("llP")
    for (width, height) in [(80, 24), (120, 36)] {
      let text = workbench(state, width: width, height: height)
      #expect(text.contains("frame → feature map → state") && text.contains("t 2/5"))
      #expect(text.contains("frames  input T6 C1 H12 W12"))
      #expect(text.contains("feature maps  pool T6 C4"))
      #expect(text.contains("state  lstm T6 F5") && text.contains("output  linear F2"))
      #expect(text.contains(">2"))
    }
    // The cursor moves with the view, and the weights on the way have the run's gradients.
    _ = App.update(&state, .key(.character("l")))
    #expect(state.inspect.t == 3 && workbench(state).contains(">3"))
    #expect(workbench(state).contains("|g|"))
    _ = App.update(&state, .key(.character("P")))
    #expect(state.popups.isEmpty)
  }

  @Test func withoutARecurrentLayerTheKeySaysWhatIsMissing() throws {
    var state = try InspectSample.state(InspectSample.withoutSignals())
    #expect(try state.refusal(of: "P")?.contains("recurrent layer") == true)
    var text = try InspectSample.state()
    _ = try text.press("P")
    #expect(
      workbench(text).contains("feature maps  embedding") && workbench(text).contains("state  lstm")
    )
  }
}
