/// A row of small bars, one a value: a value that is absent leaves a gap, zero does not.
public struct Sparkline: Widget {
  /// The values from left to right; `nil` where there is none. NaN is drawn as `×`.
  public var values: [Double?]
  /// The values of an empty and of a full bar; `nil` takes 0 (or the lowest) and the highest.
  public var range: ClosedRange<Double>?
  /// How the bars look; `nil` takes the colour of the first series.
  public var style: Style?

  /// Describes a row of bars.
  public init(_ values: [Double?], range: ClosedRange<Double>? = nil, style: Style? = nil) {
    self.values = values
    self.range = range
    self.style = style
  }

  /// Draws on the first row; where the values do not fit, each bar shows the highest of its share.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty, !values.isEmpty else { return }
    let style = style ?? canvas.palette.series(0)
    let bars = bars(in: rect.width, canvas.capabilities)
    canvas.clipped(to: rect.row(0)) { canvas in
      for (column, bar) in bars.enumerated() {
        guard let bar else { continue }
        canvas.write(
          bar, x: rect.x + column, y: rect.y,
          style: bar == Self.noNumber ? canvas.palette[.error].reversed : style)
      }
    }
  }

  /// The bars as text of at most `width` columns, for the cell of a table; a gap is a space.
  public func text(width: Int, _ capabilities: Capabilities) -> String {
    bars(in: width, capabilities).map { $0 ?? " " }.joined()
  }

  private static let noNumber = "×"

  /// One bar a column; nil where there is no value.
  private func bars(in width: Int, _ capabilities: Capabilities) -> [String?] {
    let (scale, columns) = (scale, max(0, min(width, values.count)))
    return (0..<columns).map { column in
      let share = (column * values.count / columns)..<((column + 1) * values.count / columns)
      let present = values[share].compactMap { $0 }
      guard let highest = present.max() else { return nil }
      if present.contains(where: \.isNaN) { return Self.noNumber }
      return BarText.vertical(scale.fraction(highest), capabilities: capabilities)
    }
  }

  private var scale: LinearScale {
    if let range { return LinearScale(range) }
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    let low = min(0, finite.min() ?? 0)
    return LinearScale(low...max(low, finite.max() ?? 0))
  }
}
