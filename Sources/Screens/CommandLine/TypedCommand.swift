import Formats
import Inspection
import Workbench

/// What can be typed after `:`: the commands of a session, and a few of the program itself.
enum TypedCommand: Equatable {
  /// A command for the session.
  case session(Command)
  /// Save, to a new file if there is a name, over another one only if `isForced`; then leave, if that is
  /// wanted.
  case write(String?, quits: Bool, isForced: Bool)
  /// Leave; asks unless `isForced`.
  case quit(isForced: Bool)
  /// Show a text that the network writes, after this prompt.
  case generate(String)
  /// Have texts written at this temperature.
  case temperature(Double)
  /// Have texts drawn from so many likeliest characters; 0: all.
  case topK(Int)
  /// Have texts drawn from the likeliest characters that have this share of the odds; 1: all.
  case topP(Double)
  /// Record what the network does with this text.
  case tryText(String)
  /// Show how the network goes on by itself for so many steps.
  case forecast(Int)
  /// Hold a signal at a value, as these words say; without words, hold nothing any more.
  case clamp(ClampWords?)
  /// List the keys that match some words.
  case help(String)

  /// One command as users type it.
  struct Form: Equatable {
    /// The first word.
    let verb: String
    /// The words after it.
    let arguments: String
    /// What it does.
    let summary: String
  }

  /// Every form, in the order of the completion.
  static let forms: [Form] =
    Command.forms.map { Form(verb: $0.verb, arguments: $0.arguments, summary: $0.summary) } + [
      Form(verb: "w", arguments: "[FILE]", summary: "save the session"),
      Form(verb: "w!", arguments: "[FILE]", summary: "save the session over another one's file"),
      Form(verb: "wq", arguments: "[FILE]", summary: "save the session and quit"),
      Form(verb: "wq!", arguments: "[FILE]", summary: "save it over another one's file and quit"),
      Form(verb: "q", arguments: "", summary: "quit; asks if something is unsaved or running"),
      Form(verb: "q!", arguments: "", summary: "quit without saving"),
      Form(verb: "generate", arguments: "[PROMPT]", summary: "show a text that the model writes"),
      Form(verb: "temperature", arguments: "T", summary: "of that text; 0: always the likeliest"),
      Form(verb: "top-k", arguments: "K", summary: "characters that it is drawn from; 0: all"),
      Form(verb: "top-p", arguments: "P", summary: "share of the likeliest; 1: all"),
      Form(verb: "try", arguments: "TEXT", summary: "look at a text of yours; n goes back"),
      Form(verb: "forecast", arguments: "N", summary: "go on by itself for N steps from here"),
      Form(
        verb: "clamp", arguments: ClampWords.form, summary: "hold a gate, cell or hidden unit"),
      Form(verb: "help", arguments: "[WORDS]", summary: "list the keys"),
    ]

  /// Reads what a user typed, or says how it should look.
  init(parsing line: String) throws(SessionError) {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1].trimmingSpaces : ""
    switch words.first {
    case "w"?, "w!"?, "wq"?, "wq!"?:
      self = .write(
        rest.isEmpty ? nil : rest, quits: words[0].contains("q"), isForced: words[0].hasSuffix("!"))
    case "q" where rest.isEmpty: self = .quit(isForced: false)
    case "q!" where rest.isEmpty: self = .quit(isForced: true)
    case "q", "q!":
      throw SessionError("Write it as '\(words[0])', got \(SafeText.quoted(line)).")
    case "help": self = .help(rest)
    case "generate": self = .generate(rest)
    case "temperature":
      guard let value = Double(rest), value >= 0, value.isFinite else {
        throw SessionError("A temperature is a number of 0 or more, got \(SafeText.quoted(rest)).")
      }
      self = .temperature(value)
    case "top-k":
      guard let count = Int(rest), count >= 0 else {
        throw SessionError(
          "top-k is a whole number of characters, or 0 for all, got \(SafeText.quoted(rest)).")
      }
      self = .topK(count)
    case "top-p":
      guard let share = Double(rest), share > 0, share <= 1 else {
        throw SessionError(
          "top-p is a share of the odds above 0, or 1 for all, got \(SafeText.quoted(rest)).")
      }
      self = .topP(share)
    case "try":
      guard !rest.isEmpty else {
        throw SessionError("Write the text behind 'try', such as 'try Schmidt', got none.")
      }
      self = .tryText(rest)
    case "forecast":
      guard let steps = Int(rest), 1...FanWish.most ~= steps else {
        throw SessionError(
          "forecast takes a number of steps from 1 to \(FanWish.most), got \(SafeText.quoted(rest))."
        )
      }
      self = .forecast(steps)
    case "clamp": self = .clamp(rest == "none" ? nil : try ClampWords(parsing: rest))
    case let verb? where !Self.forms.contains(where: { $0.verb == verb }):
      throw SessionError(
        "Unknown command \(SafeText.quoted(verb))."
          + Suggestion.choice(for: verb, among: Self.forms.map(\.verb)))
    default: self = .session(try Command(parsing: line))
    }
  }
}

extension String {
  /// The text without spaces at its ends.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
