import Canvas
import Inspection
import Layers

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
    let plot = plot(width: rect.width)
    Frame(
      "unit \(state.unit) over time", note: plot.readout(canvas.palette),
      footer: plot.legend(canvas.palette) + events(canvas.palette), isFocused: state.focus == .trace
    ).draw(on: &canvas, in: rect)
    plot.draw(on: &canvas, in: Frame.content(of: rect))
  }

  private func plot(width: Int) -> LinePlot {
    var plot = LinePlot(series)
    plot.detail = .raw
    plot.xRange = shownSteps(width: width)
    plot.cursor = Double(state.t)
    plot.placeholder = "no signal"
    plot.marks = recording.events.map { .init(x: Double($0.step), label: "") }
    return plot
  }

  /// As many steps around the cursor as the map shows; nil for the whole sequence.
  private func shownSteps(width: Int) -> ClosedRange<Double>? {
    guard !state.isOverview, width > 1, recording.length > width else { return nil }
    let window = ScrollWindow(
      total: recording.length, visible: width, offset: state.t - width / 2, cursor: state.t)
    return Double(window.start)...Double(window.start + window.count - 1)
  }

  /// What the cell's memory, or else the signal of the map, is at the steps of rare tags.
  private func events(_ palette: Palette) -> StyledText {
    guard let view = state.view, let first = recording.events.first else { return StyledText() }
    let memory = recording.matrix(view.layer, "c" + Lane(of: view.signal.name).suffix)
    let matrix = memory.flatMap { state.unit < $0.units ? $0 : nil } ?? view.matrix
    let values = recording.events.map {
      NumberText.short(Double(matrix.value($0.step, state.unit)))
    }
    return StyledText(
      "  \(LaneText.base(of: matrix.signal.name)) at \(first.tag) "
        + values.joined(separator: " "), palette[.muted])
  }

  private var series: [LinePlot.Series] {
    guard let view = state.view else { return [] }
    let unit = state.unit
    let twin = state.twin?.matrix
    let state = "h" + Lane(of: view.signal.name).suffix
    let comparison = self.state.comparison
    let hidden =
      view.signal.name == state || self.state.showsChange
      ? nil : recording.matrix(view.layer, state)
    let names = recording.signals(of: view.layer).map(\.signal.name)
    let signal = LaneText.name(view.signal.name, among: names)
    let shown: [(name: String, matrix: SignalMatrix?)] =
      [((self.state.showsChange ? "change of " : "") + signal, view.matrix)]
      + (self.state.showsChange
        ? [] : [("unclamped \(signal)", comparison?.free.matrix(view.layer, view.signal.name))])
      + [twin, hidden].map { ($0.map { LaneText.name($0.signal.name, among: names) } ?? "", $0) }
    return shown.compactMap { name, matrix in
      matrix.flatMap { unit < $0.units ? (name, $0) : nil }
    }.enumerated().map { index, series in
      let trace = SeriesPyramid(series.1.trace(of: unit).map { Double($0) }, smoothing: 0)
      return .init("\(series.0)[\(unit)]", trace, index: index, rank: -index)
    }
  }
}

extension SequenceRecording {
  /// The steps of the rarer of two tags, such as spikes among quiet steps; none where neither is rare.
  var events: [(step: Int, tag: String)] {
    guard hasTags, target.labels.count == 2 else { return [] }
    let wanted = outcomes.map(\.target)
    let counts = [0, 1].map { tag in wanted.count { $0 == tag } }
    guard let rare = counts.indices.min(by: { counts[$0] < counts[$1] }), counts[rare] > 0,
      counts[rare] * 3 <= counts[1 - rare]
    else { return [] }
    return wanted.indices.filter { wanted[$0] == rare }.map { ($0, target.labels[rare]) }
  }
}
