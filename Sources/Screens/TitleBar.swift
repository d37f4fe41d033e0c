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
    badge = RunBadge(state.session.status, state.progress)
  }

  private var tabs: Tabs {
    Tabs(
      ScreenName.allCases.map { .init("\($0.index + 1) \($0.rawValue)") }, selected: screen.index)
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let brand = rect.width >= 72 ? "unroll " : ""
    var x = rect.x + 1
    x += canvas.write(brand, x: x, y: rect.y, style: palette[.muted])
    // A long name gives way to the run: it is known, the run is news.
    let news = badge.texts.dropLast().last ?? badge.texts.last ?? ""
    let room = rect.endX - x - tabs.width - DisplayWidth.of(news) - 3
    let wanted = DisplayWidth.of(name)
    x += canvas.write(
      name, x: x, y: rect.y, style: palette[.title], limit: min(wanted, max(room, 6)),
      ellipsis: true)
    let place = Rect(x: x + 1, y: rect.y, width: tabs.width, height: 1)
    tabs.draw(on: &canvas, in: place)
    let rest = Rect(
      x: place.endX, y: rect.y, width: rect.endX - place.endX - 1, height: 1)
    let text = badge.text(in: rest.width)
    canvas.write(StyledText(text, palette[badge.role]), in: rest, align: .right)
  }
}
