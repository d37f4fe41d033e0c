import CNcurses
import Canvas

/// Brings a canvas onto the screen through ncurses, which sends only what has changed.
struct Display {
  let capabilities: Capabilities
  private let colorCount: Int
  private var shown: Canvas?

  init(capabilities: Capabilities) {
    self.capabilities = capabilities
    colorCount = Int(cnc_colors())
  }

  /// Forgets what is on the screen, so that the next canvas is sent in full.
  mutating func invalidate() { shown = nil }

  mutating func draw(_ canvas: Canvas) {
    guard canvas != shown else { return }
    let isWhole = shown?.width != canvas.width || shown?.height != canvas.height
    if isWhole { cnc_erase() }
    for y in 0..<canvas.height {
      for x in 0..<canvas.width {
        let cell = canvas[x, y]
        if !isWhole && shown?[x, y] == cell { continue }
        if !cell.isContinuation { put(cell, x: x, y: y) }
      }
    }
    if let cursor = canvas.cursor {
      cnc_cursor(Int32(cursor.y), Int32(cursor.x), true)
    } else {
      cnc_cursor(Int32(max(0, canvas.height - 1)), Int32(max(0, canvas.width - 1)), false)
    }
    cnc_refresh(shown == nil)
    shown = canvas
  }

  private func put(_ cell: Cell, x: Int, y: Int) {
    let (attributes, pair) = look(of: cell.style)
    for (offset, characters) in Self.characters(of: cell.glyph).enumerated() {
      characters.withUnsafeBufferPointer { text in
        guard let start = text.baseAddress else { return }
        cnc_put(Int32(y), Int32(x + offset), start, attributes, pair)
      }
    }
  }

  /// The characters of each column of `glyph`, ended by 0. One that this machine measures in another
  /// way is replaced, because it would move everything after it.
  static func characters(of glyph: Glyph) -> [[wchar_t]] {
    let scalars = Array(glyph.text.unicodeScalars)
    guard let base = scalars.first, systemWidth(base) == glyph.width else {
      return Array(repeating: [wchar_t(UInt8(ascii: "?")), 0], count: glyph.width)
    }
    let marks = scalars.dropFirst().filter { systemWidth($0) == 0 }
    return [([base] + marks).map { wchar_t(bitPattern: $0.value) } + [0]]
  }

  /// The columns of `scalar` in the locale of this process; -1 if it is unknown there.
  static func systemWidth(_ scalar: Unicode.Scalar) -> Int {
    Int(wcwidth(wchar_t(bitPattern: scalar.value)))
  }

  /// Attributes and colour pair of a style.
  private func look(of style: Style) -> (attributes: UInt32, pair: Int32) {
    var attributes: UInt32 = 0
    if style.bold { attributes |= cnc_bold() }
    if style.dim { attributes |= cnc_dim() }
    if style.reverse { attributes |= cnc_reverse() }
    if style.underline { attributes |= cnc_underline() }
    guard capabilities.colors != .mono else { return (attributes, 0) }
    guard style.foreground != nil || style.background != nil else { return (attributes, 0) }
    if colorCount < 16, let color = style.foreground, color >= 8 { attributes |= cnc_bold() }
    let pair = alloc_pair(index(of: style.foreground), index(of: style.background))
    return (attributes, max(0, pair))
  }

  /// The index of a colour on this terminal; -1 is its own. Eight colours stand for sixteen.
  private func index(of color: UInt8?) -> Int32 {
    guard let color else { return -1 }
    let index = Int(color)
    if index < colorCount { return Int32(index) }
    return index < 16 ? Int32(index % 8) : -1
  }
}
