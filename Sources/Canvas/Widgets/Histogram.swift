/// How often values fall where: a strip of bars between the two ends of its range.
public struct Histogram: Widget {
  /// How many values fell into each bin, from low to high.
  public var counts: [Int]
  /// What stands before the strip, such as a gate's letter.
  public var label: String
  /// What stands after the strip, such as `12%`.
  public var note: StyledText
  /// How the bars look; `nil` takes the colour of the first series.
  public var style: Style?

  /// Describes a strip.
  public init(_ counts: [Int], label: String = "", note: StyledText = "", style: Style? = nil) {
    self.counts = counts
    self.label = label
    self.note = note
    self.style = style
  }

  /// Draws the strip on the first row: label, bars, note. A bin without values is a gap.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    canvas.clipped(to: rect.row(0)) { canvas in
      var x = rect.x
      if !label.isEmpty { x += canvas.write(label, x: x, y: rect.y, ellipsis: true) + 1 }
      let noteWidth = note.isEmpty ? 0 : note.width + 1
      let room = rect.endX - x - noteWidth
      if room > 0 {
        let strip = Rect(x: x, y: rect.y, width: room, height: 1)
        let values = counts.map { $0 > 0 ? Double($0) : nil }
        Sparkline(values, style: style).draw(on: &canvas, in: strip)
        x += min(room, counts.count)
      }
      if !note.isEmpty { canvas.write(note, x: x + 1, y: rect.y) }
    }
  }
}
