import Canvas
import Inspection

/// How some numbers are distributed.
struct HistogramPane: Widget {
  private let title: String
  private let histogram: NumberHistogram?
  private let isFinite: Bool
  private let isFocused: Bool

  /// The distribution of numbers with `summary`; nil: there are none.
  init(
    _ histogram: NumberHistogram?, _ summary: NumberSummary?, title: String = "histogram",
    isFocused: Bool
  ) {
    self.title = title
    self.histogram = histogram
    isFinite = summary.map { $0.notFinite < $0.count } ?? true
    self.isFocused = isFocused
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    let inside = Frame.content(of: rect)
    let counts = merged(histogram?.counts ?? [], toFit: inside.width)
    let most = counts.max().map { "up to \(NumberText.count($0)) a column" } ?? ""
    Frame(StyledText(title), note: StyledText(most, palette[.muted]), isFocused: isFocused)
      .draw(on: &canvas, in: rect)
    guard let histogram else { return }
    guard isFinite else {
      canvas.write(
        "× no finite numbers", in: inside.row((inside.height - 1) / 2), align: .center,
        style: palette[.error])
      return
    }
    Columns(counts.map { Double($0) })
      .draw(on: &canvas, in: inside.inset(bottom: 1))
    let axis = inside.row(inside.height - 1)
    let style = palette[.muted]
    guard histogram.low < histogram.high else {
      canvas.write(
        StyledText("all \(NumberText.short(histogram.low))"), in: axis, align: .center, style: style
      )
      return
    }
    canvas.write(StyledText(NumberText.short(histogram.low)), in: axis, style: style)
    canvas.write(
      StyledText(NumberText.short(histogram.high)), in: axis, align: .right, style: style)
  }

  /// Neighbouring bins as one, the same number in each, so that there are at most `width`.
  private func merged(_ counts: [Int], toFit width: Int) -> [Int] {
    let together = (counts.count + max(1, width) - 1) / max(1, width)
    return stride(from: 0, to: counts.count, by: max(1, together)).map { first in
      counts[first..<min(first + together, counts.count)].reduce(0, +)
    }
  }
}
