import Canvas

extension String {
  /// The text if it takes at most `width` columns, else its beginning and an ellipsis.
  func shortened(to width: Int) -> String {
    guard DisplayWidth.of(self) > width else { return self }
    var text = ""
    for character in self where DisplayWidth.of(text + String(character)) < width {
      text.append(character)
    }
    return text + "…"
  }

  /// The text in lines of `width` columns, at most `rows` of them; the last one ends in an ellipsis
  /// if there is more.
  func wrapped(to width: Int, rows: Int) -> [String] {
    let lines = WordWrap.lines(of: self, width: width)
    guard rows > 0, lines.count > rows else { return lines }
    return lines[..<(rows - 1)]
      + [lines[(rows - 1)...].joined(separator: " ").shortened(to: width)]
  }

  /// The text with spaces up to `width` columns: at its end, or for a negative width before it.
  func padded(to width: Int) -> String {
    let spaces = String(repeating: " ", count: max(0, abs(width) - DisplayWidth.of(self)))
    return width < 0 ? spaces + self : self + spaces
  }
}
