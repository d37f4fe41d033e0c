/// How a value becomes a colour or a character.
///
/// Signed values are symmetric about 0: blue or letters below, orange or digits above, and the size
/// is luminance or the position in `a...i` and `1...9`. Gates go from 0 to 1: dark to light, or
/// `0...9`.
public struct HeatScale: Equatable, Sendable {
  /// What kind of values are shown.
  public enum Kind: Equatable, Sendable {
    /// Values of either sign up to a limit.
    case signed
    /// Values from 0 to 1.
    case gate
  }

  /// What kind of values are shown.
  public let kind: Kind
  /// The size of the brightest signed value; 1 for gates.
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
    var largest = 0.0
    var squares = 0.0
    var count = 0.0
    for value in values where value.isFinite {
      let size = Double(value.magnitude)
      largest = max(largest, size)
      squares += size * size
      count += 1
    }
    guard largest > 0 else { return .signed(limit: 1) }
    let spread = 3 * (squares / count).squareRoot()
    return HeatScale(
      kind: .signed, limit: min(largest, spread), isClipped: spread < largest)
  }

  /// One character for `value`: `i...a·1...9` or `0...9`; `X` for NaN, `I` for infinities, `+` and
  /// `-` beyond the limit.
  public func code(_ value: Double) -> String {
    if value.isNaN { return "X" }
    if value.isInfinite { return "I" }
    switch kind {
    case .gate:
      if value > 1 { return "+" }
      if value < 0 { return "-" }
      return String(Int((value * 9).rounded()))
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
    let isBeyond = kind == .gate ? value < 0 || value > 1 : value.magnitude > limit
    return isBeyond ? Style(underline: true) : .plain
  }

  /// The palette index for `value`; `nil` without colours and for what is not finite.
  public func color(_ value: Double, _ palette: Palette) -> UInt8? {
    guard value.isFinite else { return nil }
    switch kind {
    case .gate:
      let ramp = palette.gateRamp
      guard !ramp.isEmpty else { return nil }
      return ramp[Int((min(max(value, 0), 1) * Double(ramp.count - 1)).rounded())]
    case .signed:
      let ramp = palette.signedRamp
      guard !ramp.isEmpty else { return nil }
      let half = Double(ramp.count / 2)
      let level = (min(max(value / limit, -1), 1) * half).rounded()
      return ramp[ramp.count / 2 + Int(level)]
    }
  }

  /// The palette index of a glyph that can be read on the colour of `value`.
  public func contrast(_ value: Double, _ palette: Palette) -> UInt8 {
    let bright: Bool
    switch kind {
    case .gate: bright = value >= 0.5
    case .signed: bright = palette.capabilities.light != (value.magnitude > limit * 0.6)
    }
    let isCube = palette.capabilities.colors == .indexed256
    return bright ? (isCube ? 16 : 0) : (isCube ? 231 : 15)
  }

  /// Which of two values stands for both when there is room for one: NaN, else the larger size.
  static func pooled(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    return b.magnitude > a.magnitude ? b : a
  }
}
