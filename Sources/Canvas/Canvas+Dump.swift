extension Canvas {
  /// The rows as text, without styles and without spaces at their ends.
  public var text: String {
    (0..<height).map { row($0) }.joined(separator: "\n")
  }

  /// The style of every run of cells that is not plain, one line a run: `row columns style`, such
  /// as `0 0..<4 fg75 bold`; for tests and `:dump`.
  public var styleRuns: String {
    var lines: [String] = []
    for y in 0..<height {
      var start = 0
      for x in 0..<width where x + 1 == width || self[x + 1, y].style != self[x, y].style {
        let style = self[x, y].style
        if style != .plain { lines.append("\(y) \(start)..<\(x + 1) \(style)") }
        start = x + 1
      }
    }
    return lines.joined(separator: "\n")
  }

  private func row(_ y: Int) -> String {
    var line = ""
    for x in 0..<width where !self[x, y].isContinuation { line += self[x, y].glyph.text }
    while line.unicodeScalars.last == " " { line.unicodeScalars.removeLast() }
    return line
  }
}
