import Canvas

/// The symbols of a sequence in lines, with what is seen of them and the cursor.
struct SymbolSheet: Widget {
  private let symbols: [String]
  private let cursor: Int
  /// Which are in sight; nil does not tell them apart.
  private let seen: [Bool]?

  /// The symbols with the cursor on one.
  init(_ symbols: [String], cursor: Int, seen: [Bool]? = nil) {
    (self.symbols, self.cursor, self.seen) = (symbols, cursor, seen)
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let widest = symbols.lazy.map { DisplayWidth.of($0) }.max() ?? 1
    let width = min(max(1, widest), max(1, rect.width - 1)) + (widest > 1 ? 1 : 0)
    let perLine = max(1, rect.width / width)
    let lines = (symbols.count + perLine - 1) / perLine
    let window = ScrollWindow(
      total: lines, visible: rect.height, offset: cursor / perLine - rect.height / 2,
      cursor: cursor / perLine)
    canvas.clipped(to: rect) { canvas in
      for (row, line) in window.range.enumerated() {
        for t in line * perLine..<min((line + 1) * perLine, symbols.count) {
          let x = rect.x + (t - line * perLine) * width
          canvas.write(
            symbols[t], x: x, y: rect.y + row, style: style(of: t, canvas.palette),
            limit: max(1, width - (widest > 1 ? 1 : 0)), ellipsis: true)
        }
      }
    }
  }

  /// In sight: on the colour of a series, or in reverse video.
  private func style(of t: Int, _ palette: Palette) -> Style {
    guard let seen else { return t == cursor ? palette[.cursor] : palette[.text] }
    let isSeen = seen.indices.contains(t) && seen[t]
    let style = isSeen ? palette.series(0).reversed : palette[.muted]
    return t == cursor ? style.overlaid(with: Style(bold: true, underline: true)) : style
  }
}
