/// One line of text that is being edited: state and widget in one value.
public struct TextField: Widget, Equatable, Sendable {
  /// The text.
  public private(set) var text: [Character]
  /// The place of the cursor, 0...`text.count`.
  public private(set) var cursor: Int
  /// What stands before the text, such as `: `.
  public var prompt: String
  /// What is shown while the text is empty.
  public var placeholder: String

  /// A field with the cursor at the end of `text`.
  public init(_ text: String = "", prompt: String = "", placeholder: String = "") {
    self.text = Array(text)
    cursor = self.text.count
    self.prompt = prompt
    self.placeholder = placeholder
  }

  /// The text as a string.
  public var string: String { String(text) }

  /// Replaces the text and puts the cursor at its end.
  public mutating func set(_ string: String) {
    text = Array(string)
    cursor = text.count
  }

  /// Edits the text by `key`; `false` if the key means nothing here.
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert([character])
    case .paste(let pasted): insert(pasted.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): remove(cursor..<min(text.count, cursor + 1))
    case .control("u"): remove(0..<cursor)
    case .control("k"): remove(cursor..<text.count)
    case .control("w"): remove(startOfWord..<cursor)
    default: return false
    }
    return true
  }

  /// Draws the prompt and the part of the text around the cursor, and places the cursor.
  public func draw(on canvas: inout Canvas, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let palette = canvas.palette
    canvas.clipped(to: rect.row(0)) { canvas in
      let start = canvas.write(prompt, x: rect.x, y: rect.y, style: palette[.keyHint])
      let room = rect.width - start
      guard room > 0 else { return }
      if text.isEmpty {
        canvas.write(
          placeholder, x: rect.x + start, y: rect.y, style: palette[.muted], limit: room,
          ellipsis: true)
      }
      let first = firstVisible(in: room)
      canvas.write(String(text[first...]), x: rect.x + start, y: rect.y, limit: room)
      let place = rect.x + start + DisplayWidth.of(String(text[first..<cursor]))
      let under = cursor < text.count ? DisplayWidth.of(String(text[cursor])) : 1
      canvas.overlay(palette[.cursor], in: Rect(x: place, y: rect.y, width: under, height: 1))
      canvas.placeCursor(x: place, y: rect.y)
    }
  }

  private mutating func insert(_ characters: [Character]) {
    text.insert(contentsOf: characters, at: cursor)
    cursor += characters.count
  }

  private mutating func remove(_ range: Range<Int>) {
    text.removeSubrange(range)
    cursor = range.lowerBound
  }

  private var startOfWord: Int {
    var place = cursor
    while place > 0 && text[place - 1] == " " { place -= 1 }
    while place > 0 && text[place - 1] != " " { place -= 1 }
    return place
  }

  /// The first character on screen: the text scrolls just far enough to show the cursor.
  private func firstVisible(in room: Int) -> Int {
    var first = cursor
    var used = cursor < text.count ? DisplayWidth.of(String(text[cursor])) : 1
    while first > 0 {
      used += DisplayWidth.of(String(text[first - 1]))
      if used > room { break }
      first -= 1
    }
    return first
  }
}
