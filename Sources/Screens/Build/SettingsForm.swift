import Canvas
import Workbench

/// Edits settings like cells of a sheet: type a value, see what it would do, Enter applies it.
struct SettingsForm: Modal {
  /// Which settings.
  let group: SettingGroup
  /// The setting under the cursor.
  private(set) var selected = 0
  /// What is typed in place of the value; nil while nothing is.
  private(set) var draft: TextField?

  /// A form of the settings of `group`.
  init(_ group: SettingGroup) { self.group = group }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    let hasOthers = group.settings(of: state.session.document).count > 1
    if draft != nil {
      return [.init("Enter", "apply")] + (hasOthers ? [.init("↑/↓", "apply and go on")] : [])
        + [.init("Esc", "take back")]
    }
    let hasChoices = setting(in: state.session.document)?.choices.isEmpty == false
    return (hasOthers ? [.init("↑/↓", "setting")] : []) + [.init("type", "a value")]
      + (hasChoices ? [.init("←/→", "choose")] : []) + [.init("Esc", "leave")]
  }

  /// The setting under the cursor.
  func setting(in document: Document) -> Setting? {
    let settings = group.settings(of: document)
    return settings.isEmpty ? nil : settings[min(selected, settings.count - 1)]
  }

  /// The session with what is typed.
  func preview(_ session: SessionView) -> ModelPreview {
    guard let draft, let setting = setting(in: session.document) else {
      return ModelPreview(session)
    }
    return ModelPreview(session, setting: setting.path, to: draft.string)
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    guard let setting = setting(in: state.session.document) else { return .close }
    switch key {
    case .escape:
      if draft == nil { return .close }
      draft = nil
    case .enter: return draft == nil ? .close : apply(setting, &state)
    case .up, .backTab, .control("p"): return go(-1, from: setting, &state)
    case .down, .tab, .control("n"): return go(1, from: setting, &state)
    case .character("j") where draft == nil && setting.domain != .text:
      return go(1, from: setting, &state)
    case .character("k") where draft == nil && setting.domain != .text:
      return go(-1, from: setting, &state)
    default: edit(setting, key)
    }
    return .stay
  }

  private mutating func go(_ step: Int, from setting: Setting, _ state: inout AppState) -> Reaction
  {
    let reaction = draft == nil ? Reaction.stay : apply(setting, &state)
    guard draft == nil else { return reaction }
    let last = group.settings(of: state.session.document).count - 1
    selected = min(max(selected + step, 0), max(last, 0))
    return reaction
  }

  /// Sends what is typed as one command; what cannot be set stays to be mended.
  private mutating func apply(_ setting: Setting, _ state: inout AppState) -> Reaction {
    guard let text = draft?.string else { return .stay }
    let preview = preview(state.session)
    if let refusal = preview.refusal {
      state.complain(refusal)
      return .stay
    }
    draft = nil
    guard preview.isChanged else { return .stay }
    return .stay([.command(.set(Command.Setting(setting.path, text)))])
  }

  private mutating func edit(_ setting: Setting, _ key: Key) {
    let shown = draft?.string ?? setting.value.description
    let place = setting.choices.firstIndex(of: shown)
    if let step = Self.step(key), !setting.choices.isEmpty, draft == nil || place != nil {
      let count = setting.choices.count
      let next = place.map { $0 + step } ?? (step > 0 ? 0 : count - 1)
      draft = TextField(setting.choices[(next + count) % count])
      return
    }
    // A letter or a pasted text replaces the value, everything else edits it.
    var field = draft ?? TextField(key.isText ? "" : shown)
    if field.handle(key) { draft = field }
  }

  private static func step(_ key: Key) -> Int? {
    switch key {
    case .left: -1
    case .right, .character(" "): 1
    default: nil
    }
  }
}

extension Key {
  /// Whether the key puts text in.
  fileprivate var isText: Bool {
    switch self {
    case .character, .paste: true
    default: false
    }
  }
}
