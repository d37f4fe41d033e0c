import Layers

/// The names of signals as people read them: where a layer reads both ways, an arrow says which cell
/// a signal is of, `h→` or `h←`.
enum LaneText {
  /// The signal called `name` of a layer whose signals are called `names`.
  static func name(_ name: String, among names: [String]) -> String {
    if Lane(of: name) == .backward { return base(of: name) + "←" }
    return names.contains(name + Lane.backward.suffix) ? name + "→" : name
  }

  /// The name that the same signal of the cell that reads the other way has.
  static func twin(of name: String) -> String {
    Lane(of: name) == .backward ? base(of: name) : name + Lane.backward.suffix
  }

  /// The name of the signal that a user writes as `h←`, `h→` or by its own name.
  static func typed(_ text: String) -> String {
    switch text.last {
    case "←": text.dropLast() + Lane.backward.suffix
    case "→": String(text.dropLast())
    default: text
    }
  }

  /// The name without what says that its cell reads from the end.
  static func base(of name: String) -> String {
    Lane(of: name) == .backward ? String(name.dropLast(Lane.backward.suffix.count)) : name
  }
}
