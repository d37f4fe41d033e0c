import Canvas
import Data
import Testing
import Training

@testable import Screens

@Suite struct TruncationPopupTests {
  private func bias(own: Bool = true) -> TruncationBias {
    TruncationBias(
      points: [(1, 0.8), (2, 0.5), (4, 0.2), (8, 0.05), (16, 0)].map {
        .init(stride: $0.0, reach: $0.0, bias: $0.1)
      }, own: own ? .init(stride: 2, reach: 4, bias: 0.31) : nil, weightsStep: 120)
  }

  @Test func theKeyMeasuresAndTheAnswerOpensAPopup() throws {
    var state = TrainSample.state()
    #expect(try state.press("T") == [.measureTruncation])
    #expect(state.message?.text == "Measuring truncated gradients … Esc stops it.")
    _ = App.update(&state, .measuredTruncation(bias()))
    for (width, height) in [(60, 16), (80, 24), (120, 36)] {
      let text = workbench(state, width: width, height: height)
      #expect(text.contains("The recipe: k1 2, k2 4 of 16 steps, bias 31%."))
      #expect(text.contains("Pieces of 8 steps keep it below 10%."))
      #expect(text.contains("weights of step 120"))
    }
    #expect(App.update(&state, .key(.character("T"))) == [.measureTruncation])
    #expect(state.popups.isEmpty)
    _ = App.update(&state, .measuredTruncation(bias(own: false)))
    #expect(workbench(state).contains("The recipe goes back all 16 steps of a window."))
    _ = App.update(&state, .key(.escape))
    #expect(state.popups.isEmpty)
  }

  @Test func escapeStopsWhatIsBeingMeasuredAndElseDoesNothing() throws {
    var state = TrainSample.state()
    #expect(App.update(&state, .key(.escape)) == [])
    #expect(state.message == nil)
    _ = try state.press("T")
    #expect(App.update(&state, .key(.escape)) == [.stopMeasuringTruncation])
    #expect(state.message?.text == "Truncated gradients are no longer measured.")
    #expect(App.update(&state, .key(.escape)) == [])
  }

  @Test func theAnswerDoesNotTakeTheKeyboardFromAnotherScreen() throws {
    var state = TrainSample.state()
    state.screen = .build
    _ = App.update(&state, .measuredTruncation(bias()))
    #expect(state.popups.isEmpty)
    #expect(state.message?.text.contains("Truncated gradients are measured.") == true)
  }

  @Test func whereNothingCanBeCutTheKeySaysWhy() throws {
    var state = TrainSample.state()
    state.session.target = Target(labels: ["a", "b"], isPerStep: false, metric: .accuracy)
    #expect(
      try state.refusal(of: "T")
        == "Gradients are cut between time steps with targets, and here a sequence has only one.")
  }

  @Test func theKnobsSayWhereWindowsAreCutAndHowLargeTheStateIs() throws {
    var state = TrainSample.state()
    #expect(!workbench(state, width: 120, height: 36).contains("tbptt"))
    state.session.document.training.tbpttSteps = 16
    state.session.document.training.tbpttReach = 32
    #expect(workbench(state, width: 120, height: 36).contains("tbptt  16/32     k1/k2"))
    var report = TrainSample.report(241)
    report.detail = TrainSample.detail
    report.detail?.carried = [
      CarriedState(layer: "lstm", part: "h", norm: 2.1),
      CarriedState(layer: "lstm", part: "c", norm: 7.4),
      CarriedState(layer: "gru", part: "h", norm: 1),
    ]
    state.run.follow(.stepped(report))
    #expect(
      workbench(state, width: 120, height: 36).contains("state ‖h‖ 2.10 ‖c‖ 7.40"))
    state.train.focus = .knobs
    #expect(workbench(state).contains("‖h‖ 2.10"))
    // Without cuts inside of windows, the state goes on from window to window of a text, and of nothing else.
    state.session.document.training.tbpttSteps = 0
    #expect(!workbench(state).contains("carry"))
    state.session.isText = true
    #expect(workbench(state).contains("carry  on        state ‖h‖ 2.10 ‖c‖ 7.40"))
    state.session.document.training.carriesState = false
    #expect(!workbench(state).contains("carry"))
  }

  @Test func paddingIsSaidWhereThereIsAny() throws {
    var state = TrainSample.state()
    #expect(!workbench(state, width: 120, height: 36).contains("bucketed"))
    state.session.padding = PaddingShares(plain: 0.23, inBuckets: 0.04, isBucketed: false)
    #expect(
      workbench(state, width: 120, height: 36).contains("pad    23%       of a batch, 4% bucketed"))
    state.session.padding = PaddingShares(plain: 0.23, inBuckets: 0.04, isBucketed: true)
    #expect(
      workbench(state, width: 120, height: 36).contains("pad    4%        of a batch, else 23%"))
    state.screen = .build
    #expect(workbench(state, width: 120, height: 36).contains("23%  4% with buckets"))
  }
}

@Suite struct WindowBorderTests {
  @Test func stepsBeforeWhichTrainingCutsAreMarked() throws {
    var state = try InspectSample.state()
    func rows() -> [String] {
      var canvas = Canvas(
        width: 80, height: 21, capabilities: .init(colors: .mono, glyphs: .braille))
      InspectScreen.view(state, on: &canvas, in: canvas.bounds)
      return canvas.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(!rows()[4].contains("│"))
    state.session.document.training.tbpttSteps = 24
    // The window begins at column 7, so 24 and 48 are columns 31 and 55.
    func marks() -> [Int] {
      Array(rows()[4]).enumerated().filter { $0.element == "│" }.map(\.offset)
    }
    #expect(marks() == [31, 55])
    #expect(rows()[4].hasPrefix(" cut "))
    // The cursor hides none that it does not stand on.
    _ = try state.press("ll")
    #expect(marks() == [31, 55])
    // Windows are cut from their beginnings, and end in a cut.
    state.session.batchTime = 40
    #expect(marks() == [31, 47, 71])
    state.session.batchTime = nil
    // A piece as long as the sequence cuts nothing.
    state.session.document.training.tbpttSteps = 96
    #expect(!rows()[4].contains("│") && !rows()[4].contains("cut"))
    // The windows of a text follow one another: their borders are cuts without any inside, too.
    state.session.document.training.tbpttSteps = 0
    state.session.batchTime = 40
    #expect(!rows()[4].contains("cut"))
    state.session.isText = true
    #expect(marks() == [47] && rows()[4].hasPrefix(" cut "))
    _ = try state.press("LLLLhh")
    #expect(rows()[5].contains("cut before it, the state goes on"))
    // Without the state that goes on, each begins anew.
    state.session.document.training.carriesState = false
    #expect(marks().isEmpty && rows()[5].contains("the state starts anew here"))
  }
}
