import Canvas
import Workbench

extension LogScreen {
  /// Draws the journal, the newest entry at the end.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let filter = state.log.filter
    let shown = shown(state).count
    let count = shown == 1 ? "1 entry" : "\(NumberText.count(shown)) entries"
    Frame(
      "log", note: StyledText(filter.isEmpty ? count : "\(count) with '\(filter)'"),
      isFocused: state.popups.isEmpty
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard let list = Entries(state, inside, palette) else {
      let text = filter.isEmpty ? "nothing has happened yet" : "no entry has this text"
      canvas.write(text, x: inside.x + 1, y: inside.y, style: palette[.muted])
      return
    }
    list.table.draw(on: &canvas, in: list.place)
    for (row, line) in list.detail.enumerated() {
      canvas.write(line, x: inside.x + 1, y: list.place.endY + row, style: palette[.title])
    }
  }

  /// Puts the cursor on the entry under column `x`, row `y`.
  static func click(x: Int, y: Int, _ state: inout AppState, in rect: Rect) {
    guard let list = Entries(state, Frame.content(of: rect), Palette(.plain)),
      let row = list.table.row(y: y, in: list.place)
    else { return }
    let index = list.window.start + row
    state.log.cursor = index == list.count - 1 ? nil : index
  }

  /// The entries in their table, and the whole text of one that its row cuts off.
  private struct Entries {
    let table: Table
    let place: Rect
    let detail: [String]
    /// The entries in sight: a long journal costs no more to draw than a short one.
    let window: ScrollWindow
    let count: Int

    /// The entries of `state` in `rect`; nil when there are none.
    init?(_ state: AppState, _ rect: Rect, _ palette: Palette) {
      let entries = shown(state)
      guard !entries.isEmpty else { return nil }
      count = entries.count
      let cursor = min(state.log.cursor ?? entries.count - 1, entries.count - 1)
      detail = wrapped(entries[cursor], width: rect.width)
      place = rect.inset(bottom: detail.count)
      window = ScrollWindow(
        total: entries.count, visible: max(place.height - 1, 0), offset: .max, cursor: cursor)
      table = Table(
        columns: [
          .init("time"), .init("step", alignment: .right),
          .init("what", minimum: 10, grows: true),
        ],
        rows: entries[window.range].map { row($0, state, palette) },
        selected: cursor - window.start)
    }
  }

  private static func row(
    _ entry: Journal.Entry, _ state: AppState, _ palette: Palette
  ) -> [StyledText] {
    let time = ClockText.time(entry.time, secondsFromUTC: state.secondsFromUTC)
    return [
      StyledText(time, palette[.muted]), StyledText(entry.step.map { String($0) } ?? ""),
      entry.isCommand ? StyledText(":" + entry.text, palette[.keyHint]) : StyledText(entry.text),
    ]
  }

  /// The whole text of an entry that its row cuts off; empty when the row shows all of it.
  private static func wrapped(_ entry: Journal.Entry, width: Int) -> [String] {
    let step = max(entry.step.map { String($0).count } ?? 0, 4)
    // The cursor, the time and the gaps between the columns take 13 columns beside the step.
    if DisplayWidth.of(entry.text) + step + 14 <= width { return [] }
    return Array(WordWrap.lines(of: entry.text, width: width - 2).prefix(4))
  }
}
