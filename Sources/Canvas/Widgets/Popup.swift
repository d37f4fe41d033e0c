/// A frame in the middle with a text, a list or both; covers what is under it.
public struct Popup: Widget {
  /// What stands in the upper border.
  public var title: StyledText
  /// Paragraphs; broken into lines that fit.
  public var message: String
  /// Lines to choose from, under the message.
  public var items: [StyledText]
  /// The index of the chosen line.
  public var selected: Int?
  /// What stands in the lower border, such as its keys.
  public var footer: StyledText
  /// Most columns of its inside.
  public var width: Int

  /// Describes a popup.
  public init(
    _ title: StyledText, message: String = "", items: [StyledText] = [], selected: Int? = nil,
    footer: StyledText = "", width: Int = 60
  ) {
    self.title = title
    self.message = message
    self.items = items
    self.selected = selected
    self.footer = footer
    self.width = width
  }

  /// Clears a frame in the middle of `rect`, draws its border and returns its inside.
  public static func open(
    _ frame: Frame, width: Int, height: Int, on canvas: inout Canvas, in rect: Rect
  ) -> Rect {
    let wide = min(max(width, 0), Rect.limit)
    let high = min(max(height, 0), Rect.limit)
    let outer = rect.centered(width: wide + 2, height: high + 2)
    canvas.fill(outer)
    frame.draw(on: &canvas, in: outer)
    return Frame.content(of: outer)
  }

  /// Draws the popup as small as its contents allow; the list scrolls if there is not room.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    let room = min(max(width, 1), max(1, rect.width - 4))
    let lines = message.isEmpty ? [] : WordWrap.lines(of: message, width: room)
    let widest = max(
      lines.map { DisplayWidth.of($0) }.max() ?? 0, (items.map(\.width).max() ?? 0) + 1,
      title.width + 4, footer.width + 4)
    let gap = lines.isEmpty || items.isEmpty ? 0 : 1
    let inside = Self.open(
      Frame(title, footer: footer, isFocused: true), width: min(widest, room) + 2,
      height: lines.count + gap + items.count, on: &canvas, in: rect)
    let text = inside.inset(left: 1, right: 1)
    canvas.clipped(to: inside) { canvas in
      for (row, line) in lines.enumerated() {
        canvas.write(line, x: text.x, y: text.y + row, limit: text.width, ellipsis: true)
      }
      if !items.isEmpty {
        List(items, selected: selected).draw(
          on: &canvas, in: inside.inset(top: lines.count + gap))
      }
    }
  }
}
