import Canvas

/// Keys that do one thing in one place: dispatch, hint bar, help and tests all read this.
struct Binding: Sendable {
  /// Where the keys work.
  enum Scope: Sendable, Equatable {
    case everywhere
    case screen(ScreenName)
  }

  /// The words for another view of the screen.
  struct Other: Sendable {
    let hint: String?
    let help: String
    /// Whether that view is shown.
    let applies: @Sendable (AppState) -> Bool
  }

  /// Where the keys work.
  let scope: Scope
  /// The keys; any of them will do.
  let keys: [Key]
  /// One or two words for the hint bar; nil keeps it out of there. Neighbours in the table with
  /// the same words share a hint: `J/K move`.
  let hint: String?
  /// A line for the help.
  let help: String
  /// What hint and help say in other views of the screen, where the keys do something else.
  let others: [Other]
  /// What it does.
  let action: @Sendable (inout AppState) -> [Effect]
  /// Why it does nothing just now; nil when it works.
  let disabled: @Sendable (AppState) -> String?

  init(
    _ scope: Scope, _ keys: [Key], hint: String? = nil, help: String, others: [Other] = [],
    disabled: @escaping @Sendable (AppState) -> String? = { _ in nil },
    action: @escaping @Sendable (inout AppState) -> [Effect]
  ) {
    self.scope = scope
    self.keys = keys
    self.hint = hint
    self.help = help
    self.others = others
    self.disabled = disabled
    self.action = action
  }

  /// The words for the hint bar in `state`.
  func hint(in state: AppState) -> String? {
    guard let other = others.first(where: { $0.applies(state) }) else { return hint }
    return other.hint
  }

  /// The line for the help in `state`.
  func help(in state: AppState) -> String {
    others.first { $0.applies(state) }?.help ?? help
  }

  /// Does what the keys do, or says on the status line why not.
  func run(_ state: inout AppState) -> [Effect] {
    if let reason = disabled(state) {
      state.complain(reason)
      return []
    }
    return action(&state)
  }
}

/// Every key of the program.
enum KeyTable {
  /// The bindings; a screen's own come before those that work everywhere.
  static let all: [Binding] =
    BuildScreen.bindings + TrainScreen.bindings + InspectScreen.bindings + LogScreen.bindings
    + LabScreen.bindings + App.bindings

  /// The bindings that work on `screen`, its own first.
  static func bindings(on screen: ScreenName) -> [Binding] {
    all.filter { $0.scope == .screen(screen) } + all.filter { $0.scope == .everywhere }
  }

  /// The binding of `key` on `screen`.
  static func binding(for key: Key, on screen: ScreenName) -> Binding? {
    bindings(on: screen).first { $0.keys.contains(key) }
  }

  /// Keys whose hints stay where there is not room for all: with them, the others can be found.
  private static let kept: Set<Key> = [.character(":"), .character("?"), .character("q")]

  /// The hint bar of `state` while no popup is open.
  static func hints(for state: AppState) -> [HintBar.Hint] { hinted(for: state).map(\.hint) }

  /// Every hint of `state` with the binding that a click on it runs.
  static func hinted(for state: AppState) -> [(hint: HintBar.Hint, binding: Binding)] {
    var hinted: [(hint: HintBar.Hint, binding: Binding)] = []
    for binding in bindings(on: state.screen) {
      guard let words = binding.hint(in: state), let key = binding.keys.first else { continue }
      let isKept = kept.contains(key)
      if let last = hinted.last?.hint, last.label == words, last.isKept == isKept {
        hinted[hinted.count - 1].hint.key += "/" + key.label
        if binding.disabled(state) == nil { hinted[hinted.count - 1].hint.isEnabled = true }
      } else {
        let hint = HintBar.Hint(
          key.label, words, isKept: isKept, isEnabled: binding.disabled(state) == nil)
        hinted.append((hint, binding))
      }
    }
    return hinted
  }
}
