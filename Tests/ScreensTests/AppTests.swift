import Canvas
import Testing
import Training
import Workbench

@testable import Screens

@Suite struct AppTests {
  @Test func digitsChangeTheScreen() throws {
    var desk = try Desk()
    for (key, screen) in zip("1234", ScreenName.allCases) {
      try desk.press(String(key))
      #expect(desk.state.screen == screen)
    }
  }

  @Test func trainingStartsOnlyWhenNothingIsInTheWay() throws {
    var desk = try Desk(classes: 28)
    try desk.press("<f5>")
    #expect(desk.effects.isEmpty)
    #expect(
      desk.state.message?.text
        == "The loss needs [B, T, 29], a score for each of 29 characters, got [B, T, 28]. "
        + "End the model with linear, out_features 29.")
    try desk.press(":set linear.out_features 29<ret><f5>")
    #expect(desk.effects.last == .command(.train))
    #expect(desk.state.screen == .train)
    desk.session.close()
  }

  @Test func undoAndRedoGoThroughTheSession() throws {
    var desk = try Desk()
    try desk.press("jx")
    #expect(desk.document.model.layers.map(\.name) == ["lstm", "linear"])
    try desk.press("u")
    #expect(desk.document.model.layers.map(\.name) == ["embedding", "lstm", "linear"])
    #expect(desk.state.message == .init(text: "undid: delete 0", isError: false))
    try desk.press("<C-r>")
    #expect(desk.document.model.layers.map(\.name) == ["lstm", "linear"])
    try desk.press("<C-r>")
    #expect(desk.state.message == .init(text: "There is nothing to redo.", isError: true))
  }

  @Test func theTitleBarMarksWhatIsNotSaved() throws {
    var desk = try Desk()
    #expect(desk.screen().text.hasPrefix(" fox-lstm [1 Build]"))
    try desk.press("jx")
    #expect(desk.screen().text.hasPrefix(" fox-lstm* [1 Build]"))
    try desk.press("<C-s>")
    #expect(desk.effects.last == .save(as: nil))
    #expect(desk.screen().text.hasPrefix(" fox-lstm [1 Build]"))
  }

  @Test func theTitleBarTellsOfTheRunInWhatRoomThereIs() throws {
    var desk = try Desk()
    var status = RunStatus()
    status.phase = .running
    status.step = 120
    status.totalSteps = 600
    desk.show(status, RunEvent.pace)
    #expect(firstLine(desk, 120).hasSuffix("● RUN step 120/600 ep 1 eta 12s"))
    #expect(firstLine(desk, 80).hasSuffix("● RUN 120/600 ep 1 eta 12s"))
    #expect(firstLine(desk, 60).hasSuffix("● RUN"))
    status.phase = .paused
    desk.show(status)
    #expect(firstLine(desk, 80).hasSuffix("‖ PAUSED step 120/600"))
    status.phase = .finished(wasStopped: false)
    desk.show(status)
    #expect(firstLine(desk, 80).hasSuffix("✓ done step 120/600"))
    status.phase = .finished(wasStopped: true)
    desk.show(status)
    #expect(firstLine(desk, 80).hasSuffix("✓ stopped at step 120/600"))
    status.phase = .failed("out of disk")
    desk.show(status)
    #expect(firstLine(desk, 80).hasSuffix("✗ failed at step 120/600"))
  }

  @Test func whatEndsARunIsSaidInsteadOfWhatBeganIt() throws {
    var desk = try Desk()
    var status = RunStatus()
    for (end, text, isError) in [
      ([.finished(step: 600, wasStopped: false)], "all 600 steps are done", false),
      ([.finished(step: 120, wasStopped: true)], "stopped after step 120", false),
      (
        [.endedEarly(5, step: 120), .finished(step: 120, wasStopped: false)],
        "stopped early after step 120: the last 5 validations were no better", false
      ),
      ([.failed("The disk is full.", step: 120)], "The disk is full.", true),
    ] as [([RunEvent], String, Bool)] {
      status.phase = .running
      desk.show(status, [.started(step: 0, totalSteps: 600, stepsPerEpoch: 100)])
      desk.handle(.applied("a new run starts", desk.state.session))
      status.phase = .finished(wasStopped: false)
      desk.show(status, end)
      #expect(desk.state.message == .init(text: text, isError: isError))
    }
  }

  @Test func belowTheSmallestSizeACardSaysWhatIsNeededAndKeysGoOnWorking() throws {
    var desk = try Desk()
    #expect(desk.screen(59, 16).text.contains("need 60x16"))
    #expect(desk.screen(60, 15).text.contains("have 60x15"))
    #expect(!desk.screen(60, 16).text.contains("need 60x16"))
    try desk.press("4")
    #expect(desk.state.screen == .log)
  }

  private func firstLine(_ desk: Desk, _ width: Int) -> String {
    String(desk.screen(width, 24).text.prefix { $0 != "\n" })
  }
}

extension StepReport {
  /// A report of step `step`, `seconds` after the beginning of training.
  static func at(_ step: Int, seconds: Double) -> StepReport {
    StepReport(
      step: step, epoch: 1, loss: 2, metric: 3, gradientNorm: 1, wasClipped: false,
      learningRate: 0.002, tokensPerSecond: 1000, seconds: seconds)
  }
}
