/// A border with a title above and a footer below.
public struct Frame: Widget {
  /// What stands in the upper border.
  public var title: StyledText
  /// What stands at the right end of the upper border, where there is room for it.
  public var note: StyledText
  /// What stands in the lower border.
  public var footer: StyledText
  /// Whether the keys go to this pane.
  public var isFocused: Bool

  /// Describes a border.
  public init(
    _ title: StyledText = "", note: StyledText = "", footer: StyledText = "",
    isFocused: Bool = false
  ) {
    self.title = title
    self.note = note
    self.footer = footer
    self.isFocused = isFocused
  }

  /// What is left of `rect` inside of the border.
  public static func content(of rect: Rect) -> Rect { rect.inset(by: 1) }

  /// Draws the border; the inside is left as it is.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard rect.width >= 2 && rect.height >= 2 else { return }
    let style = canvas.palette[isFocused ? .focus : .border]
    let titleStyle = canvas.palette[isFocused ? .focus : .title]
    canvas.clipped(to: rect) { canvas in
      let line = String(repeating: "─", count: min(rect.width, canvas.width + 2) - 2)
      canvas.write("┌" + line + "┐", x: rect.x, y: rect.y, style: style)
      canvas.write("└" + line + "┘", x: rect.x, y: rect.endY - 1, style: style)
      for y in max(rect.y + 1, 0)..<max(min(rect.endY - 1, canvas.height), max(rect.y + 1, 0)) {
        canvas.write("│", x: rect.x, y: y, style: style)
        canvas.write("│", x: rect.endX - 1, y: y, style: style)
      }
      let used = label(title, in: rect.row(0), style: titleStyle, on: &canvas)
      label(footer, in: rect.row(rect.height - 1), style: canvas.palette[.text], on: &canvas)
      let room = rect.width - 4 - used
      if !note.isEmpty && room >= note.width + 3 {
        let start = rect.endX - note.width - 4
        canvas.write(StyledText(" ") + note + " ", x: start, y: rect.y, limit: note.width + 2)
      }
    }
  }

  /// Writes ` text ` over a border; returns the columns used.
  @discardableResult
  private func label(
    _ text: StyledText, in row: Rect, style: Style, on canvas: inout Canvas
  ) -> Int {
    guard !text.isEmpty, row.width >= 7 else { return 0 }
    canvas.write(" ", x: row.x + 2, y: row.y)
    let used = canvas.write(
      text, x: row.x + 3, y: row.y, style: style, limit: row.width - 6)
    canvas.write(" ", x: row.x + 3 + used, y: row.y)
    return used + 2
  }
}
