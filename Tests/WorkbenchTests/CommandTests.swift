import Formats
import Layers
import Testing
import Workbench

struct CommandTests {
  @Test(arguments: [
    Command.add(kind: "lstm", at: nil, settings: []),
    .add(kind: "gru", at: 0, settings: [.init("hidden_size", "7")]),
    .add(
      kind: "rnn", at: 12, settings: [.init("hidden_size", "7"), .init("nonlinearity", "relu")]),
    .add(kind: "dropout", at: nil, settings: [.init("p", "a=b")]),
    .add(kind: "gru", at: LayerPath("2.1.0"), settings: []),
    .delete(at: LayerPath(1, inside: 3)), .move(from: LayerPath(0, inside: 2), to: 1),
    .delete(at: 3), .move(from: 4, to: 0), .wrap(at: 1, in: "residual"), .unwrap(at: 2),
    .rename(at: 1, to: "encoder_2"),
    .set(.init("lstm.hidden_size", "64")), .set(.init("training.learning_rate", "1e-3")),
    .set(.init("data.set", "two  words and a = sign.txt")), .set(.init("data.set", " edges ")),
    .set(.init("data.set", "\"quoted\"")), .set(.init("data.set", "\"half")),
    .set(.init("data.set", "")), .set(.init("name", "Ähre 麦")),
    .undo, .redo, .train, .restart, .pause, .resume, .step(1), .step(250), .stop, .checkpoint,
  ])
  func whatACommandSaysIsReadBack(command: Command) throws {
    #expect(try Command(parsing: command.description) == command)
  }

  @Test func settingsAreWrittenAsTheProgramsOptionsToo() throws {
    #expect(try Command(parsing: "set seed=5") == .set(.init("seed", "5")))
    let spaced = try Command(parsing: " set data.set=two words = 1.csv")
    #expect(spaced == .set(.init("data.set", "two words = 1.csv")))
    #expect(throws: SessionError.self) { try Command(parsing: "set seed=") }
  }

  @Test func everyFormCanBeTyped() throws {
    let typed = [
      "add lstm at 1 hidden_size=8", "delete 0", "move 0 1", "wrap 0 residual", "unwrap 0",
      "rename 0 a", "set seed 2", "undo",
      "redo", "train", "restart", "pause", "resume", "step", "stop", "checkpoint",
    ]
    #expect(try typed.map { try Command(parsing: $0).verb } == Command.forms.map(\.verb))
    #expect(Set(Command.forms.map(\.verb)).count == Command.forms.count)
  }

  @Test(arguments: [
    ("  set   seed   7  ", Command.set(.init("seed", "7"))),
    ("step", .step(1)),
    ("set data.set \"my text.txt\"", .set(.init("data.set", "my text.txt"))),
    ("set data.set \"a\" b", .set(.init("data.set", "\"a\" b"))),
  ])
  func spacesAndQuotesAreRead(line: String, command: Command) throws {
    #expect(try Command(parsing: line) == command)
  }

  @Test(arguments: [
    ("", "Type a command, such as 'add lstm'."),
    ("   ", "Type a command, such as 'add lstm'."),
    ("trian", "Unknown command 'trian'. Did you mean 'train'?"),
    (
      "fly",
      "Unknown command 'fly'. Choose one of: add, delete, move, wrap, unwrap, rename, set, undo, redo, train, "
        + "restart, pause, resume, step, stop, checkpoint."
    ),
    ("add", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add'."),
    ("add lstm at", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add lstm at'."),
    ("add lstm at x", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add lstm at x'."),
    ("add lstm p", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add lstm p'."),
    ("add lstm p=", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add lstm p='."),
    ("add lstm =1", "Write it as 'add KIND [at N] [NAME=VALUE …]', got 'add lstm =1'."),
    ("delete", "Write it as 'delete N', got 'delete'."),
    ("delete one", "Write it as 'delete N', got 'delete one'."),
    ("delete 1.", "Write it as 'delete N', got 'delete 1.'."),
    ("delete 1 2", "Write it as 'delete N', got 'delete 1 2'."),
    ("delete 9999999999999999999", "Write it as 'delete N', got 'delete 9999999999999999999'."),
    ("move 1", "Write it as 'move N M', got 'move 1'."),
    ("move a b", "Write it as 'move N M', got 'move a b'."),
    ("move 1 2 3", "Write it as 'move N M', got 'move 1 2 3'."),
    ("wrap 1", "Write it as 'wrap N KIND', got 'wrap 1'."),
    ("unwrap a", "Write it as 'unwrap N', got 'unwrap a'."),
    ("rename 1", "Write it as 'rename N NAME', got 'rename 1'."),
    ("rename a b", "Write it as 'rename N NAME', got 'rename a b'."),
    ("rename 1 a b", "Write it as 'rename N NAME', got 'rename 1 a b'."),
    ("set", "Write it as 'set PATH VALUE', got 'set'."),
    ("set seed", "Write it as 'set PATH VALUE', got 'set seed'."),
    ("undo 2", "Write it as 'undo', got 'undo 2'."),
    ("redo 2", "Write it as 'redo', got 'redo 2'."),
    ("train 5", "Write it as 'train', got 'train 5'."),
    ("restart now", "Write it as 'restart', got 'restart now'."),
    ("pause 1", "Write it as 'pause', got 'pause 1'."),
    ("resume 1", "Write it as 'resume', got 'resume 1'."),
    ("step 0", "Write it as 'step [N]', got 'step 0'."),
    ("step -1", "Write it as 'step [N]', got 'step -1'."),
    ("step two", "Write it as 'step [N]', got 'step two'."),
    ("step 1 2", "Write it as 'step [N]', got 'step 1 2'."),
    ("stop it", "Write it as 'stop', got 'stop it'."),
    ("checkpoint a", "Write it as 'checkpoint', got 'checkpoint a'."),
    ("\u{1B}[2J", "Unknown command '\\u{1B}[2J'." + everyVerb),
    ("undo \u{202E}x", "Write it as 'undo', got 'undo \\u{202E}x'."),
  ])
  func aWrongFormIsRefusedWithTheRightOne(line: String, sentence: String) {
    #expect(throws: SessionError(sentence)) { try Command(parsing: line) }
  }

  @Test func aLongLineIsCutInItsSentence() {
    let line = String(repeating: "x", count: 1_000_000)
    #expect(throws: SessionError("Unknown command '\(line.prefix(120))…'.\(everyVerb)")) {
      try Command(parsing: line)
    }
  }
}

private let everyVerb =
  " Choose one of: add, delete, move, wrap, unwrap, rename, set, undo, redo, train, restart, pause, resume, "
  + "step, stop, checkpoint."

extension Command {
  /// The first word.
  fileprivate var verb: String { String(description.prefix { $0 != " " }) }
}
