import Formats
import Inspection
import Layers
import Workbench

/// What to hold, as users type it: `f 17 0`, `lstm.f all 0 3 9`.
struct ClampWords: Equatable, Sendable {
  /// The layer's name; nil: the one in view.
  let layer: String?
  /// The signal's name, such as `f`.
  let signal: String
  /// The unit; nil: all of them.
  let unit: Int?
  /// What it is to be held at.
  let value: Float
  /// The time steps; nil: all of them.
  let steps: ClosedRange<Int>?

  /// What stands behind the verb.
  static let form = "SIGNAL UNIT VALUE [FROM TO]"

  /// Reads what a user typed, or says how it should look.
  init(parsing text: String) throws(SessionError) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3 || words.count == 5 else {
      throw SessionError(
        "A clamp is \(Self.form), such as 'f 17 0' or 'lstm.f all 0 3 9', or none; got "
          + "\(SafeText.quoted(text)).")
    }
    let name = words[0]
    if let dot = name.lastIndex(of: ".") {
      layer = String(name[..<dot])
      signal = LaneText.typed(String(name[name.index(after: dot)...]))
    } else {
      layer = nil
      signal = LaneText.typed(name)
    }
    unit = words[1] == "all" ? nil : Int(words[1])
    guard words[1] == "all" || unit.map({ $0 >= 0 }) == true else {
      throw SessionError(
        "A clamp needs the number of a unit, or all, got \(SafeText.quoted(words[1])).")
    }
    guard let value = Float(words[2]), value.isFinite else {
      throw SessionError(
        "A clamp needs a number to hold the signal at, got \(SafeText.quoted(words[2])).")
    }
    self.value = value
    guard words.count == 5 else {
      steps = nil
      return
    }
    guard let first = Int(words[3]), let last = Int(words[4]), first >= 0, first <= last
    else {
      throw SessionError(
        "A clamp goes from one step to the same or a later one, counted from 0, got "
          + "\(SafeText.quoted(words[3...].joined(separator: " "))).")
    }
    steps = first...last
  }

  /// The clamp, of the layer called `current` unless the words name one.
  func clamp(of current: String) -> Clamp {
    Clamp(layer: layer ?? current, signal: signal, unit: unit, value: value, steps: steps)
  }
}
