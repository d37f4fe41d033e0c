import Canvas

/// Something over the screen that has the keyboard until it closes.
///
/// Popups are a stack: the top one gets every key, so that in a text field every letter is text.
protocol Modal: Sendable {
  /// Its keys, for the hint bar.
  func hints(_ state: AppState) -> [HintBar.Hint]

  /// Reacts to a key; what it does to `state` is done before it closes.
  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction

  /// Draws over the screen.
  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout)
}

/// What a popup makes of a key.
struct Reaction: Sendable {
  /// What becomes of the popup.
  enum Fate: Sendable {
    /// It stays.
    case stay
    /// It closes.
    case close
    /// It closes when its effect is done, and stays if that fails.
    case closeWhenDone
  }

  /// What becomes of the popup.
  var fate: Fate
  /// What the program should do.
  var effects: [Effect]

  /// Nothing to do for the program; the popup stays.
  static let stay = Reaction(fate: .stay, effects: [])
  /// Nothing to do for the program; the popup closes.
  static let close = Reaction(fate: .close, effects: [])

  /// The popup closes and the program has something to do.
  static func close(_ effects: [Effect]) -> Reaction { Reaction(fate: .close, effects: effects) }

  /// The popup closes when the program has done `effects`.
  static func closeWhenDone(_ effects: [Effect]) -> Reaction {
    Reaction(fate: .closeWhenDone, effects: effects)
  }

  /// The popup stays and the program has something to do.
  static func stay(_ effects: [Effect]) -> Reaction { Reaction(fate: .stay, effects: effects) }
}

extension AppState {
  /// Gives `key` to the top popup and does what it says.
  mutating func handleInPopup(_ key: Key) -> [Effect] {
    guard var top = popups.popLast() else { return [] }
    let depth = popups.count
    let reaction = top.handle(key, &self)
    guard reaction.fate != .close else { return reaction.effects }
    popups.insert(top, at: min(depth, popups.count))
    closesWhenDone = reaction.fate == .closeWhenDone && !reaction.effects.isEmpty
    return reaction.effects
  }

  /// Closes the top popup if that was waiting for its effect.
  mutating func closeIfDone() {
    if closesWhenDone { _ = popups.popLast() }
    closesWhenDone = false
  }
}
