import Canvas

extension Menu {
  /// The columns of the names, the details and the notes of all lines.
  private var widths: (names: Int, details: Int, notes: Int) {
    func widest(_ text: (Item) -> String) -> Int {
      items.map { DisplayWidth.of(text($0)) }.max() ?? 0
    }
    return (widest(\.name), widest(\.detail), widest(\.note))
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let room = layout.body.width - 3
    let widths = widths
    let lines = message.isEmpty ? [] : WordWrap.lines(of: message, width: min(room - 1, 60))
    // The cursor stands before the names, and two columns between each two parts.
    let table =
      1 + [widths.names, widths.details, widths.notes].filter { $0 > 0 }.reduce(-2) { $0 + $1 + 2 }
    let texts = lines.map { DisplayWidth.of($0) }.max() ?? 0
    let width = min(room, max(table, texts + 1, DisplayWidth.of(title) + 6, filter == nil ? 0 : 24))
    let head = lines.isEmpty ? (filter == nil ? 0 : 1) : lines.count + 1
    // The size is that of all lines, so that the frame stands still while the filter narrows.
    let height = head + items.count
    let inside = Popup.open(
      Frame(
        StyledText(title),
        footer: StyledText(footer(rows: min(height, layout.body.height - 2) - head)),
        isFocused: true),
      width: width + 1, height: height, on: &canvas, in: layout.body)
    let text = inside.inset(left: 1, right: 1)
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: text.x, y: text.y + row, limit: text.width, ellipsis: true)
    }
    filter?.draw(on: &canvas, in: text.row(0))
    drawItems(on: &canvas, in: inside.inset(top: head, right: 1))
  }

  /// How many items the filter leaves, and which of them are out of sight in `rows` rows.
  private func footer(rows: Int) -> String {
    let window = ScrollWindow(total: shown.count, visible: rows, cursor: selected)
    let count = filter == nil ? "" : "\(shown.count)/\(items.count)"
    return [count, window.rest(of: shown.count)].filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private func drawItems(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    guard !shown.isEmpty else {
      canvas.write("nothing matches", x: rect.x + 1, y: rect.y, style: palette[.muted])
      return
    }
    let widths = widths
    Table(
      columns: [
        .init("", minimum: widths.names), .init("", minimum: 8, grows: true),
      ] + (widths.notes > 0 ? [.init("", alignment: .right, minimum: widths.notes)] : []),
      rows: shown.map { item in
        let isOff = item.reason != nil
        return [
          StyledText(item.name, palette[isOff ? .muted : .keyHint]),
          StyledText(item.detail, palette[isOff ? .muted : .text]),
          StyledText(item.note, palette[.muted]),
        ]
      }, selected: min(selected, shown.count - 1), showsHeader: false
    ).draw(on: &canvas, in: rect)
  }
}
