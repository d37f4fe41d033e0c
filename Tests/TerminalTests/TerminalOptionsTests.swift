import Canvas
import Testing

@testable import Terminal

@Suite struct TerminalOptionsTests {
  static func options(_ environment: [String: String]) -> TerminalOptions {
    TerminalOptions { environment[$0] }
  }

  @Test(arguments: [
    (256, true, Capabilities()), (16, true, Capabilities(colors: .ansi16)),
    (8, true, Capabilities(colors: .ansi16)), (0, true, Capabilities(colors: .mono)),
    (-1, false, .plain), (256, false, Capabilities(glyphs: .ascii)),
  ])
  func theTerminalAndItsLocaleSayWhatCanBeDrawn(colors: Int, isUTF8: Bool, found: Capabilities) {
    let options = Self.options(["TERM": "xterm"])
    #expect(options.capabilities(colors: colors, isUTF8: isUTF8) == found)
  }

  @Test func noColorIsHonouredUnlessItIsEmpty() {
    let options = Self.options(["TERM": "xterm", "NO_COLOR": "1"])
    #expect(options.capabilities(colors: 256, isUTF8: true).colors == .mono)
    let empty = Self.options(["TERM": "xterm", "NO_COLOR": ""])
    #expect(empty.capabilities(colors: 256, isUTF8: true).colors == .indexed256)
  }

  @Test func nothingIsUsedThatTheTerminalDoesNotHave() {
    var options = Self.options(["TERM": "linux"])
    #expect(options.capabilities(colors: 8, isUTF8: true).glyphs == .blocks)
    options.colors = .indexed256
    options.glyphs = .braille
    options.light = true
    #expect(
      options.capabilities(colors: 8, isUTF8: true)
        == Capabilities(colors: .ansi16, glyphs: .braille, light: true))
    #expect(options.capabilities(colors: 8, isUTF8: false).glyphs == .ascii)
    options.colors = .ansi16
    #expect(options.capabilities(colors: 256, isUTF8: true).colors == .ansi16)
  }

  @Test(arguments: [
    (
      TerminalError.notATerminal,
      "The workbench needs a terminal, but standard input or output is not one. "
        + "Run it in a terminal."
    ),
    (
      .unnamed,
      "The workbench needs to know the terminal, but TERM is not set. "
        + "Set TERM to its type, such as xterm-256color."
    ),
    (
      .unknown("no\u{1B}[2Jsuch"),
      "The workbench needs a terminal that terminfo knows, got 'no\u{FFFD}[2Jsuch'. "
        + "Set TERM to another type, such as xterm-256color."
    ),
    (
      .cannotPlaceText("dumb"),
      "The workbench needs a terminal that can place text, got 'dumb'. "
        + "Set TERM to its real type, such as xterm-256color."
    ),
    (
      .unavailable,
      "The workbench could not take the terminal. Close what else uses it, and try again."
    ),
  ])
  func everyReasonIsASentence(error: TerminalError, text: String) {
    #expect(error.description == text)
  }

  @Test func paddingForHardwareTerminalsIsLeftOut() {
    #expect(ScreenModes.withoutPadding("\u{1B}[m$<2>\u{F}$<5/>") == "\u{1B}[m\u{F}")
    #expect(ScreenModes.withoutPadding("a$b$<") == "a$b$<")
  }
}
