import Canvas
import Workbench

/// The settings of a group with what follows from them; a form edits them in the same place.
struct SettingsPane: Widget {
  /// The session that is shown.
  let session: SessionView
  /// Which settings.
  let group: SettingGroup
  /// The form that has the keys, if one does.
  let form: SettingsForm?

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.fill(rect)
    let preview = form?.preview(session) ?? ModelPreview(session)
    let settings = SettingsList(
      settings: group.settings(of: session.document), selected: form?.selected, draft: form?.draft)
    let facts = Facts(
      session: session, preview: preview, group: group, isEdited: form != nil)
    let parts = split(Frame.content(of: rect), settings, facts, canvas.palette)
    Frame(
      StyledText(group.title(in: session.document)),
      footer: StyledText(footer(of: settings, in: parts.settings)), isFocused: form != nil
    ).draw(on: &canvas, in: rect)
    settings.draw(on: &canvas, in: parts.settings)
    facts.draw(on: &canvas, in: parts.facts)
  }

  /// What there is no room for beside the setting under the cursor: what it means and takes.
  private func footer(of settings: SettingsList, in rect: Rect) -> String {
    guard let setting = form?.setting(in: session.document) else { return "" }
    let meaning = settings.showsMeanings(in: rect) ? "" : setting.summary
    let domain = settings.showsDomains(width: rect.width) ? "" : setting.domainText
    return [meaning, domain].filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// Settings and facts side by side where that fits, else one on the other.
  private func split(
    _ inside: Rect, _ settings: SettingsList, _ facts: Facts, _ palette: Palette
  ) -> (settings: Rect, facts: Rect) {
    let rooms = [settings.width, settings.narrowWidth].map { inside.width - $0 - 3 }
    if inside.width >= 70, let most = rooms.first(where: { $0 >= 30 }) {
      let wanted = facts.lines(width: min(most, 36), palette).map(\.width).max() ?? 0
      let width = min(max(wanted, 30), most)
      return (
        inside.inset(right: width + 2), inside.inset(left: inside.width - width - 1, right: 1)
      )
    }
    let wanted = facts.lines(width: inside.width - 2, palette).count + 1
    let room = max(inside.height - min(wanted, inside.height / 2), 1)
    let tall = inside.height - wanted
    let height = min(max(settings.rows(width: inside.width, height: tall), 1), room)
    return (
      inside.inset(bottom: inside.height - height),
      inside.inset(left: 1, top: height + 1, right: 1)
    )
  }
}
