import Canvas
import Inspection

/// What the network expected at the cursor, and how well it does on the whole sequence.
struct PredictionsPane: Widget {
  private let recording: SequenceRecording
  private let t: Int
  private let output: Int
  private let isFocused: Bool
  private let fan: ForecastFan?
  private let comparison: ClampComparison?

  /// The step that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    self.recording = recording
    t = state.t
    output = state.output
    isFocused = state.focus == .predictions
    fan = state.fan
    comparison = state.comparison
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let title = recording.target.isPerStep ? "expected after t \(t)" : "expected of the sequence"
    Frame(StyledText(title), footer: StyledText(summary), isFocused: isFocused)
      .draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    if let forecast = recording.forecast(at: t) {
      let lines = ForecastText(recording.target).lines(of: forecast, canvas.palette)
      if recording.target.isPerStep, inside.height >= 4 {
        // As many values as leave half of the room for the curve, the one of the curve first.
        let first = output % lines.count
        let shown = (lines[first...] + lines[..<first]).prefix(max(1, inside.height / 2 - 1))
        List(Array(shown)).draw(on: &canvas, in: inside)
        ForecastPlot(recording, output: first, t: t, fan: fan)
          .draw(on: &canvas, in: inside.inset(top: shown.count))
      } else {
        List(lines).draw(on: &canvas, in: inside)
      }
      return
    }
    let bars = recording.alternatives(at: t, count: inside.height).map { other in
      Bars.Bar(
        (other.isTarget ? "*" : " ") + "'\(other.label)'", Double(other.probability),
        style: other.isTarget ? canvas.palette[.good] : nil)
    }
    if case .points = recording.target.kind {
      canvas.write(
        "a point, which predicts nothing", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.muted])
      return
    }
    guard !bars.isEmpty else {
      canvas.write(
        "× scores are not finite", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.error])
      return
    }
    Bars(bars, limit: 1).draw(on: &canvas, in: inside)
  }

  private var summary: String {
    if let fan { return FanText(fan).summary }
    if let comparison { return ClampText(comparison).effect.joined(separator: "  ") }
    var parts: [String] = []
    if let loss = recording.meanLoss { parts.append("mean loss \(NumberText.short(loss)) nats") }
    if recording.target.isPerStep, let accuracy = recording.accuracy {
      parts.append("\(NumberText.percent(accuracy)) right")
    }
    if !recording.forecasts.isEmpty {
      let place = output % recording.target.width
      if let error = recording.meanError(of: place) {
        let text = ForecastText(recording.target)
        parts.append("\(text.names[place]) mean error \(text.number(error, place))")
      }
    }
    return parts.joined(separator: "  ")
  }
}
