import Canvas
import Inspection
import Testing
import Workbench

@testable import Screens

@Suite struct TextPaneTests {
  private func text(_ desk: Desk, _ text: String = "the fox.", step: Int = 0) -> GeneratedText {
    GeneratedText(desk.state.inspect.text.wish, text: text, weightsStep: step)
  }

  @Test func theCommandShowsATextAndItsSettings() throws {
    var desk = try Desk()
    try desk.press(":generate the quick<ret>")
    var wish = TextWish()
    wish.prompt = "the quick"
    #expect(desk.effects == [.write(wish)])
    #expect(desk.state.screen == .inspect && desk.state.inspect.aspect == .text)
    #expect(desk.screen().text.contains("writing …"))
    try desk.press(":temperature 0.5<ret>:top-k 4<ret>:top-p 0.9<ret>n")
    (wish.rule, wish.seed) = (SamplingRule(temperature: 0.5, topK: 4, topP: 0.9), 2)
    #expect(desk.effects.last == .write(wish))
    desk.handle(.wrote(text(desk, " brown\nfox \u{1B}[31m\u{202E}")))
    let screen = desk.screen().text
    #expect(screen.contains("the quick brown") && screen.contains("fox \u{FFFD}[31m\u{FFFD}"))
    #expect(screen.contains("temperature .500  top-k 4  top-p .900  seed 2"))
    #expect(screen.contains("untrained weights"))
  }

  @Test(arguments: [
    ("temperature -1", "A temperature is a number of 0 or more, got '-1'."),
    ("top-k many", "top-k is a whole number of characters, or 0 for all, got 'many'."),
    ("top-p 0", "top-p is a share of the odds above 0, or 1 for all, got '0'."),
    ("top-p 90%", "top-p is a share of the odds above 0, or 1 for all, got '90%'."),
  ])
  func whatIsNoNumberIsRefused(line: String, sentence: String) throws {
    var desk = try Desk()
    try desk.press(":\(line)<ret>")
    #expect((desk.state.popups.last as? CommandLine)?.problem == sentence)
  }

  @Test func theViewIsPartOfTheRoundAndTheKeysAreItsOwn() throws {
    var desk = try Desk()
    try desk.press("3vvv")
    #expect(desk.state.inspect.aspect == .text)
    #expect(KeyTable.hints(for: desk.state).contains { $0.label == "signals" })
    try desk.press("j")
    #expect(
      desk.state.message?.text == "This key is for signals and weights and layers: v leads there.")
    try desk.press("ethe dog<ret>")
    #expect(desk.state.inspect.text.wish.prompt == "the dog")
    try desk.press("v")
    #expect(desk.state.inspect.aspect == .signals)
    try desk.press("e")
    #expect(desk.state.message?.text == "This key is for text: v leads there.")
    try desk.press("V")
    #expect(desk.state.inspect.aspect == .text)
  }

  @Test func itIsWrittenAnewWhileTrainingGoesOnAndNotTooOften() throws {
    var desk = try Desk()
    try desk.press(":generate<ret>")
    let wish = desk.state.inspect.text.wish
    var status = RunStatus()
    status.phase = .running
    func writes(step: Int, seconds: Double) -> Int {
      let before = desk.effects.count
      status.step = step
      desk.show(status, [.stepped(.at(step, seconds: seconds))])
      return desk.effects.count - before
    }
    #expect(writes(step: 1, seconds: 1) == 0)  // one is being written
    desk.handle(.wrote(GeneratedText(wish, text: "a", weightsStep: 1)))
    #expect(writes(step: 2, seconds: 1.5) == 0)
    #expect(writes(step: 9, seconds: 2.5) == 1)
    desk.handle(.wrote(GeneratedText(wish, text: "b", weightsStep: 9)))
    #expect(writes(step: 10, seconds: 3) == 0)
    status.phase = .paused
    #expect(writes(step: 11, seconds: 3.1) == 1)  // the last weights at once
    desk.handle(.couldNotWrite("Sampling needs finite scores."))
    #expect(writes(step: 12, seconds: 30) == 0)
    #expect(desk.screen().text.contains("Sampling needs finite scores."))
  }

  @Test func linesBreakWhereTheyAreFull() {
    let lines = TextPane.lines([("ab", .plain), ("cd  e\n\nfgh", .plain)], width: 4)
    #expect(lines.map(\.text) == ["abcd", "  e", "", "fgh"])
  }
}
