import ArgumentParser
import Glibc

/// Opens the workbench.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open the workbench (what 'unroll' does by itself).")

  @OptionGroup var options: SessionOptions

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Flag(help: "Use a palette for a light background.")
  var light = false

  func run() throws {
    guard Output.isTerminal(STDIN_FILENO), Output.isTerminal(STDOUT_FILENO) else {
      Output.note(Unroll.helpMessage())
      throw Failure(
        "The workbench needs a terminal, got none. Use a subcommand, such as 'unroll train'.",
        status: 64)
    }
    let document = try options.document()
    try options.applyThreads()
    try TerminalLoop.run(document, options, .init(ascii: ascii, light: light))
  }
}
