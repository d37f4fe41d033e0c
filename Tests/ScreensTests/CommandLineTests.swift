import Canvas
import Data
import Testing
import Workbench

@testable import Screens

@Suite struct CommandLineTests {
  private func line(_ desk: Desk) throws -> CommandLine {
    try #require(desk.state.popups.last as? CommandLine)
  }

  @Test func aCommandIsAppliedAndTheLineCloses() throws {
    var desk = try Desk()
    try desk.press(":add gru at 2 hidden_size=12<ret>")
    #expect(desk.document.model.layers.map(\.name) == ["embedding", "lstm", "gru", "linear"])
    #expect(desk.state.popups.isEmpty)
    #expect(desk.state.message == .init(text: "add gru at 2 hidden_size=12", isError: false))
    #expect(desk.state.build.cursor == 3)
  }

  @Test(arguments: [
    ("foo", "Unknown command 'foo'. Choose one of: "),
    ("trian", "Unknown command 'trian'. Did you mean 'train'?"),
    ("delete", "Write it as 'delete N', got 'delete'."),
    ("delete 9", "The model has layers 0 to 2, got 9."),
    ("set lstm.hidden_sise 3", "lstm has no setting 'hidden_sise'. Did you mean 'hidden_size'?"),
    ("q now", "Write it as 'q', got 'q now'."),
  ])
  func errorsAreShownWithoutLeavingTheLine(command: String, error: String) throws {
    var desk = try Desk()
    try desk.press(":\(command)<ret>")
    let words = desk.screen(120, 36).text.split(whereSeparator: \.isWhitespace)
    let expected = error.split(whereSeparator: \.isWhitespace)
    #expect(words.contains(expected), "\(desk.screen(120, 36).text)")
    #expect(try line(desk).field.string == command)
    // The next key takes the error away and mends the line.
    try desk.press("<backspace>")
    #expect(try line(desk).problem == nil)
    #expect(desk.state.message == nil)
  }

  @Test func tabGoesThroughWhatFits() throws {
    var desk = try Desk()
    try desk.press(":re<tab>")
    #expect(try line(desk).field.string == "rename")
    try desk.press("<tab>")
    #expect(try line(desk).field.string == "redo")
    try desk.press("<S-tab><S-tab>")
    #expect(try line(desk).field.string == "resume")
  }

  /// What is typed, and what could stand there.
  private static let completions: [(String, [String])] = [
    ("add ls", ["lstm"]),
    ("add linear ", ["at", "out_features=", "bias=", "weight_init=", "in_features="]),
    ("add lstm at ", ["0", "1", "2"]),
    ("delete ", ["0", "1", "2"]), ("move 0 ", ["0", "1", "2"]),
    (
      "set lin",
      [
        "linear.out_features", "linear.bias", "linear.weight_init", "linear.in_features",
        "linear.lr_scale", "linear.weight_decay", "linear.frozen",
      ]
    ),
    ("set linear.bias ", ["false", "true"]),
    ("set data.set ", Bundled.names),
    ("set training.convention ", ["pytorch", "keras"]), ("set seed ", ["7"]), ("delete 0 ", []),
    ("w", ["wrap", "w", "w!", "wq", "wq!"]), ("wrap 1 r", ["residual"]), ("unwrap ", []),
    ("nonsense ", []),
  ]

  @Test(arguments: completions)
  func wordsAreCompletedByTheirPlace(typed: String, candidates: [String]) throws {
    let completion = Completion(of: typed, in: try Desk().document)
    #expect(completion.candidates.map(\.text) == candidates)
  }

  @Test func theHistoryComesBackAndSoDoesTheNewLine() throws {
    var desk = try Desk()
    try desk.press(":undo<ret><esc>:set seed 3<ret>:set se<up>")
    #expect(try line(desk).field.string == "set seed 3")
    try desk.press("<up><up>")
    #expect(try line(desk).field.string == "undo")
    try desk.press("<down><down>")
    #expect(try line(desk).field.string == "set se")
  }

  @Test func everyVerbOfTheCompletionIsUnderstood() throws {
    for form in TypedCommand.forms where form.arguments.isEmpty || form.arguments.hasPrefix("[") {
      #expect(throws: Never.self) { try TypedCommand(parsing: form.verb) }
    }
    let listed = Completion(of: "", in: try Desk().document).candidates.map(\.text)
    #expect(listed == TypedCommand.forms.map(\.verb))
  }

  @Test func helpAndBackspaceAndAnEmptyLineLeave() throws {
    var desk = try Desk()
    try desk.press(":<backspace>:<ret>")
    #expect(desk.state.popups.isEmpty)
    try desk.press(":help undo<ret>")
    let menu = try #require(desk.state.popups.last as? Menu)
    #expect(menu.shown.map(\.detail).contains("take the last edit back"))
  }

  @Test func aColonOnARefusedLineStartsANewOne() throws {
    var desk = try Desk()
    for refused in ["foo", "delete 9"] {
      try desk.press(":\(refused)<ret>:")
      #expect(try line(desk).field.string == "")
      try desk.press("set seed 3<ret>")
      #expect(desk.state.popups.isEmpty && desk.document.seed == 3)
    }
    // Anywhere else it is a character like others, and the refused line is in the history.
    try desk.press(":foo<ret>x:<up>")
    #expect(try line(desk).field.string == "foo")
    try desk.press("<down>")
    #expect(try line(desk).field.string == "foox:")
  }

  @Test func anotherSessionsFileIsReplacedOnlyIfThatIsMeant() throws {
    var desk = try Desk()
    try desk.press(":w other.json<ret>:set seed 3<ret>:w fox.txt<ret>")
    let message = desk.state.message?.text ?? ""
    #expect(message.hasPrefix("Saving needs a name that is free, got '"))
    #expect(message.contains("replace it with ':w! "))
    #expect(desk.state.session.file == "other.json" && desk.state.session.isDirty)
    try desk.press(":w! fox.txt<ret>")
    #expect(desk.state.session.file == "fox.txt" && !desk.state.session.isDirty)
    try desk.press(":w fox.txt<ret>")
    #expect(desk.state.popups.isEmpty)
    #expect(desk.effects.last == .save(as: "fox.txt"))
  }

  @Test func aLineIsSavedUnderAnotherName() throws {
    var desk = try Desk()
    try desk.press(":w other.json<ret>")
    #expect(desk.effects == [.save(as: "other.json")])
    #expect(desk.state.session.file == "other.json")
  }
}

extension Array where Element: Equatable {
  /// Whether `part` stands somewhere in the array, one element right after the other.
  fileprivate func contains(_ part: [Element]) -> Bool {
    guard !part.isEmpty, count >= part.count else { return part.isEmpty }
    return (0...(count - part.count)).contains { Array(self[$0..<($0 + part.count)]) == part }
  }
}
