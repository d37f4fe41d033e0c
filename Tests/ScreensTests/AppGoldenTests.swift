import Canvas
import Foundation
import Inspection
import Testing
import Training
import Workbench

@testable import Screens

/// The whole program in pictures: what a user sees after some keys.
@Suite struct AppGoldenTests {
  private static let sizes = [(60, 16), (80, 24), (120, 36)]

  @Test(arguments: sizes) func theLayers(width: Int, height: Int) throws {
    try picture("layers", "jj", width, height)
  }

  @Test(arguments: sizes) func aValueThatIsTyped(width: Int, height: Int) throws {
    try picture("typed", "jje128", width, height)
  }

  @Test(arguments: sizes) func theTrainingSettings(width: Int, height: Int) throws {
    try picture("training", "Ge<down>", width, height)
  }

  @Test(arguments: sizes) func aLayerThatDoesNotFit(width: Int, height: Int) throws {
    try picture("misfit", "jx<esc>", width, height)
  }

  @Test(arguments: sizes) func theHelp(width: Int, height: Int) throws {
    try picture("help", "?<down>", width, height)
  }

  @Test(arguments: sizes) func theCommandLine(width: Int, height: Int) throws {
    try picture("command", ":set tr<tab>", width, height)
  }

  @Test(arguments: sizes) func aCommandThatFails(width: Int, height: Int) throws {
    try picture("command-error", ":set lr 3<ret>", width, height)
  }

  @Test(arguments: sizes) func theLog(width: Int, height: Int) throws {
    try picture("log", ":set seed 3<ret>jx:set training.steps 900<ret>4k", width, height)
  }

  @Test(arguments: sizes) func theQuestionBeforeQuitting(width: Int, height: Int) throws {
    try picture("quit", "jxq", width, height)
  }

  @Test(arguments: sizes) func aRunThatGoesOn(width: Int, height: Int) throws {
    try picture("running", "j", width, height) { desk in
      var status = RunStatus()
      status.phase = .running
      status.step = 120
      status.totalSteps = 600
      desk.show(status, RunEvent.pace)
    }
  }

  @Test(arguments: sizes) func whoWasTakenForWhom(width: Int, height: Int) throws {
    try picture("confusion", "2", width, height) { desk in
      var status = RunStatus()
      status.phase = .running
      status.step = 240
      status.totalSteps = 600
      desk.show(status, [.validated(ClassSample.report(step: 240))])
      desk.press(.character("C"))
    }
  }

  @Test(arguments: sizes) func aBatchWithItsPadding(width: Int, height: Int) throws {
    try picture("batch", "2B", width, height) { desk in
      desk.handle(.batch(try BatchSample.strip(3)))
    }
  }

  @Test(arguments: sizes) func aTextThatTheModelWrote(width: Int, height: Int) throws {
    try picture("text", ":generate the quick <ret>", width, height) { desk in
      desk.handle(
        .wrote(
          GeneratedText(
            desk.state.inspect.text.wish,
            text: " brown fox jumps over the lazy dog.\nthe quack brown dog jumps  over the fox.\n"
              + String(repeating: "the lazy ", count: 20), weightsStep: 0)))
    }
  }

  /// Holds what the program looks like after `keys` to the files kept of it: in 256 colours with
  /// its styles, and in ASCII without. Run with `UNROLL_UPDATE_SCREENS=1` to write them anew, and
  /// look at the difference before keeping it.
  private func picture(
    _ name: String, _ keys: String, _ width: Int, _ height: Int,
    then: (inout Desk) throws -> Void = { _ in }
  ) throws {
    var desk = try Desk()
    try desk.press(keys)
    try then(&desk)
    let full = desk.screen(width, height)
    try hold(
      full.text + "\n\n" + full.styleRuns + "\n", to: "\(name)-\(width)x\(height)-256.txt")
    let plain = desk.screen(width, height, .plain)
    try hold(plain.text + "\n", to: "\(name)-\(width)x\(height)-plain.txt")
    for row in full.text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(DisplayWidth.of(String(row)) <= width)
    }
  }

  private func hold(_ text: String, to name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/Screens/app-\(name)")
    if ProcessInfo.processInfo.environment["UNROLL_UPDATE_SCREENS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(kept == text, "\(name)")
  }
}
