import Canvas
import Inspection

/// What the network expected at the cursor, and how well it does on the whole sequence.
struct PredictionsPane: Widget {
  private let recording: SequenceRecording
  private let t: Int
  private let isFocused: Bool

  /// The step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    self.recording = recording
    t = state.t
    isFocused = state.focus == .predictions
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let title = recording.target.isPerStep ? "expected after t \(t)" : "expected of the sequence"
    Frame(StyledText(title), footer: StyledText(summary), isFocused: isFocused)
      .draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    if let forecast = recording.forecast(at: t) {
      List(lines(of: forecast, canvas.palette)).draw(on: &canvas, in: inside)
      return
    }
    let bars = recording.alternatives(at: t, count: inside.height).map { other in
      Bars.Bar(
        (other.isTarget ? "*" : " ") + "'\(other.label)'", Double(other.probability),
        style: other.isTarget ? canvas.palette[.good] : nil)
    }
    guard !bars.isEmpty else {
      canvas.write(
        "× scores are not finite", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.error])
      return
    }
    Bars(bars, limit: 1).draw(on: &canvas, in: inside)
  }

  /// Every value beside what was wanted, in its unit.
  private func lines(of forecast: Forecast, _ palette: Palette) -> [StyledText] {
    let width = recording.target.labels.map { DisplayWidth.of($0) }.max() ?? 0
    return zip(recording.target.labels, forecast.values).enumerated().map { index, value in
      var line = StyledText(value.0.padded(to: width), palette[.muted])
      line.append("  " + NumberText.short(value.1))
      if let wanted = forecast.wanted {
        line.append("  wanted \(NumberText.short(wanted[index]))", palette[.good])
      }
      return line
    }
  }

  private var summary: String {
    var parts: [String] = []
    if let loss = recording.meanLoss { parts.append("mean loss \(NumberText.short(loss)) nats") }
    if recording.target.isPerStep, let accuracy = recording.accuracy {
      parts.append("\(NumberText.percent(accuracy)) right")
    }
    return parts.joined(separator: "  ")
  }
}
