import Canvas
import Inspection

/// The chosen unit over time: the signal of the map, and the hidden state.
struct TracePane: Widget {
  private let state: InspectScreen.State
  private let recording: SequenceRecording

  /// The unit that `state` points at.
  init(_ state: InspectScreen.State, _ recording: SequenceRecording) {
    self.state = state
    self.recording = recording
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let plot = plot
    Frame(
      "unit \(state.unit) over time", note: plot.readout(canvas.palette),
      footer: plot.legend(canvas.palette), isFocused: state.focus == .trace
    ).draw(on: &canvas, in: rect)
    plot.draw(on: &canvas, in: Frame.content(of: rect))
  }

  private var plot: LinePlot {
    var plot = LinePlot(series)
    plot.detail = .raw
    plot.cursor = Double(state.t)
    plot.placeholder = "no signal"
    return plot
  }

  private var series: [LinePlot.Series] {
    guard let view = state.view else { return [] }
    let hidden = view.signal.name == "h" ? nil : recording.matrix(view.layer, "h")
    return [view.matrix, hidden].compactMap { $0 }.enumerated().compactMap { index, matrix in
      guard state.unit < matrix.units else { return nil }
      let trace = SeriesPyramid(matrix.trace(of: state.unit).map { Double($0) }, smoothing: 0)
      return .init("\(matrix.signal.name)[\(state.unit)]", trace, index: index, rank: -index)
    }
  }
}
