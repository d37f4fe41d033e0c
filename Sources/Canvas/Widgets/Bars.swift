/// Labelled horizontal bars, one a row.
public struct Bars: Widget {
  /// One bar.
  public struct Bar: Equatable, Sendable {
    /// What stands before it.
    public var label: String
    /// Its length; `nil` where there is none, which is not 0.
    public var value: Double?
    /// What stands after it; `nil` writes the value.
    public var text: String?
    /// How it looks; `nil` takes the colour of the first series.
    public var style: Style?
    /// A value to compare with, as a line across the bar; `nil` where there is none.
    public var mark: Double?

    /// Describes a bar.
    public init(
      _ label: String, _ value: Double?, text: String? = nil, style: Style? = nil,
      mark: Double? = nil
    ) {
      self.label = label
      self.value = value
      self.text = text
      self.style = style
      self.mark = mark
    }
  }

  /// The bars from top to bottom.
  public var bars: [Bar]
  /// The value of a full bar; `nil` takes the highest.
  public var limit: Double?
  /// The bar that should be the first on screen.
  public var offset: Int

  /// Describes labelled bars.
  public init(_ bars: [Bar], limit: Double? = nil, offset: Int = 0) {
    self.bars = bars
    self.limit = limit
    self.offset = offset
  }

  /// Draws as many bars as there are rows; negative values count as empty bars.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    let shown = ScrollWindow(total: bars.count, visible: rect.height, offset: offset).range
    let labels = min(shown.map { DisplayWidth.of(bars[$0].label) }.max() ?? 0, rect.width / 2)
    let texts = shown.map { DisplayWidth.of(text(of: bars[$0])) }.max() ?? 0
    let room = rect.width - labels - texts - 2
    let highest = limit ?? bars.compactMap(\.value).filter(\.isFinite).max() ?? 0
    let scale = LinearScale(0...max(0, highest.isNaN ? 0 : highest))
    canvas.clipped(to: rect) { canvas in
      for (row, index) in shown.enumerated() {
        let bar = bars[index]
        let y = rect.y + row
        canvas.write(bar.label, x: rect.x, y: y, limit: labels, ellipsis: true)
        if let value = bar.value, room > 0, highest > 0 {
          canvas.write(
            BarText.horizontal(
              scale.fraction(value), width: room, capabilities: canvas.capabilities),
            x: rect.x + labels + 1, y: y, style: bar.style ?? canvas.palette.series(0))
        }
        if let mark = bar.mark, room > 0, highest > 0 {
          let place = min(Int(scale.fraction(mark) * Double(room)), room - 1)
          canvas.write(
            "│", x: rect.x + labels + 1 + place, y: y, style: canvas.palette.series(1))
        }
        let text = text(of: bar)
        let x = rect.endX - DisplayWidth.of(text)
        canvas.write(text, x: max(x, rect.x + labels + 1), y: y)
      }
    }
  }

  private func text(of bar: Bar) -> String {
    bar.text ?? bar.value.map { NumberText.short($0) } ?? "-"
  }
}
