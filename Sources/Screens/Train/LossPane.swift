import Canvas
import Data
import Glibc
import Training

/// The curve that training is about: every sample, its moving average, and the validation points.
struct LossPane: Widget {
  private let state: AppState

  init(_ state: AppState) { self.state = state }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let frame = Frame(
      StyledText(title), note: note(palette), footer: footer(palette),
      isFocused: state.train.focus == .loss)
    frame.draw(on: &canvas, in: rect)
    plot.draw(on: &canvas, in: Frame.content(of: rect))
  }

  /// The curves with their axes.
  private var plot: LinePlot {
    var plot = LinePlot(series)
    plot.detail = state.train.detail
    plot.isLogY = state.train.isLogY
    plot.xRange = state.train.range
    plot.cursor = state.train.cursor
    plot.marks = state.run.ticks.map { .init(x: Double($0.step), label: $0.label) }
    plot.levels = levels
    plot.placeholder = StyledText(placeholder)
    return plot
  }

  private var series: [LinePlot.Series] {
    let run = state.run
    func pair(_ train: SeriesPyramid, _ validation: SeriesPyramid) -> [LinePlot.Series] {
      [
        .init("train", train, index: 0),
        .init("val", validation, index: 1, rank: 1, detail: .raw),
      ]
    }
    return switch quantity {
    case .loss: pair(run.loss, run.validationLoss)
    case .metric: pair(run.metric, run.validationMetric)
    case .gradientNorm: [.init("train", run.gradientNorm, index: 0)]
    case .learningRate: [.init("lr", run.learningRate, index: 0, detail: .raw)]
    case .further(let metric):
      [.init("val", run.furtherMetrics[metric] ?? SeriesPyramid(), index: 1, detail: .raw)]
    }
  }

  private var metric: Metric? { state.session.target?.metric }

  /// The metric has no axis before the data say which one it is.
  private var quantity: TrainScreen.Quantity {
    metric == nil && state.train.quantity == .metric ? .loss : state.train.quantity
  }

  /// What there is to beat, and where clipping sets in, on the axis of the plot.
  var levels: [Double] {
    let baselines = state.session.baselines.map(\.value)
    return switch (quantity, metric) {
    case (.metric, _): baselines
    case (.loss, .bitsPerCharacter): baselines.map { $0 * M_LN2 }
    case (.loss, _), (.further, _): []
    case (.gradientNorm, _): clippingLevel
    case (.learningRate, _): []
    }
  }

  /// Where clipping sets in: the limit of other modes is none of the whole gradient's norm.
  private var clippingLevel: [Double] {
    let recipe = state.session.document.training
    return recipe.clip == .norm && recipe.clipNorm > 0 ? [recipe.clipNorm] : []
  }

  /// The losses of classes and flags are surprises, those of values and points are not.
  private var isLossInNats: Bool {
    switch state.session.target?.kind {
    case .values, .points: false
    case .classes, .flags, nil: true
    }
  }

  private var placeholder: String {
    state.session.status.isActive
      ? "the first step is on its way" : state.session.obstacle ?? "no step yet: space starts"
  }

  private var title: String {
    var parts =
      switch quantity {
      case .loss: [isLossInNats ? "loss, nats" : "loss"]
      case .metric: [metric?.axisTitle ?? ""]
      case .gradientNorm: ["gradient norm before clipping"]
      case .learningRate: ["learning rate"]
      case .further(let metric): [metric.axisTitle]
      }
    if state.train.isLogY { parts.append("log y") }
    if quantity == .learningRate { return (parts + zoomed).joined(separator: " · ") }
    let average = "EMA \(state.run.smoothing)"
    switch state.train.detail {
    case .raw: parts.append("raw")
    case .smooth: parts.append(average)
    case .envelope: parts.append(average + " + min/max")
    }
    return (parts + zoomed).joined(separator: " · ")
  }

  private var zoomed: [String] { state.train.range == nil ? [] : ["zoom"] }

  /// The values under the cursor, else the latest ones.
  private func note(_ palette: Palette) -> StyledText {
    let readout = plot.readout(palette)
    if !readout.isEmpty { return readout }
    var text = StyledText()
    for curve in plot.series {
      guard let value = curve.data.values.last else { continue }
      text.append((text.isEmpty ? "" : "  ") + curve.label + " " + NumberText.short(value))
    }
    if quantity == .loss, let gap = state.run.validation?.gap {
      text.append("  gap " + GapText.number(gap), palette[.muted])
    }
    return text
  }

  /// What is wrong, what the lines are, and what there is to beat.
  private func footer(_ palette: Palette) -> StyledText {
    var text = StyledText()
    for note in plot.notes { text.append(note + "  ", palette[.error]) }
    text = text + plot.legend(palette)
    guard let metric else { return text }
    // Bits under a plot of nats would make every model look better than what it is measured against.
    let isInNats = quantity == .loss && metric == .bitsPerCharacter
    let number = { (report: ValidationReport) in
      isInNats ? NumberText.short(report.loss) : metric.text(report.metric)
    }
    if let best = state.run.bestValidation {
      text.append("  best by loss: val \(number(best)) at \(best.step)", palette[.good])
    }
    if let test = state.run.test { text.append("  test \(number(test))") }
    // The strongest first: it is the one to beat, and the last to be cut off.
    let isLowBetter = metric.isLowerBetter
    for baseline in state.session.baselines.sorted(by: {
      isLowBetter ? $0.value < $1.value : $0.value > $1.value
    }) {
      let value = metric.number(isInNats ? baseline.value * M_LN2 : baseline.value)
      text.append("  \(baseline.name) \(value)", palette[.muted])
    }
    return text
  }
}
