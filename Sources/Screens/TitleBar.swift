import Canvas
import Workbench

/// The session's name, the screens and the run, in one row.
struct TitleBar: Widget {
  /// The session's name, with `*` when the file lacks something.
  let name: String
  /// The screen that has the keyboard.
  let screen: ScreenName
  /// What the run does.
  let badge: RunBadge

  /// The title bar of `state`.
  init(_ state: AppState) {
    name = state.session.document.name + (state.session.isDirty ? "*" : "")
    screen = state.screen
    badge = RunBadge(state.session.status, state.run)
  }

  private var tabs: Tabs {
    Tabs(
      ScreenName.allCases.map { .init("\($0.index + 1) \($0.rawValue)") }, selected: screen.index)
  }

  /// The columns of the name and where the tabs stand.
  private func parts(of rect: Rect) -> (brand: String, name: Int, tabs: Rect) {
    let brand = rect.width >= 100 ? "unroll " : ""
    let start = rect.x + 1 + DisplayWidth.of(brand)
    // A long name gives way to the run: it is known, the run is news.
    let news = badge.texts.dropLast().last ?? badge.texts.last ?? ""
    let room = rect.endX - start - tabs.width - DisplayWidth.of(news) - 3
    let width = min(DisplayWidth.of(name), max(room, 6))
    return (
      brand, width, Rect(x: start + width + 1, y: rect.y, width: tabs.width, height: 1)
    )
  }

  /// The screen whose tab is under column `x`, row `y` when drawn in `rect`.
  func screen(x: Int, y: Int, in rect: Rect) -> ScreenName? {
    tabs.tab(x: x, y: y, in: parts(of: rect).tabs).map { ScreenName.allCases[$0] }
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let parts = parts(of: rect)
    let start = rect.x + 1
    let used = canvas.write(parts.brand, x: start, y: rect.y, style: palette[.muted])
    canvas.write(
      name, x: start + used, y: rect.y, style: palette[.title], limit: parts.name, ellipsis: true)
    tabs.draw(on: &canvas, in: parts.tabs)
    let rest = Rect(
      x: parts.tabs.endX, y: rect.y, width: rect.endX - parts.tabs.endX - 1, height: 1)
    canvas.write(
      StyledText(badge.text(in: rest.width), palette[badge.role]), in: rest, align: .right)
  }
}
