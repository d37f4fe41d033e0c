import Canvas
import Data
import Training
import Workbench

/// The weights that are on disk, newest first.
struct CheckpointsPane: Widget {
  private let run: RunRecord
  private let metric: Metric?
  private let scroll: Int
  private let isFocused: Bool

  init(_ state: AppState) {
    run = state.run
    metric = state.session.target?.metric
    isFocused = state.train.focus == .checkpoints
    scroll = isFocused ? state.train.scroll : 0
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame("checkpoints", isFocused: isFocused).draw(on: &canvas, in: rect)
    let best = run.checkpoints.last(where: \.isBest)
    let rows = run.checkpoints.reversed().map { checkpoint -> StyledText in
      let isBest = checkpoint == best
      var text = StyledText((isBest ? "*" : " ") + "\(checkpoint.step)")
      if let value = validation(at: checkpoint.step) { text.append("  val " + value) }
      if isBest { text.append("  best", canvas.palette[.good]) }
      return text
    }
    List(rows, offset: scroll, placeholder: "none yet").draw(
      on: &canvas, in: Frame.content(of: rect))
  }

  /// What the weights of `step` reached on the validation split.
  private func validation(at step: Int) -> String? {
    let series = metric == nil ? run.validationLoss : run.validationMetric
    guard let index = series.index(atOrBefore: Double(step)), series.xs[index] == Double(step)
    else { return nil }
    return metric?.text(series.values[index]) ?? NumberText.short(series.values[index])
  }
}

/// The last entries of the journal.
struct JournalPane: Widget {
  private let entries: [Journal.Entry]
  private let scroll: Int
  private let isFocused: Bool

  init(_ state: AppState) {
    entries = state.session.journal
    isFocused = state.train.focus == .journal
    scroll = isFocused ? state.train.scroll : 0
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame("journal", footer: "4 full log", isFocused: isFocused).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    let end = max(min(entries.count, inside.height), entries.count - scroll)
    let shown = entries[..<end].suffix(inside.height)
    let width = shown.compactMap(\.step).map { "\($0)".count }.max() ?? 0
    for (row, entry) in shown.enumerated() {
      let place = inside.row(row)
      canvas.write(line(entry, stepWidth: width, canvas.palette), in: place)
    }
  }

  private func line(
    _ entry: Journal.Entry, stepWidth: Int, _ palette: Palette
  ) -> StyledText {
    let step = entry.step.map { "\($0)" } ?? ""
    let gap = String(repeating: " ", count: stepWidth - step.count)
    var text = StyledText(gap + step + (entry.isCommand ? " : " : "   "), palette[.muted])
    let isWarning = !entry.isCommand && entry.text.hasPrefix("warning")
    text.append(entry.text, isWarning ? palette[.warning] : nil)
    return text
  }
}
