import Canvas
import Workbench

/// Shows the journal: every command and note of the session, with its time and step.
enum LogScreen {
  /// What the screen remembers.
  struct State: Sendable, Equatable {
    /// The entry under the cursor among those shown; nil follows the newest.
    var cursor: Int?
    /// The text that shown entries contain; empty shows all.
    var filter = ""
  }

  /// The entries that the filter leaves, oldest first.
  static func shown(_ state: AppState) -> [Journal.Entry] {
    let wanted = state.log.filter.lowercased()
    guard !wanted.isEmpty else { return state.session.journal }
    return state.session.journal.filter { $0.text.lowercased().contains(wanted) }
  }

  /// The keys of the screen.
  static let bindings: [Binding] = [
    Binding(.screen(.log), [.character("/")], hint: "filter", help: "show entries with a text") {
      state in
      state.popups.append(filterPrompt(state))
      return []
    },
    Binding(.screen(.log), [.down, .character("j")], hint: "scroll", help: "next entry") {
      move(by: 1, &$0)
    },
    Binding(.screen(.log), [.up, .character("k")], hint: "scroll", help: "previous entry") {
      move(by: -1, &$0)
    },
    Binding(.screen(.log), [.pageDown, .control("d")], help: "a page of entries down") {
      move(by: page($0), &$0)
    },
    Binding(.screen(.log), [.pageUp, .control("b")], help: "a page of entries up") {
      move(by: -page($0), &$0)
    },
    Binding(.screen(.log), [.character("g"), .home], hint: "oldest", help: "the oldest entry") {
      state in
      state.log.cursor = 0
      return []
    },
    Binding(
      .screen(.log), [.character("G"), .end], hint: "newest", help: "the newest entry; follows it"
    ) { state in
      state.log.cursor = nil
      return []
    },
    Binding(.screen(.log), [.escape], help: "show all entries again") { state in
      state.log = State()
      return []
    },
  ]

  /// The entries on a page: the rows of the terminal without title, frame, heading, status, keys.
  private static func page(_ state: AppState) -> Int { max((state.size?.height ?? 16) - 6, 1) }

  private static func move(by step: Int, _ state: inout AppState) -> [Effect] {
    let last = max(shown(state).count - 1, 0)
    let next = min(max(min(state.log.cursor ?? last, last) + step, 0), last)
    state.log.cursor = next == last ? nil : next
    return []
  }

  private static func filterPrompt(_ state: AppState) -> Prompt {
    let before = state.log
    return Prompt(
      "/", text: state.log.filter, placeholder: "show entries with this text", verb: "keep",
      changed: { $1.log = State(cursor: nil, filter: $0) }, cancelled: { $0.log = before },
      submit: { _, _ in [] })
  }
}
