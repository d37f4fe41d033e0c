import Canvas
import Training

/// A part of a matrix of classes: what is of a class in its row, shaded by its share of that row.
struct ConfusionGrid: Widget {
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
