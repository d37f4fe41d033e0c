import Canvas
import Workbench

extension LogScreen {
  /// Draws the journal, the newest entry at the end.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    let entries = shown(state)
    let palette = canvas.palette
    let filter = state.log.filter
    let count = entries.count == 1 ? "1 entry" : "\(NumberText.count(entries.count)) entries"
    Frame(
      "log", note: StyledText(filter.isEmpty ? count : "\(count) with '\(filter)'"),
      isFocused: state.popups.isEmpty
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard !entries.isEmpty else {
      let text = filter.isEmpty ? "nothing has happened yet" : "no entry has this text"
      canvas.write(text, x: inside.x + 1, y: inside.y, style: palette[.muted])
      return
    }
    let cursor = min(state.log.cursor ?? entries.count - 1, entries.count - 1)
    let detail = wrapped(entries[cursor], width: inside.width)
    Table(
      columns: [
        .init("time"), .init("step", alignment: .right), .init("what", minimum: 10, grows: true),
      ],
      rows: entries.map { row($0, state, palette) }, selected: cursor
    ).draw(on: &canvas, in: inside.inset(bottom: detail.count))
    for (row, line) in detail.enumerated() {
      let y = inside.endY - detail.count + row
      canvas.write(line, x: inside.x + 1, y: y, style: palette[.title])
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
