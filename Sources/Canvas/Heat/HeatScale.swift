/// How a value becomes a colour or a character.
///
/// Signed values are symmetric about 0: blue or letters below, orange or digits above, and the size
/// is luminance or the position in `a...i` and `1...9`. Gates go from 0 to 1, and other positive values
/// from 0 to a limit: dark to light, or `0...9`.
public struct HeatScale: Equatable, Sendable {
  /// What kind of values are shown.
  public enum Kind: Equatable, Sendable {
    /// Values of either sign up to a limit.
    case signed
    /// Values from 0 to 1.
    case gate
    /// Values from 0 to a limit.
    case positive
  }

  /// What kind of values are shown.
  public let kind: Kind
  /// The size of the brightest value; 1 for gates.
  public let limit: Double
  /// Whether the limit was set by the spread of the values, so that some may lie beyond it.
  public let isClipped: Bool

  /// Values from 0 to 1.
  public static let gate = HeatScale(kind: .gate, limit: 1, isClipped: false)

  /// Values of either sign up to `limit`.
  public static func signed(limit: Double) -> HeatScale {
    HeatScale(
      kind: .signed, limit: limit.isFinite && limit > 0 ? limit : 1, isClipped: false)
  }

  /// Values of either sign with the limit min(max |x|, 3σ), σ² the mean of x², over those that are
  /// finite.
  public static func signed(fitting values: some Sequence<Float>) -> HeatScale {
    HeatScale(kind: .signed, fitting: values)
  }

  /// Values from 0 up with the limit min(max x, 3σ), σ² the mean of x², over those that are finite.
  public static func positive(fitting values: some Sequence<Float>) -> HeatScale {
    HeatScale(kind: .positive, fitting: values)
  }

  /// The scale for what `values` look like: within 0 and 1, positive, or of either sign.
  public static func fitting(_ values: some Sequence<Float>) -> HeatScale {
    let finite = values.lazy.filter(\.isFinite)
    guard finite.allSatisfy({ $0 >= 0 }) else { return .signed(fitting: values) }
    return finite.allSatisfy { $0 <= 1 } ? .gate : .positive(fitting: values)
  }

  private init(kind: Kind, limit: Double, isClipped: Bool) {
    self.kind = kind
    self.limit = limit
    self.isClipped = isClipped
  }

  private init(kind: Kind, fitting values: some Sequence<Float>) {
    var (largest, squares, count) = (0.0, 0.0, 0.0)
    for value in values where value.isFinite {
      let size = Double(value.magnitude)
      largest = max(largest, size)
      squares += size * size
      count += 1
    }
    let spread = count > 0 ? 3 * (squares / count).squareRoot() : 0
    self.init(
      kind: kind, limit: largest > 0 ? min(largest, spread) : 1, isClipped: spread < largest)
  }

  /// One character for `value`: `i...a·1...9` or `0...9`; `X` for NaN, `I` for infinities, `+` and
  /// `-` beyond the limit.
  public func code(_ value: Double) -> String {
    if value.isNaN { return "X" }
    if value.isInfinite { return "I" }
    switch kind {
    case .gate, .positive:
      if value > limit { return "+" }
      if value < 0 { return "-" }
      return String(Int((value / limit * 9).rounded()))
    case .signed:
      if value > limit { return "+" }
      if value < -limit { return "-" }
      let level = Int((value / limit * 9).rounded())
      if level == 0 { return "·" }
      return level > 0 ? String(level) : ["a", "b", "c", "d", "e", "f", "g", "h", "i"][-level - 1]
    }
  }

  /// The style of the character of `code(_:)`: beyond the limit it is underlined.
  public func codeStyle(_ value: Double) -> Style {
    guard value.isFinite else { return Style(bold: true, reverse: true) }
    let isBeyond = value.magnitude > limit || kind != .signed && value < 0
    return isBeyond ? Style(underline: true) : .plain
  }

  /// The palette index for `value`; `nil` without colours and for what is not finite.
  public func color(_ value: Double, _ palette: Palette) -> UInt8? {
    guard value.isFinite else { return nil }
    switch kind {
    case .gate, .positive: return Self.step(of: value / limit, in: palette.gateRamp)
    case .signed:
      let ramp = palette.signedRamp
      guard !ramp.isEmpty else { return nil }
      let half = Double(ramp.count / 2)
      let level = (min(max(value / limit, -1), 1) * half).rounded()
      return ramp[ramp.count / 2 + Int(level)]
    }
  }

  /// The palette index for `value` where it is not what matters: a grey of its size; `nil` without
  /// colours and for what is not finite.
  public func grey(_ value: Double, _ palette: Palette) -> UInt8? {
    value.isFinite ? Self.step(of: value.magnitude / limit, in: palette.greyRamp) : nil
  }

  private static func step(of fraction: Double, in ramp: [UInt8]) -> UInt8? {
    guard !ramp.isEmpty else { return nil }
    return ramp[Int((min(max(fraction, 0), 1) * Double(ramp.count - 1)).rounded())]
  }

  /// The palette index of a glyph that can be read on the colour of `value`.
  public func contrast(_ value: Double, _ palette: Palette) -> UInt8 {
    let bright: Bool
    switch kind {
    case .gate, .positive: bright = value >= limit / 2
    case .signed: bright = palette.capabilities.light != (value.magnitude > limit * 0.6)
    }
    let isCube = palette.capabilities.colors == .indexed256
    return bright ? (isCube ? 16 : 0) : (isCube ? 231 : 15)
  }

  /// What the colours of `palette`, or the characters, mean: the ends of the scale with what is
  /// between them.
  public func legend(_ palette: Palette, isColored: Bool) -> StyledText {
    let limit = NumberText.short(limit)
    let ends =
      switch kind {
      case .gate: ("0", "1")
      case .positive: ("0", limit)
      case .signed: ("-" + limit, "+" + limit)
      }
    var text = StyledText(ends.0 + " ", palette[.muted])
    if isColored {
      let ramp = kind == .signed ? palette.signedRamp : palette.gateRamp
      for color in ramp { text.append(" ", Style(background: color)) }
    } else {
      text.append(kind == .signed ? "i..a · 1..9" : "0..9")
    }
    text.append(" " + ends.1, palette[.muted])
    if isClipped { text.append(kind == .signed ? "  ±3σ" : "  = 3σ", palette[.muted]) }
    return text
  }

  /// Which of two values stands for both when there is room for one: NaN, else the larger size.
  static func pooled(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    return b.magnitude > a.magnitude ? b : a
  }
}
