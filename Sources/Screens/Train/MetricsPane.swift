import Canvas
import Data
import Training

/// Every metric of the validation split: at the last pass, and where the loss was lowest.
struct MetricsPane: Widget {
  private let run: RunRecord
  private let isFocused: Bool

  init(_ state: AppState) {
    run = state.run
    isFocused = state.train.focus == .metrics
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame(
      "metrics", note: run.validation.map { StyledText("val at \($0.step)") } ?? StyledText(),
      isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    guard let last = run.validation else {
      canvas.write(
        "no validation yet", in: inside.row((inside.height - 1) / 2), align: .center,
        style: canvas.palette[.muted])
      return
    }
    let rows = last.metrics.map { entry in
      [
        StyledText(entry.metric.noun), text(entry.metric, entry.value),
        text(entry.metric, Self.value(of: entry.metric, in: run.bestValidation)),
        text(entry.metric, Self.value(of: entry.metric, in: run.test)),
      ]
    }
    let loss = [last, run.bestValidation, run.test].map { report in
      StyledText(report.map { NumberText.short($0.loss) } ?? "–")
    }
    Table(
      columns: [
        .init("", minimum: 8, grows: true, priority: 4),
        .init("last", alignment: .right, priority: 3),
        .init("at best loss", alignment: .right, priority: 2),
        .init("test", alignment: .right, priority: 1),
      ], rows: [[StyledText("loss")] + loss] + gaps + rows
    ).draw(on: &canvas, in: inside)
  }

  /// What validation loses more than training examples, both in evaluation, where it was measured.
  private var gaps: [[StyledText]] {
    let gaps = [run.validation?.gap, run.bestValidation?.gap]
    guard gaps[0] != nil else { return [] }
    return [
      [StyledText("gap to training")]
        + gaps.map { StyledText($0.map { GapText.number($0) } ?? "–") } + ["–"]
    ]
  }

  private func text(_ metric: Metric, _ value: Double?) -> StyledText {
    StyledText(value.map { metric.number($0) } ?? "–")
  }

  private static func value(of metric: Metric, in report: ValidationReport?) -> Double? {
    report?.metrics.first { $0.metric == metric }?.value
  }
}

/// The gap between the losses of validation and training, with its sign.
enum GapText {
  /// `+.25`: validation loses more than training.
  static func number(_ gap: Double) -> String { (gap > 0 ? "+" : "") + NumberText.short(gap) }
}
