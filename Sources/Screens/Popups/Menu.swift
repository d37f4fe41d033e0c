import Canvas

/// A popup to choose from: the palette, the help, a question.
struct Menu: Modal {
  /// One line of the menu.
  struct Item: Sendable {
    /// What stands first: a name, or keys.
    var name: String
    /// What it means.
    var detail: String
    /// What stands at the right.
    var note = ""
    /// Other words that the filter finds it by.
    var keywords: [String] = []
    /// Why it cannot be chosen now.
    var reason: String?
    /// What choosing it does; the menu is closed by then.
    var action: @Sendable (inout AppState) -> [Effect]
  }

  /// What stands in the upper border.
  let title: String
  /// A question above the lines.
  let message: String
  /// The lines.
  let items: [Item]
  /// What is typed to find a line; nil for a menu without a filter.
  private(set) var filter: TextField?
  /// The chosen one of the lines that the filter leaves.
  private(set) var selected = 0

  /// A menu of `items`; with `filtered`, letters look for one.
  init(
    _ title: String, message: String = "", filtered: Bool = true, filter: String = "",
    _ items: [Item]
  ) {
    self.title = title
    self.message = message
    self.items = items
    self.filter = filtered ? TextField(filter, prompt: "/ ", placeholder: "type to filter") : nil
  }

  /// The lines that the filter leaves, best first: names that begin with it, then the others.
  var shown: [Item] {
    guard let wanted = filter?.string.lowercased(), !wanted.isEmpty else { return items }
    let first = items.filter { $0.name.lowercased().hasPrefix(wanted) }
    let rest = items.filter { item in
      !item.name.lowercased().hasPrefix(wanted)
        && ([item.name, item.detail] + item.keywords).contains {
          $0.lowercased().contains(wanted)
        }
    }
    return first + rest
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    (filter == nil ? [] : [HintBar.Hint("type", "filter")])
      + (shown.count > 1 ? [.init("↑/↓", "move")] : [])
      + (shown.isEmpty ? [] : [.init("Enter", "choose")]) + [.init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let last = max(0, shown.count - 1)
    switch key {
    case .escape: return .close
    case .enter: return choose(&state)
    case .up, .backTab, .control("p"): selected = max(0, selected - 1)
    case .down, .tab, .control("n"): selected = min(last, selected + 1)
    case .pageUp: selected = max(0, selected - 10)
    case .pageDown: selected = min(last, selected + 10)
    default: return handleText(key, &state)
    }
    return .stay
  }

  private mutating func handleText(_ key: Key, _ state: inout AppState) -> Reaction {
    guard filter != nil else {
      switch key {
      case .character("k"): return handle(.up, &state)
      case .character("j"): return handle(.down, &state)
      case .character("q"): return .close
      default: return .stay
      }
    }
    let before = filter?.string
    // Hands that know vim begin with a slash.
    if key == .character("/"), before?.isEmpty == true { return .stay }
    _ = filter?.handle(key)
    if filter?.string != before { selected = 0 }
    return .stay
  }

  private func choose(_ state: inout AppState) -> Reaction {
    guard shown.indices.contains(selected) else { return .stay }
    let item = shown[selected]
    if let reason = item.reason {
      state.complain(reason)
      return .stay
    }
    return .close(item.action(&state))
  }
}
