import Formats
import Layers

/// Everything that can happen to a session: the screens, the command line, the journal and the
/// tests all speak in these.
public enum Command: Sendable, Equatable {
  /// Puts a layer of `kind` before the one at `at` (nil: at the end), with some settings.
  case add(kind: String, at: LayerPath?, settings: [Setting])
  /// Takes the layer at a place out, with all inside it.
  case delete(at: LayerPath)
  /// Moves the layer at a place to another one, with all inside it.
  case move(from: LayerPath, to: LayerPath)
  /// Puts a new layer of a kind where the one at a place stands, and that inside it.
  case wrap(at: LayerPath, in: String)
  /// Puts what is inside the layer at a place where that stands.
  case unwrap(at: LayerPath)
  /// Changes one setting: `lstm.hidden_size`, `training.learning_rate`, `seed`.
  case set(Setting)
  /// Gives the layer at a place another name.
  case rename(at: LayerPath, to: String)
  /// Takes the last edit back.
  case undo
  /// Does the last undone edit again.
  case redo
  /// Starts training, or goes on with the run that stopped.
  case train
  /// Starts a new run from fresh weights.
  case restart
  /// Waits after the current step.
  case pause
  /// Goes on after a pause.
  case resume
  /// Does some steps and waits.
  case step(Int)
  /// Saves and ends the run.
  case stop
  /// Saves a checkpoint now.
  case checkpoint

  /// A name and a value, as written.
  public struct Setting: Sendable, Hashable {
    /// The setting's name or path.
    public var name: String
    /// The value as text.
    public var value: String

    /// `name` = `value`.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}

extension Command {
  /// One command as users type it, for completion and help.
  public struct Form: Sendable {
    /// The first word.
    public let verb: String
    /// The words after it: `KIND [at N] [NAME=VALUE ...]`.
    public let arguments: String
    /// What it does.
    public let summary: String
  }

  /// Every form, in the order of the help.
  public static let forms: [Form] = [
    Form(
      verb: "add", arguments: "KIND [at N] [NAME=VALUE …]",
      summary: "add a layer; 2.0: inside layer 2"),
    Form(verb: "delete", arguments: "N", summary: "take layer N out"),
    Form(verb: "move", arguments: "N M", summary: "move layer N to place M"),
    Form(verb: "wrap", arguments: "N KIND", summary: "put a layer around layer N"),
    Form(verb: "unwrap", arguments: "N", summary: "put what layer N holds in its place"),
    Form(verb: "rename", arguments: "N NAME", summary: "name layer N"),
    Form(verb: "set", arguments: "PATH VALUE", summary: "change a setting"),
    Form(verb: "undo", arguments: "", summary: "take the last edit back"),
    Form(verb: "redo", arguments: "", summary: "do it again"),
    Form(verb: "train", arguments: "", summary: "start training or go on"),
    Form(verb: "restart", arguments: "", summary: "train anew from fresh weights"),
    Form(verb: "pause", arguments: "", summary: "wait after this step"),
    Form(verb: "resume", arguments: "", summary: "go on"),
    Form(verb: "step", arguments: "[N]", summary: "do one step, or N"),
    Form(verb: "stop", arguments: "", summary: "save and end the run"),
    Form(verb: "checkpoint", arguments: "", summary: "save the weights now"),
  ]

