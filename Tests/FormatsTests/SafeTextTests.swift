import Testing

@testable import Formats

@Test(arguments: [
  ("plain text", "plain text"),
  ("Zürich 漢字 👩‍🔬 e\u{301}", "Zürich 漢字 👩‍🔬 e\u{301}"),
  ("two\nlines\r\n\tand a tab", "two\\nlines\\r\\n\\tand a tab"),
  ("\u{1B}[31mred", "\\u{1B}[31mred"),
  ("bell\u{7} nul\u{0} del\u{7F}", "bell\\u{7} nul\\u{0} del\\u{7F}"),
  ("c1 \u{9B}31m \u{85}", "c1 \\u{9B}31m \\u{85}"),
  ("\u{202E}evil\u{2066}", "\\u{202E}evil\\u{2066}"),
  ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
  ("\u{E000} \u{378} \u{FFFF}", "\\u{E000} \\u{378} \\u{FFFF}"),
  ("\u{200B}\u{FEFF}\u{AD}\u{E0041}", "\\u{200B}\\u{FEFF}\\u{AD}\\u{E0041}"),
])
func textFromOutsideCannotSteerATerminal(text: String, shown: String) {
  #expect(SafeText.line(text) == shown)
}

@Test func longTextIsCutAtACharacter() {
  #expect(SafeText.line("abcdef", limit: 6) == "abcdef")
  #expect(SafeText.line("abcdefg", limit: 6) == "abcdef…")
  #expect(SafeText.line("👩‍🔬👩‍🔬", limit: 1) == "👩‍🔬…")
  #expect(SafeText.quoted("a\nb") == "'a\\nb'")
}

@Test func noScalarThatIsCalledSafeIsAControlOrADirection() {
  for value in (UInt32(0)...0x3000) {
    guard let scalar = Unicode.Scalar(value), SafeText.isSafe(scalar) else { continue }
    #expect(!(0..<0x20).contains(value) && !(0x7F..<0xA0).contains(value))
    #expect(!(0x2028...0x202E).contains(value) && !(0x2066...0x2069).contains(value))
  }
}
