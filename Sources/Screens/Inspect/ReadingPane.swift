import Canvas
import Inspection

/// Every signal of the chosen unit at the cursor, in one row.
struct ReadingLine: Widget {
  private let reading: UnitReading?

  /// The unit and the step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    reading = state.view.map { recording.reading(of: state.unit, in: $0.layer, at: state.t) }
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    guard let reading else { return }
    let palette = canvas.palette
    var text = StyledText("\(reading.layer) unit \(reading.unit)", palette[.title])
    for entry in reading.entries {
      text.append("  \(entry.signal.name) ", palette[.muted])
      text.append(NumberText.short(Double(entry.value)))
    }
    canvas.write(text, in: rect.row(0).inset(left: 1, right: 1))
  }
}

/// Every signal of the chosen unit at the cursor, with its meaning and how it changed.
struct ReadingPane: Widget {
  private let reading: UnitReading?
  private let chosen: String?
  private let isFocused: Bool

  /// The unit and the step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    reading = state.view.map { recording.reading(of: state.unit, in: $0.layer, at: state.t) }
    chosen = state.view?.signal.name
    isFocused = state.focus == .reading
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let title = reading.map { "\($0.layer) unit \($0.unit) at t \($0.t)" } ?? "unit"
    Frame(StyledText(title), isFocused: isFocused).draw(on: &canvas, in: rect)
    let palette = canvas.palette
    let rows = (reading?.entries ?? []).map { row($0, palette) }
    Table(
      columns: [
        .init("", priority: 3), .init("value", alignment: .right, priority: 4),
        .init("change", alignment: .right, priority: 2),
        .init("meaning", minimum: 8, grows: true, priority: 1),
      ], rows: rows
    ).draw(on: &canvas, in: Frame.content(of: rect))
  }

  private func row(_ entry: UnitReading.Entry, _ palette: Palette) -> [StyledText] {
    let isChosen = entry.signal.name == chosen
    let change = entry.previous.map { Double(entry.value) - Double($0) }
    return [
      StyledText((isChosen ? ">" : " ") + entry.signal.name, isChosen ? palette[.focus] : nil),
      StyledText(NumberText.short(Double(entry.value))),
      StyledText(change.map { ($0 > 0 ? "+" : "") + NumberText.short($0) } ?? "–"),
      StyledText(entry.signal.meaning, palette[.muted]),
    ]
  }
}
