/// What one cell shows: a spacing scalar and at most four marks on it, all safe to send.
public struct Glyph: Equatable, Hashable, Sendable {
  /// The scalars of the glyph; never empty.
  public let text: String
  /// The number of columns it takes, 1 or 2.
  public let width: Int

  /// An empty cell.
  public static let space = Glyph(safe: " ", width: 1)

  init(safe text: String, width: Int) {
    self.text = text
    self.width = width
  }
}

/// The one sanitiser: turns any text into glyphs that are safe on a terminal.
///
/// Control characters (C0, DEL, C1), format characters (bidirectional controls among them), line
/// and paragraph separators, private and unassigned scalars become U+FFFD. Joiners and variation
/// selectors are dropped and flags become their two letters, because terminals disagree on their
/// widths; then every terminal shows what was measured here.
public struct Glyphs: Sequence, IteratorProtocol {
  private var scalars: String.UnicodeScalarView.Iterator
  private var pending: Unicode.Scalar?

  /// The most marks that a cell of ncurses can hold on top of its first scalar.
  private static let maximumMarks = 4

  /// The texts of single ASCII characters, made once.
  private static let ascii = (UInt8(0)..<128).map { String(Unicode.Scalar($0)) }

  /// Reads `text` glyph by glyph.
  public init(_ text: String) {
    scalars = text.unicodeScalars.makeIterator()
    pending = nil
  }

  /// The next glyph, or `nil` at the end of the text.
  public mutating func next() -> Glyph? {
    guard let base = nextKept() else { return nil }
    let baseWidth = DisplayWidth.of(base)
    var text = base.isASCII ? Self.ascii[Int(base.value)] : String(base)
    if baseWidth == 0 {
      // A mark without anything to stand on is shown on a dotted circle, as in type tables.
      text = "\u{25CC}" + text
    }
    var marks = 0
    while let mark = nextKept() {
      guard DisplayWidth.of(mark) == 0 else {
        pending = mark
        break
      }
      if marks < Self.maximumMarks - (baseWidth == 0 ? 1 : 0) { text.unicodeScalars.append(mark) }
      marks += 1
    }
    return Glyph(safe: text, width: Swift.max(1, baseWidth))
  }

  private mutating func nextKept() -> Unicode.Scalar? {
    if let scalar = pending {
      pending = nil
      return scalar
    }
    while let scalar = scalars.next() {
      if let kept = Self.safe(scalar) { return kept }
    }
    return nil
  }

  /// What is drawn for `scalar`; `nil` if nothing is.
  static func safe(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let value = scalar.value
    if value >= 0x20 && value < 0x7F { return scalar }
    switch value {
    case 0x200C, 0x200D, 0x034F, 0xFE00...0xFE0F, 0xE0100...0xE01EF: return nil
    case 0x1F3FB...0x1F3FF: return nil
    case 0x1F1E6...0x1F1FF: return Unicode.Scalar(0x41 + value - 0x1F1E6)
    case 0xA0: return " "
    // Box drawing, blocks, symbols and braille: what the widgets draw most, and all of it assigned.
    case 0x2500...0x28FF: return scalar
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return "\u{FFFD}"
    default: return scalar
    }
  }
}
