import Canvas
import Training

/// ‖∂L/∂h_t‖ of one recurrent layer over the steps of the sequence: does the past still teach?
struct GradientPane: Widget {
  private let curve: GradientOverTime?
  private let isFocused: Bool

  /// The curve of the layer that `state` points at.
  init(_ state: AppState) {
    let layer = state.run.detail?.recurrentLayer(state.train.layer)
    curve = state.run.detail?.gradientOverTime.first { $0.layer == layer }
    isFocused = state.train.focus == .gradient
  }

  /// Growth of the gradient towards the past from which on it is worth a word.
  private static let notableGrowth = 10.0

  func draw(on canvas: inout Canvas, in rect: Rect) {
    var title = StyledText("‖∂L/∂h_t‖ log")
    if let curve { title.append("  " + curve.layer) }
    Frame(title, footer: footer(canvas.palette), isFocused: isFocused).draw(on: &canvas, in: rect)
    let data = SeriesPyramid(curve?.norms ?? [], smoothing: 0)
    var plot = LinePlot([.init("norm", data, index: 0)])
    plot.detail = .raw
    plot.isLogY = true
    plot.placeholder = "no recurrent layer measured yet"
    plot.draw(on: &canvas, in: Frame.content(of: rect))
  }

  private func footer(_ palette: Palette) -> StyledText {
    guard let curve else { return StyledText() }
    let wrong = curve.norms.count { !$0.isFinite }
    guard wrong == 0 else {
      return StyledText("× \(wrong) of \(curve.norms.count) not finite", palette[.error])
    }
    guard let reach = GradientReach(curve.norms) else {
      return StyledText("× dead: no gradient", palette[.error])
    }
    var text = StyledText(reach.text)
    if reach.growth >= Self.notableGrowth {
      text = StyledText("▲ grows \(NumberText.short(reach.growth))x  ", palette[.warning]) + text
    }
    return text
  }
}
