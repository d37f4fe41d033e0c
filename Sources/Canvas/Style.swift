/// How a cell looks: palette indices and attributes.
public struct Style: Equatable, Hashable, Sendable {
  /// Palette index of the glyph, 0...255; `nil` is the terminal's own colour.
  public var foreground: UInt8?
  /// Palette index behind the glyph, 0...255; `nil` is the terminal's own colour.
  public var background: UInt8?
  /// Whether the glyph is bold.
  public var bold: Bool
  /// Whether the glyph is dim.
  public var dim: Bool
  /// Whether foreground and background are exchanged.
  public var reverse: Bool
  /// Whether the glyph is underlined.
  public var underline: Bool

  /// Describes a style; without arguments, the terminal's own.
  public init(
    foreground: UInt8? = nil, background: UInt8? = nil, bold: Bool = false, dim: Bool = false,
    reverse: Bool = false, underline: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.bold = bold
    self.dim = dim
    self.reverse = reverse
    self.underline = underline
  }

  /// The terminal's own colours without attributes.
  public static let plain = Style()

  /// This style in reverse video.
  public var reversed: Style { with { $0.reverse = true } }

  /// This style with the colours and attributes that `other` sets laid over it.
  public func overlaid(with other: Style) -> Style {
    Style(
      foreground: other.foreground ?? foreground, background: other.background ?? background,
      bold: bold || other.bold, dim: dim || other.dim, reverse: reverse || other.reverse,
      underline: underline || other.underline)
  }

  private func with(_ change: (inout Style) -> Void) -> Style {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Style: CustomStringConvertible {
  /// What differs from plain, such as `fg75 bold`; `plain` if nothing does.
  public var description: String {
    var parts: [String] = []
    if let foreground { parts.append("fg\(foreground)") }
    if let background { parts.append("bg\(background)") }
    if bold { parts.append("bold") }
    if dim { parts.append("dim") }
    if reverse { parts.append("reverse") }
    if underline { parts.append("underline") }
    return parts.isEmpty ? "plain" : parts.joined(separator: " ")
  }
}
