/// What the terminal can show: colours, glyphs and the shade of its background.
public struct Capabilities: Equatable, Hashable, Sendable {
  /// How many colours there are.
  public enum Colors: String, CaseIterable, Sendable {
    /// None: only bold, dim, underline and reverse video.
    case mono
    /// The sixteen ANSI colours (on an 8-colour terminal the bright half is drawn bold).
    case ansi16
    /// The 256-colour cube; palette indices are exact.
    case indexed256
  }

  /// Which characters the terminal's font and encoding can be trusted with.
  public enum Glyphs: String, CaseIterable, Sendable {
    /// Printable ASCII only; everything else is folded to its nearest ASCII sign.
    case ascii
    /// Box drawing and block elements, but no braille.
    case blocks
    /// Everything, braille dots included.
    case braille
  }

  /// How many colours there are.
  public var colors: Colors
  /// Which characters can be drawn.
  public var glyphs: Glyphs
  /// Whether the terminal's background is light.
  public var light: Bool

  /// Describes a terminal.
  public init(colors: Colors = .indexed256, glyphs: Glyphs = .braille, light: Bool = false) {
    self.colors = colors
    self.glyphs = glyphs
    self.light = light
  }

  /// 256 colours and every glyph, on a dark ground.
  public static let full = Capabilities()
  /// The poorest terminal we draw on: ASCII without colours.
  public static let plain = Capabilities(colors: .mono, glyphs: .ascii)
}
