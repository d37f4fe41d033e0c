import Canvas
import Glibc
import Inspection
import Workbench

/// ln ‖∂s_T/∂s_T−k‖ of one recurrent layer over the lag k: what the layer alone does to a gradient,
/// whatever the loss.
struct FlowPane: Widget {
  private let flow: GradientFlow?
  private let step: Int
  private let isFocused: Bool

  /// The layer that `state` points at.
  init(_ state: AppState) {
    let layers = state.train.flow?.layers ?? []
    flow = layers.isEmpty ? nil : layers[state.train.layer % layers.count]
    step = state.train.flow?.weightsStep ?? 0
    isFocused = state.train.focus == .gradient
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    Frame(
      StyledText("ln ‖∂s_T/∂s_T−k‖ over k" + (flow.map { "  " + $0.layer } ?? "")),
      note: flow == nil ? StyledText() : StyledText("step \(step)"),
      footer: footer(palette), isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    let head = hasHeadline(inside) ? headline(palette) : StyledText()
    canvas.write(head, in: inside.row(0))
    var plot = LinePlot(series)
    plot.detail = .raw
    plot.levels = [0]
    plot.placeholder = "not measured yet"
    plot.draw(on: &canvas, in: inside.inset(top: head.isEmpty ? 0 : 1))
    let legend = plot.legend(palette)
    if flow?.logBound != nil, !head.isEmpty, head.width + legend.width + 2 <= inside.width {
      canvas.write(legend, in: inside.row(0), align: .right)
    }
  }

  /// Whether there is a row for words above the plot.
  private func hasHeadline(_ inside: Rect) -> Bool { inside.height > 5 }

  private var series: [LinePlot.Series] {
    guard let flow else { return [] }
    func curve(_ values: some Sequence<Double>) -> SeriesPyramid {
      var curve = SeriesPyramid(smoothing: 0)
      for (index, value) in values.enumerated() { curve.append(value, at: Double(index + 1)) }
      return curve
    }
    let bound = flow.logBound.map { bound in
      LinePlot.Series(
        "bound", curve(flow.logNorms.indices.map { Double($0 + 1) * bound }), index: 1, rank: -1)
    }
    return [.init("norm", curve(flow.logNorms), index: 0)] + [bound].compactMap { $0 }
  }

  /// What the slope means. Slopes within a hundredth of a nat a step keep a gradient for a hundred
  /// steps.
  private func headline(_ palette: Palette) -> StyledText {
    guard let flow else { return StyledText() }
    guard let slope = flow.slope else {
      return StyledText("× nothing is handed on", palette[.error])
    }
    if slope > 0.01 { return StyledText("▲ gradients explode", palette[.warning]) }
    if slope > -0.01 { return StyledText("gradients are kept", palette[.good]) }
    return StyledText("half is left after \(NumberText.short(-M_LN2 / slope)) steps")
  }

  /// The slope, the Lyapunov exponent, and the size of the recurrent matrices.
  private func footer(_ palette: Palette) -> StyledText {
    guard let flow, let slope = flow.slope else { return headline(palette) }
    var text = StyledText("slope \(NumberText.short(slope))")
    if let exponent = flow.lyapunovExponents.first {
      text.append("  λ \(NumberText.short(exponent))")
    }
    for matrix in flow.matrices {
      text.append("  " + (flow.matrices.count > 1 ? matrix.gate + " " : ""), palette[.muted])
      if let radius = matrix.spectralRadius { text.append("ρ \(NumberText.short(radius)) ") }
      text.append("σ \(NumberText.short(matrix.spectralNorm))")
    }
    if !flow.isExact { text.append("  estimated", palette[.muted]) }
    return text
  }
}
