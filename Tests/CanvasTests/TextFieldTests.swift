import Canvas
import Testing

@Suite struct TextFieldTests {
  /// The field after the keys of a script.
  func edited(_ script: String, from text: String = "") throws -> TextField {
    var field = TextField(text)
    for key in try Key.parse(script) { _ = field.handle(key) }
    return field
  }

  @Test(arguments: [
    ("add gru 48", "add gru 48", 10), ("lstn<backspace>m", "lstm", 4),
    ("bc<home>a<end>d", "abcd", 4),
    ("ac<left>b", "abc", 2), ("ab<left><left><left><del>", "b", 0), ("one two<C-w>", "one ", 4),
    ("one two  <C-w>x", "one x", 5), ("one<left><C-u>", "e", 0), ("one<home><right><C-k>", "o", 1),
    ("<backspace><del><C-w><C-u><right>", "", 0), ("<paste:a\nb>", "a b", 3),
    ("é日<left>x", "éx日", 2),
  ])
  func editing(script: String, text: String, cursor: Int) throws {
    let field = try edited(script)
    #expect(field.string == text)
    #expect(field.cursor == cursor)
  }

  @Test func keysThatMeanNothingHereAreLeftToOthers() {
    var field = TextField("a")
    for key in [Key.enter, .escape, .tab, .up, .control("r"), .function(5)] {
      let handled = field.handle(key)
      #expect(!handled)
    }
    #expect(field.string == "a")
  }

  @Test func theCursorStaysInSight() throws {
    var field = try edited("abcdefghij")
    field.prompt = ": "
    var canvas = Canvas(width: 8, height: 1)
    field.draw(on: &canvas, in: canvas.bounds)
    #expect(canvas.text == ": fghij")
    #expect(canvas.cursor?.x == 7)
    #expect(canvas[7, 0].style.reverse)
    for _ in 0..<10 { _ = field.handle(.left) }
    #expect(drawn(field, 8, 1) == ": abcdef")
    #expect(drawn(TextField("", prompt: "/", placeholder: "filter"), 8, 1) == "/filter")
    #expect(drawn(field, 1, 1) == ":")
  }
}
