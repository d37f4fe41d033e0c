import Canvas
import Inspection

/// The input and every layer in the order data flow, with what they put out in a few numbers.
struct LayerListPane: Widget {
  private let state: InspectScreen.State
  private let recording: SequenceRecording
  private let runStep: Int

  /// The layers of `recording`, of a run that is at `runStep`.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording, runStep: Int) {
    self.state = state
    self.recording = recording
    self.runStep = runStep
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let isFocused = state.layers.focus == .list
    let time = recording.length > 1 ? "t \(state.t)/\(recording.length - 1)  " : ""
    let age = RecordingNote(recording, runStep: runStep, state.comparison).text(palette)
    let title = "layers  \(time)\(recording.example.title)"
    Frame(
      StyledText(title.shortened(to: max(24, rect.width - age.width - 9))), note: age,
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    Table(
      columns: Self.columns, rows: rows(palette), selected: state.layers.index,
      isFocused: isFocused
    ).draw(on: &canvas, in: Frame.content(of: rect))
  }

  private static let columns: [Table.Column] = [
    .init("", minimum: 16, grows: true, priority: 9),
    .init("kind", priority: 1),
    .init("output", priority: 8),
    .init("mean", alignment: .right, priority: 5),
    .init("std", alignment: .right, priority: 4),
    .init("min", alignment: .right, priority: 2),
    .init("max", alignment: .right, priority: 3),
    .init("zeros", alignment: .right, priority: 6),
    .init("dead", alignment: .right, priority: 7),
  ]

  private func rows(_ palette: Palette) -> [[StyledText]] {
    let guides = TreeGuides(recording.outputs.compactMap(\.path))
    return LayersState.outputs(of: recording).map { output in
      let before = output.path.map(guides.before) ?? ""
      var name = StyledText(before, palette[.muted]) + StyledText(output.name.shortened(to: 24))
      if recording.silenced.contains(output.name), output.path != nil {
        name.append(" silenced", palette[.warning])
      }
      return [name, StyledText(output.kind, palette[.muted]), StyledText(output.axes)]
        + numbers(of: output, palette)
    }
  }

  private func numbers(of output: LayerOutput, _ palette: Palette) -> [StyledText] {
    guard !output.isIDs else { return Array(repeating: StyledText("–", palette[.muted]), count: 6) }
    let summary = output.summary
    let numbers = [summary.mean, summary.deviation, summary.minimum, summary.maximum]
    let dead = output.deadUnits.count
    let fitness =
      summary.notFinite > 0
      ? StyledText("× \(summary.notFinite) NaN/Inf", palette[.error])
      : dead > 0
        ? StyledText("\(dead) of \(output.units)", palette[.warning])
        : StyledText("0", palette[.muted])
    return numbers.map { StyledText(NumberText.short($0)) }
      + [StyledText(NumberText.percent(summary.zeros)), fitness]
  }
}
