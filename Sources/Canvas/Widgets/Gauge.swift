/// How far something has come: `▕██████▌   ▏ 62%`.
public struct Gauge: Widget {
  /// The part that is done, 0...1; `nil` while it is not known.
  public var fraction: Double?
  /// What stands after the bar; `nil` writes per cent.
  public var label: String?

  /// Describes progress.
  public init(fraction: Double?, label: String? = nil) {
    self.fraction = fraction
    self.label = label
  }

  /// Draws the bar on the first row, its label at the right.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let known = fraction.flatMap { $0.isNaN ? nil : min(max($0, 0), 1) }
    let text = label ?? known.map { NumberText.percent($0) } ?? "-"
    let room = rect.width - DisplayWidth.of(text) - 3
    canvas.clipped(to: rect.row(0)) { canvas in
      guard room >= 4 else {
        canvas.write(text, x: rect.x, y: rect.y, ellipsis: true)
        return
      }
      canvas.write("[", x: rect.x, y: rect.y, style: canvas.palette[.border])
      canvas.write(
        BarText.horizontal(known ?? 0, width: room, capabilities: canvas.capabilities),
        x: rect.x + 1, y: rect.y, style: canvas.palette.series(0))
      canvas.write("]", x: rect.x + 1 + room, y: rect.y, style: canvas.palette[.border])
      canvas.write(text, x: rect.x + room + 3, y: rect.y)
    }
  }
}
