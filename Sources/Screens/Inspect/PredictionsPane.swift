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

  private var summary: String {
    var parts: [String] = []
    if let loss = recording.meanLoss { parts.append("mean loss \(NumberText.short(loss)) nats") }
    if recording.target.isPerStep, let accuracy = recording.accuracy {
      parts.append("\(NumberText.percent(accuracy)) right")
    }
    return parts.joined(separator: "  ")
  }
}
