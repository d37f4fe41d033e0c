import Canvas
import Training

/// Which classes were taken for which: what is of a class in its row, shaded by its share of that row.
struct ConfusionPopup: Modal {
  private let confusion: Confusion
  private let step: Int
  /// The first row and column on screen.
  private(set) var row = 0, column = 0

  /// The matrix of the validation after `step` steps.
  init(_ confusion: Confusion, step: Int) {
    self.confusion = confusion
    self.step = step
  }

  /// Columns of a cell, with a gap.
  private static let cell = 6
  /// Most columns of the name of a row.
  private static let widestLabel = 14

  /// Why there is no matrix to show; nil when there is one.
  static func reasonForNone(_ state: AppState) -> String? {
    guard state.run.validation?.confusion == nil else { return nil }
    if let target = state.session.target {
      guard case .classes = target.kind else {
        return "Only classes are taken for each other, and these data predict something else."
      }
      guard target.metrics.contains(.macroF1) else {
        return "There are too many classes for a matrix of them."
      }
    }
    return "Nothing was validated since the workbench was opened. Train on to the next validation."
  }

  func hints(_ state: AppState) -> [HintBar.Hint] {
    [.init("arrows", "scroll"), .init("Esc", "close")]
  }

  mutating func handle(_ key: Key, _ state: inout AppState) -> Reaction {
    let last = confusion.labels.count - 1
    switch key {
    case .escape, .enter, .character("q"), .character("C"): return .close
    case .down, .character("j"): row = min(row + 1, last)
    case .up, .character("k"): row = max(row - 1, 0)
    case .right, .character("l"): column = min(column + 1, last)
    case .left, .character("h"): column = max(column - 1, 0)
    case .pageDown: row = min(row + 10, last)
    case .pageUp: row = max(row - 10, 0)
    case .home: (row, column) = (0, 0)
    default: break
    }
    return .stay
  }

  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let count = confusion.labels.count
    let label = min(
      Self.widestLabel, confusion.labels.map { DisplayWidth.of($0) }.max() ?? 0)
    let gutter = max(label, DisplayWidth.of("precision")) + 1 + Self.cell
    let width = min(gutter + count * Self.cell, layout.body.width - 2)
    let height = min(count + 2, layout.body.height - 2)
    let (columns, rows) = (max(0, (width - gutter) / Self.cell), max(0, height - 2))
    let right = min(column, max(0, count - columns)), down = min(row, max(0, count - rows))
    let inside = Popup.open(
      Frame(
        StyledText("confusion · validation at step \(step)"),
        footer: StyledText("rows true, columns predicted"),
        isFocused: true), width: max(width, 40), height: height, on: &canvas, in: layout.body)
    canvas.clipped(to: inside) { canvas in
      let grid = Grid(
        confusion: confusion, rows: down..<min(count, down + rows),
        columns: right..<min(count, right + columns), label: gutter - Self.cell - 1,
        cell: Self.cell)
      grid.draw(on: &canvas, in: inside)
    }
  }

  /// The part of the matrix that is on screen.
  private struct Grid: Widget {
    let confusion: Confusion
    let rows, columns: Range<Int>
    /// Columns of a row's name, and of a cell.
    let label, cell: Int

    func draw(on canvas: inout Canvas, in rect: Rect) {
      let palette = canvas.palette
      // One column wider than its cell: nothing stands before it.
      canvas.write("recall", x: rect.x + label, y: rect.y, style: palette[.muted], limit: cell)
      for (place, predicted) in columns.enumerated() {
        let name = confusion.labels[predicted].shortened(to: cell - 1)
        write(name, column: place + 1, y: rect.y, palette[.title], on: &canvas, in: rect)
      }
      for (place, wanted) in rows.enumerated() {
        let y = rect.y + 1 + place
        canvas.write(
          confusion.labels[wanted].shortened(to: label), x: rect.x, y: y, style: palette[.title],
          limit: label)
        write(
          share(confusion[wanted, wanted], of: confusion.total(of: wanted)), column: 0, y: y,
          palette[.muted], on: &canvas, in: rect)
        for (column, predicted) in columns.enumerated() {
          draw(wanted, predicted, column: column + 1, y: y, on: &canvas, in: rect)
        }
      }
      let y = rect.y + 1 + rows.count
      canvas.write("precision", x: rect.x, y: y, style: palette[.muted], limit: label)
      for (column, predicted) in columns.enumerated() {
        write(
          share(confusion[predicted, predicted], of: confusion.totalPredicted(predicted)),
          column: column + 1, y: y, palette[.muted], on: &canvas, in: rect)
      }
    }

    private func draw(
      _ wanted: Int, _ predicted: Int, column: Int, y: Int, on canvas: inout Canvas, in rect: Rect
    ) {
      let count = confusion[wanted, predicted]
      let total = confusion.total(of: wanted)
      var style = canvas.palette[count == 0 ? .muted : .text]
      if count > 0, total > 0, let color = HeatScale.gate.color(count / total, canvas.palette) {
        style = Style(
          foreground: HeatScale.gate.contrast(count / total, canvas.palette), background: color)
      }
      if wanted == predicted { style.bold = true }
      write(text(count), column: column, y: y, style, on: &canvas, in: rect)
    }

    /// Text at the right of a cell; the style covers the cell.
    private func write(
      _ text: String, column: Int, y: Int, _ style: Style, on canvas: inout Canvas, in rect: Rect
    ) {
      canvas.write(
        text.padded(to: -(cell - 1)), x: rect.x + label + 1 + column * cell, y: y, style: style,
        limit: cell - 1)
    }

    private func text(_ count: Double) -> String {
      if count == 0 { return "·" }
      return count < 10_000 && count == count.rounded()
        ? "\(Int(count))" : NumberText.fixed(count, width: cell - 1)
    }

    private func share(_ part: Double, of total: Double) -> String {
      total > 0 ? NumberText.percent(part / total) : "–"
    }
  }
}
