/// Bars that stand side by side on a floor, as in a histogram or a spectrum.
public struct Columns: Widget {
  /// The values from left to right; negative ones and NaN count as empty.
  public var values: [Double]
  /// Values that are marked by a line across their bar, or above it; as many as there are bars.
  public var marks: [Double]
  /// How the bars look; `nil` takes the colour of the first series.
  public var style: Style?

  /// Describes bars; the highest one fills the height.
  public init(_ values: [Double], marks: [Double] = [], style: Style? = nil) {
    self.values = values
    self.marks = marks
    self.style = style
  }

  /// Draws the bars in the middle: fewer values than columns take equally many columns each, more show
  /// the highest of their share. What is not 0 is seen, however small.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty, !values.isEmpty else { return }
    let highest = (values + marks).filter(\.isFinite).max() ?? 0
    guard highest > 0 else { return }
    let style = style ?? canvas.palette.series(0)
    let width = values.count < rect.width ? rect.width / values.count * values.count : rect.width
    let start = rect.x + (rect.width - width) / 2
    canvas.clipped(to: rect) { canvas in
      for x in 0..<width {
        let height = height(values, inColumn: x, of: width, highest) * Double(rect.height)
        let rows = height > 0 ? max(1, min(Int(height.rounded(.up)), rect.height)) : 0
        for row in 0..<rows {
          let bar = BarText.vertical(height - Double(row), capabilities: canvas.capabilities)
          canvas.write(bar, x: start + x, y: rect.endY - 1 - row, style: style)
        }
        let mark = self.height(marks, inColumn: x, of: width, highest) * Double(rect.height)
        guard mark > 0 else { continue }
        let row = min(Int(mark), rect.height - 1)
        canvas.write(
          "─", x: start + x, y: rect.endY - 1 - row,
          style: row < rows ? style.reversed : canvas.palette[.muted])
      }
    }
  }

  /// The height in column `x` of `width`, 0 to 1.
  private func height(
    _ values: [Double], inColumn x: Int, of width: Int, _ highest: Double
  ) -> Double {
    guard !values.isEmpty else { return 0 }
    return min(max(value(values, inColumn: x, of: width) / highest, 0), 1)
  }

  private func value(_ values: [Double], inColumn x: Int, of width: Int) -> Double {
    let first = x * values.count / width
    let end = max(first + 1, (x + 1) * values.count / width)
    return values[first..<end].filter { !$0.isNaN }.max() ?? 0
  }
}
