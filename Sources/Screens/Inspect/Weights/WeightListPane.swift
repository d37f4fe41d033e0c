import Canvas
import Inspection

/// Every parameter and buffer of the network with its statistics.
struct WeightListPane: Widget {
  private let state: WeightsState
  private let runStep: Int

  /// The weights that `state` looks at, of a run that is at `runStep`.
  init(_ state: WeightsState, runStep: Int) {
    self.state = state
    self.runStep = runStep
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let weights = state.reading?.weights ?? []
    let trained = weights.filter(\.isTrained).reduce(0) { $0 + $1.summary.count }
    Frame(
      StyledText("weights  \(NumberText.count(trained)) trained"),
      note: WeightsAge(state.reading?.weightsStep, runStep: runStep).text(palette),
      isFocused: state.focus == .list
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard !weights.isEmpty else {
      canvas.write(
        "This model has no weights.", in: inside.row((inside.height - 1) / 2), align: .center,
        style: palette[.muted])
      return
    }
    Table(
      columns: Self.columns, rows: weights.map { row($0, palette) }, selected: state.index,
      isFocused: state.focus == .list
    ).draw(on: &canvas, in: inside)
  }

  private static let columns: [Table.Column] = [
    .init("", minimum: 40, grows: true, priority: 9),
    .init("shape", alignment: .right, priority: 8),
    .init("mean", alignment: .right, priority: 4),
    .init("std", alignment: .right, priority: 5),
    .init("norm", alignment: .right, priority: 3),
    .init("min", alignment: .right, priority: 1),
    .init("max", alignment: .right, priority: 2),
    .init("zeros", alignment: .right, priority: 6),
  ]

  private func row(_ weight: Weight, _ palette: Palette) -> [StyledText] {
    let summary = weight.summary
    var name = StyledText(weight.fullName)
    if !weight.isTrained { name.append(" buffer", palette[.muted]) }
    let numbers = [
      summary.mean, summary.deviation, summary.norm, summary.minimum, summary.maximum,
    ]
    return [name, StyledText(weight.shape.map(String.init).joined(separator: "×"))]
      + numbers.map { StyledText(NumberText.short($0)) } + [fitness(of: summary, palette)]
  }

  /// The share of zeros, or how many numbers are none.
  private func fitness(of summary: NumberSummary, _ palette: Palette) -> StyledText {
    guard summary.notFinite == 0 else {
      return StyledText("× \(summary.notFinite) NaN/Inf", palette[.error])
    }
    return StyledText(NumberText.percent(summary.zeros))
  }
}
