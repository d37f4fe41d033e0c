import Canvas

/// Where the parts of the program stand on the canvas.
struct AppLayout {
  /// The smallest canvas that a screen is drawn on.
  static let smallest = (width: 60, height: 16)

  /// The title bar with the tabs.
  let title: Rect
  /// The screen.
  let body: Rect
  /// What happened, or a line that is being typed; as many rows as it takes.
  let status: Rect
  /// The keys.
  let hints: Rect

  /// The parts of `bounds`, with `statusRows` rows that say what happened.
  init(_ bounds: Rect, statusRows: Int = 1) {
    title = bounds.row(0)
    body = bounds.inset(top: 1, bottom: statusRows + 1)
    status = bounds.inset(top: bounds.height - statusRows - 1, bottom: 1)
    hints = bounds.row(bounds.height - 1)
  }
}
