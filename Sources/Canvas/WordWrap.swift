/// Breaks text into lines that fit a width.
public enum WordWrap {
  /// The lines of `text`, at most `width` columns each: broken at spaces where possible, and at
  /// every line feed.
  public static func lines(of text: String, width: Int) -> [String] {
    guard width > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      wrap($0, width: width)
    }
  }

  private static func wrap(_ paragraph: Substring, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in paragraph.split(separator: " ") {
      for piece in pieces(of: word, width: width) {
        let size = DisplayWidth.of(piece)
        if !line.isEmpty && used + 1 + size > width {
          lines.append(line)
          line = ""
          used = 0
        }
        if !line.isEmpty {
          line += " "
          used += 1
        }
        line += piece
        used += size
      }
    }
    lines.append(line)
    return lines
  }

  /// `word` itself, or cut where it is longer than a line.
  private static func pieces(of word: Substring, width: Int) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var used = 0
    for character in word {
      let size = DisplayWidth.of(String(character))
      if used + size > width && !piece.isEmpty {
        pieces.append(piece)
        piece = ""
        used = 0
      }
      piece.append(character)
      used += size
    }
    pieces.append(piece)
    return pieces
  }
}
