import Testing

@testable import Formats

@Test(arguments: [
  ("", "line 1, column 1: a value is expected, got the end of the text."),
  ("{\n  \"a\": 1,\n}", "line 3, column 1: a string in double quotes is expected, got '}'."),
  ("{\"ü\": 1 \"b\"}", "line 1, column 9: ',' or '}' is expected, got '\"'."),
  ("[1 2]", "line 1, column 4: ',' or ']' is expected, got '2'."),
  ("[1,]", "line 1, column 4: a value is expected, got ']'."),
  ("{\"a\" 1}", "line 1, column 6: ':' is expected, got '1'."),
  ("{a: 1}", "line 1, column 2: a string in double quotes is expected, got 'a'."),
  ("1 2", "line 1, column 3: the end of the text is expected, got '2'."),
  ("{\"a\":1,\"a\":2}", "line 1, column 8: the key 'a' is here twice."),
  ("nul", "line 1, column 1: a value is expected, got 'n'."),
  ("NaN", "line 1, column 1: a value is expected, got 'N'."),
  ("\u{FEFF}1", "line 1, column 1: a value is expected, got '\\u{FEFF}'."),
  ("01", "line 1, column 2: the end of the text is expected, got '1'."),
  ("-", "line 1, column 2: a digit is expected, got the end of the text."),
  ("+1", "line 1, column 1: a value is expected, got '+'."),
  ("1.", "line 1, column 3: a digit is expected, got the end of the text."),
  ("1e+", "line 1, column 4: a digit is expected, got the end of the text."),
  (
    "[9223372036854775808]",
    "line 1, column 2: 9223372036854775808 does not fit in a 64-bit whole number."
  ),
  ("1e999", "line 1, column 1: 1e999 is too large for a number."),
  ("\"abc", "line 1, column 1: this string has no closing quote."),
  ("\"\\", "line 1, column 2: this escape is unknown."),
  ("\"\\x41\"", "line 1, column 2: this escape is unknown."),
  ("\"\\u12", "line 1, column 2: \\u needs four hexadecimal digits."),
  ("\"\\u+123\"", "line 1, column 2: \\u needs four hexadecimal digits."),
  ("\"\\ud83d\"", "line 1, column 2: half of a surrogate pair stands alone."),
  ("\"\\ud83d\\u0041\"", "line 1, column 2: half of a surrogate pair stands alone."),
  ("\"\\ude00\"", "line 1, column 2: half of a surrogate pair stands alone."),
  (
    "\"a\nb\"",
    "line 1, column 3: a control character in a string must be written as an escape."
  ),
])
func brokenTextIsRefusedWithItsPlace(text: String, message: String) {
  #expect(refusal { _ = try JSON(parsing: text, name: "s.json") } == "'s.json', " + message)
}

@Test func textThatIsNotUnicodeIsRefused() {
  for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
    #expect(
      refusal { _ = try JSON(parsing: [0x22] + bytes + [0x22], name: "s.json") }
        == "'s.json', line 1, column 1: this string is not valid UTF-8.")
  }
}

@Test func theLimitsHoldOnBothSides() {
  func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }
  #expect(refusal { _ = try JSON(parsing: nested(64), name: "s.json") } == nil)
  for depth in [65, 100_000] {
    #expect(
      refusal { _ = try JSON(parsing: nested(depth), name: "s.json") }
        == "'s.json', line 1, column 65: lists and objects may be at most 64 levels deep.")
  }
  let digits = String(repeating: "1", count: 398)
  #expect(refusal { _ = try JSON(parsing: "0." + digits, name: "s.json") } == nil)
  #expect(
    refusal { _ = try JSON(parsing: "0.1" + digits, name: "s.json") }
      == "'s.json', line 1, column 1: a number may have at most 400 characters.")
  let limits = JSON.Limits(bytes: 9, depth: 2, values: 4)
  #expect(
    refusal { _ = try JSON(parsing: Array("[1,2,  3]".utf8), name: "s", limits: limits) } == nil)
  #expect(
    refusal { _ = try JSON(parsing: Array("[1,2,   3]".utf8), name: "s", limits: limits) }
      == "'s' has 10 bytes; JSON may have at most 9.")
  #expect(
    refusal { _ = try JSON(parsing: Array("[1,2,3,4]".utf8), name: "s", limits: limits) }
      == "'s', line 1, column 8: a document may have at most 4 values.")
}
