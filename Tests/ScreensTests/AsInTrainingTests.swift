import Canvas
import Inspection
import Testing
import Training

@testable import Screens

@Suite struct AsInTrainingTests {
  @Test func theKeyAsksForTheSameExampleAsInTrainingAndBack() throws {
    var state = try InspectSample.state()
    #expect(!workbench(state).contains("as in training  weights"))
    #expect(try state.press("d") == [.record(example: 0, asInTraining: true)])
    _ = App.update(&state, .recorded(try InspectSample.asInTraining()))
    for (width, height) in [(80, 24), (120, 36)] {
      #expect(workbench(state, width: width, height: height).contains("as in training  weights of"))
    }
    // The next example is recorded in the same way.
    #expect(try state.press("n") == [.record(example: 1, asInTraining: true)])
    #expect(try state.press("d") == [.record(example: 0)])
  }

  @Test func masksAreFurtherSignalsInTheRound() throws {
    var state = try InspectSample.state(InspectSample.asInTraining())
    #expect(workbench(state, width: 120, height: 36).contains(" i  f  g  o  c [h] m_x  z_h"))
    _ = try state.press("w")
    #expect(state.inspect.view?.signal.name == "m_x" && state.inspect.view?.scale == .gate)
    #expect(workbench(state).contains("lstm.m_x inputs kept (1), unit × time"))
    _ = try state.press("w")
    #expect(state.inspect.view?.signal.name == "z_h")
    #expect(workbench(state).contains("lstm.z_h h held (1)"))
    // Back in evaluation there are none, and the state is shown.
    _ = App.update(&state, .recorded(try InspectSample.recording()))
    #expect(state.inspect.view?.signal.name == "h")
  }

  @Test func aModelThatDropsNothingIsSaidToBeSo() throws {
    var state = try InspectSample.state()
    _ = try state.press("d")
    _ = App.update(&state, .recorded(try InspectSample.asInTraining(holding: 0)))
    #expect(state.message?.text.contains("this model drops and holds nothing") == true)
  }

  @Test func theGapBetweenTrainingAndValidationIsANumber() throws {
    var state = TrainSample.state()
    let gap = try #require(state.run.validation?.gap)
    #expect(abs(gap - 0.25) < 1e-12)
    #expect(workbench(state).contains("gap +.250"))
    state.train.focus = .metrics
    #expect(workbench(state).contains("gap to training"))
    #expect(GapText.number(0.25) == "+.250" && GapText.number(-0.25) == "-.250")
    // Nothing is said while one of the two is not known.
    var fresh = TrainSample.state(step: 50)
    fresh.train.focus = .metrics
    #expect(!workbench(fresh).contains("gap"))
  }
}