  /// The command as users type it; `init(parsing:)` reads it back.
  public var description: String {
    switch self {
    case .add(let kind, let at, let settings):
      (["add", kind] + (at.map { ["at", $0.description] } ?? [])
        + settings.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    case .delete(let at): "delete \(at)"
    case .move(let from, let to): "move \(from) \(to)"
    case .wrap(let at, let kind): "wrap \(at) \(kind)"
    case .unwrap(let at): "unwrap \(at)"
    case .set(let setting): "set \(setting.name) \(Self.written(setting.value))"
    case .rename(let at, let name): "rename \(at) \(name)"
    case .undo: "undo"
    case .redo: "redo"
    case .train: "train"
    case .restart: "restart"
    case .pause: "pause"
    case .resume: "resume"
    case .step(let count): "step \(count)"
    case .stop: "stop"
    case .checkpoint: "checkpoint"
    }
  }

  /// Reads what a user typed, or says how it should look.
  public init(parsing line: String) throws(SessionError) {
    let words = line.split(separator: " ").map(String.init)
    guard let verb = words.first else { throw SessionError("Type a command, such as 'add lstm'.") }
    let arguments = Array(words.dropFirst())
    guard let form = Command.forms.first(where: { $0.verb == verb }) else {
      throw SessionError(
        "Unknown command \(SafeText.quoted(verb))."
          + Suggestion.choice(for: verb, among: Command.forms.map(\.verb)))
    }
    guard let command = Command.parse(line, verb, arguments) else {
      let shape = [form.verb, form.arguments].filter { !$0.isEmpty }.joined(separator: " ")
      throw SessionError("Write it as '\(shape)', got \(SafeText.quoted(line)).")
    }
    self = command
  }

  private static func parse(_ line: String, _ verb: String, _ words: [String]) -> Command? {
    switch verb {
    case "add": return parseAdd(words)
    case "delete": return words.count == 1 ? LayerPath(words[0]).map { .delete(at: $0) } : nil
    case "move":
      guard words.count == 2, let from = LayerPath(words[0]), let to = LayerPath(words[1]) else {
        return nil
      }
      return .move(from: from, to: to)
    case "wrap":
      guard words.count == 2, let at = LayerPath(words[0]) else { return nil }
      return .wrap(at: at, in: words[1])
    case "unwrap": return words.count == 1 ? LayerPath(words[0]).map { .unwrap(at: $0) } : nil
    case "rename":
      guard words.count == 2, let at = LayerPath(words[0]) else { return nil }
      return .rename(at: at, to: words[1])
    case "set":
      // The value is the rest of the line as it is: paths may have several spaces in a row.
      let rest = line.drop { $0 == " " }.dropFirst(verb.count).drop { $0 == " " }
      if words.first?.contains("=") == true {  // as the program's options write it
        let parts = rest.split(separator: "=", maxSplits: 1)
        return parts.count == 2 ? .set(Setting(String(parts[0]), read(parts[1]))) : nil
      }
      guard words.count >= 2 else { return nil }
      return .set(Setting(words[0], read(rest.dropFirst(words[0].count))))
    case "step":
      guard words.count <= 1, let count = Int(words.first ?? "1"), count > 0 else { return nil }
      return .step(count)
    default:
      let plain: [String: Command] = [
        "undo": .undo, "redo": .redo, "train": .train, "restart": .restart, "pause": .pause,
        "resume": .resume, "stop": .stop, "checkpoint": .checkpoint,
      ]
      return words.isEmpty ? plain[verb] : nil
    }
  }

  /// `value` so that `read` finds it again, in quotes where spaces or quotes would be lost.
  private static func written(_ value: String) -> String {
    let isPlain = !value.isEmpty && !value.hasPrefix(" ") && !value.hasSuffix(" ")
    return isPlain && !value.hasPrefix("\"") ? value : JSON.string(value).text(.compact)
  }

  /// The value that `text` says: a string in double quotes as in JSON, or else all of it.
  private static func read(_ text: Substring) -> String {
    let text = text.drop { $0 == " " }
    let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
    let value = String(text[..<end])
    guard value.hasPrefix("\"") else { return value }
    return (try? JSON(parsing: value, name: "value"))?.string ?? value
  }

  private static func parseAdd(_ words: [String]) -> Command? {
    guard let kind = words.first else { return nil }
    var rest = words.dropFirst()
    var position: LayerPath?
    if rest.first == "at" {
      guard let at = rest.dropFirst().first.flatMap({ LayerPath($0) }) else { return nil }
      position = at
      rest = rest.dropFirst(2)
    }
    var settings: [Setting] = []
    for word in rest {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      settings.append(Setting(parts[0], parts[1]))
    }
    return .add(kind: kind, at: position, settings: settings)
  }
}
