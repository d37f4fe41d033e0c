import Canvas
import Testing

@Suite struct CanvasTests {
  @Test func textIsClippedOnEverySide() {
    var canvas = Canvas(width: 5, height: 2)
    canvas.write("abcdefgh", x: -2, y: 0)
    canvas.write("xyz", x: 3, y: 1)
    canvas.write("never", x: 0, y: 2)
    canvas.write("never", x: 0, y: -1)
    #expect(canvas.text == "cdefg\n   xy")
  }

  @Test func aLongTextEndsInAnEllipsis() {
    var canvas = Canvas(width: 8, height: 4)
    #expect(canvas.write("recurrent", x: 0, y: 0, ellipsis: true) == 8)
    #expect(canvas.write("recurrent", x: 1, y: 1, limit: 4, ellipsis: true) == 4)
    #expect(canvas.write("gate", x: 0, y: 2, limit: 4, ellipsis: true) == 4)
    #expect(canvas.write("日本語テキスト", x: 0, y: 3, ellipsis: true) == 7)
    #expect(canvas.text == "recurre…\n rec…\ngate\n日本語…")
  }

  @Test func wideGlyphsTakeTwoColumnsAndNeverLeaveHalf() {
    var canvas = Canvas(width: 6, height: 3)
    canvas.write("日本語", x: 0, y: 0)
    canvas.write("x", x: 1, y: 0)
    canvas.write("日本語", x: 1, y: 1)
    canvas.write("日本", x: 0, y: 2)
    canvas.write("語", x: 1, y: 2)
    #expect(canvas.text == " x本語\n 日本\n 語")
    #expect(canvas[3, 0].isContinuation)
    #expect(!canvas[1, 0].isContinuation)
    #expect(canvas[0, 0].glyph == .space)
  }

  @Test func combiningMarksStayWithTheirLetter() {
    var canvas = Canvas(width: 4, height: 2)
    let zalgo = "e" + String(repeating: "\u{301}", count: 50) + "x"
    canvas.write(zalgo, x: 0, y: 0)
    canvas.write("\u{301}", x: 0, y: 1)
    #expect(canvas[0, 0].glyph.text.unicodeScalars.count == 5)
    #expect(canvas[1, 0].glyph.text == "x")
    #expect(canvas[0, 1].glyph.text == "\u{25CC}\u{301}")
  }

  @Test(
    arguments: [
      [0x1B, 0x5B, 0x32, 0x4A], [0x07], [0x7F], [0x9B, 0x33], [0x202E, 0x61], [0x2066], [0x2028],
      [0x2029], [0x0D, 0x0A], [0x09], [0x00], [0xE000], [0x200B], [0xFEFF], [0xE0001], [0xFFFF],
      [0x378],
    ] as [[UInt32]])
  func nothingHostileBecomesACell(code: [UInt32]) {
    var text = ""
    text.unicodeScalars.append(contentsOf: code.compactMap(Unicode.Scalar.init))
    var canvas = Canvas(width: 12, height: 1)
    canvas.write(text, x: 0, y: 0)
    #expect(canvas[0, 0].glyph.text == "\u{FFFD}")
    #expect(!canvas.text.unicodeScalars.contains { $0.properties.generalCategory == .control })
  }

  @Test func emojiThatTerminalsMeasureDifferentlyAreTakenApart() {
    #expect(DisplayWidth.of("👨‍👩‍👧") == 6)
    #expect(DisplayWidth.of("🇫🇷") == 2)
    #expect(DisplayWidth.of("👍🏽") == 2)
    #expect(DisplayWidth.of("❤️") == 1)
    var canvas = Canvas(width: 10, height: 1)
    canvas.write("🇫🇷👨‍👩‍👧.", x: 0, y: 0)
    #expect(canvas.text == "FR👨👩👧.")
  }

  @Test func aPoorTerminalGetsASCII() {
    var canvas = Canvas(width: 24, height: 1, capabilities: .plain)
    canvas.write("┌─ σ·loss ▁▇ 日 ‖∂L‖ ⣿…", x: 0, y: 0)
    #expect(canvas.text == "+- s.loss .# ?? |dL| :~")
    #expect(canvas.text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test func drawingIsHeldInsideTheClip() {
    var canvas = Canvas(width: 6, height: 3)
    canvas.clipped(to: Rect(x: 1, y: 1, width: 4, height: 1)) { canvas in
      canvas.fill(canvas.bounds, style: .plain.reversed)
      canvas.write("abcdefgh", x: 0, y: 1)
      canvas.write("no", x: 1, y: 0)
      canvas.clipped(to: Rect(x: 3, y: 0, width: 9, height: 9)) { $0.write("ZZZ", x: 3, y: 1) }
    }
    #expect(canvas.text == "\n bcZZ\n")
    #expect(canvas[0, 1].style == .plain)
    canvas.write("edge", x: 0, y: 0)
    #expect(canvas.text == "edge\n bcZZ\n")
  }

  @Test func stylesAreDumpedInRuns() {
    var canvas = Canvas(width: 8, height: 2)
    canvas.write("train", x: 1, y: 0, style: Style(foreground: 75, bold: true))
    canvas.overlay(.plain.reversed, in: Rect(x: 5, y: 0, width: 9, height: 1))
    #expect(
      canvas.styleRuns == """
        0 1..<5 fg75 bold
        0 5..<6 fg75 bold reverse
        0 6..<8 reverse
        """)
  }

  @Test func absurdPlacesAreHarmless() {
    var canvas = Canvas(width: 3, height: 3)
    for x in [Int.min, -1, 0, Int.max] {
      for y in [Int.min, -1, 0, Int.max] {
        canvas.write("日ab", x: x, y: y, limit: x, ellipsis: true)
        canvas.put(.space, x: x, y: y)
        let rect = Rect(x: x, y: y, width: Int.max, height: Int.max)
        canvas.fill(rect.inset(left: Int.max, top: Int.min, right: Int.max, bottom: 3))
        canvas.overlay(.plain, in: rect)
        canvas.placeCursor(x: x, y: y)
      }
    }
    #expect(Canvas(width: -1, height: Int.min).text == "")
  }
}
