import Canvas
import Glibc
import Testing

@testable import Terminal

@Suite struct DisplayTests {
  /// Runs `body` in a locale that writes UTF-8; only this thread is changed.
  static func inUTF8(_ body: () throws -> Void) throws {
    let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    try body()
  }

  @Test func whatReachesACellIsAsWideAsTheSystemSays() throws {
    try Self.inUTF8 {
      var wrong: [String] = []
      for value in UInt32(0x20)..<0x30000 {
        guard let scalar = Unicode.Scalar(value), let glyph = glyph(String(scalar)) else {
          continue
        }
        // Signs that are younger than the system's tables are replaced when they are drawn.
        let widths = glyph.text.unicodeScalars.map { Display.systemWidth($0) }
        guard widths.allSatisfy({ $0 >= 0 }) else { continue }
        let width = widths.reduce(0, +)
        // A mark until Unicode 14 and a letter since; drawing replaces it where the two disagree.
        if value == 0x1171E { continue }
        if width != glyph.width { wrong.append(String(value, radix: 16)) }
      }
      #expect(wrong.isEmpty)
    }
  }

  @Test func aGlyphThatTheSystemMeasuresInAnotherWayIsReplaced() throws {
    try Self.inUTF8 {
      let question = wchar_t(UInt8(ascii: "?"))
      let accent = try #require(glyph("e\u{301}"))
      #expect(Display.characters(of: accent) == [[0x65, 0x301, 0]])
      let wide = try #require(glyph("日"))
      #expect(Display.characters(of: wide) == [[0x65E5, 0]])
      // Assigned in Unicode 15, which is younger than glibc 2.36.
      let young = try #require(glyph("\u{1FAE8}"))
      if Display.systemWidth("\u{1FAE8}") < 0 {
        #expect(
          Display.characters(of: young) == Array(repeating: [question, 0], count: young.width))
      }
    }
  }

  private func glyph(_ text: String) -> Glyph? {
    var glyphs = Glyphs(text)
    return glyphs.next()
  }
}
