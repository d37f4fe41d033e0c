/// Lines of which one is chosen; scrolls to keep it in sight.
public struct List: Widget {
  /// The lines.
  public var items: [StyledText]
  /// The index of the chosen line, if there is one.
  public var selected: Int?
  /// The line that should be the first on screen, as far as the chosen one allows.
  public var offset: Int
  /// Whether the keys go to this list.
  public var isFocused: Bool
  /// What is written where there are no lines.
  public var placeholder: StyledText

  /// A list of lines.
  public init(
    _ items: [StyledText], selected: Int? = nil, offset: Int = 0, isFocused: Bool = true,
    placeholder: StyledText = ""
  ) {
    self.items = items
    self.selected = selected
    self.offset = offset
    self.isFocused = isFocused
    self.placeholder = placeholder
  }

  /// Draws the lines in sight; the chosen one is marked by `>` and reverse video.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    canvas.clipped(to: rect) { canvas in
      if items.isEmpty {
        canvas.write(
          placeholder, x: rect.x, y: rect.y, style: palette[.muted], limit: rect.width)
      }
      for (row, index) in window(in: rect).range.enumerated() {
        let place = rect.row(row)
        let gutter = selected == nil ? 0 : 1
        canvas.write(
          items[index], x: place.x + gutter, y: place.y, limit: place.width - gutter)
        guard index == selected else { continue }
        canvas.write(">", x: place.x, y: place.y)
        canvas.overlay(palette[isFocused ? .cursor : .selection], in: place)
      }
    }
  }

  /// The index of the line at row `y` when drawn in `rect`.
  public func item(y: Int, in rect: Rect) -> Int? {
    let window = window(in: rect)
    return y >= rect.y && y < rect.y + window.count ? window.start + y - rect.y : nil
  }

  private func window(in rect: Rect) -> ScrollWindow {
    ScrollWindow(total: items.count, visible: rect.height, offset: offset, cursor: selected)
  }
}
