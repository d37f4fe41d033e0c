extension Double {
  /// The number with `digits` significant digits, without an exponent where that reads well.
  public func formatted(_ digits: Int) -> String {
    guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "Inf" }
    guard self != 0 else { return "0" }
    let exponent = magnitude.exponent10
    guard -4..<9 ~= exponent else {
      // The least numbers are below every power of ten.
      let near = max(exponent, -300)
      let mantissa = self / Self.power(of: near) / Self.power(of: exponent - near)
      let text = mantissa.fixed(max(0, digits - 1))
      guard text.hasPrefix("10") || text.hasPrefix("-10") else { return text + "e\(exponent)" }
      return (mantissa / 10).fixed(max(0, digits - 1)) + "e\(exponent + 1)"
    }
    return fixed(max(0, digits - 1 - exponent))
  }

  /// The number with `decimals` digits after the point.
  private func fixed(_ decimals: Int) -> String {
    let scale = Self.power(of: decimals)
    let whole = (magnitude * scale).rounded()
    let digits = String(Int64(whole))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let text =
      decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
    return (self < 0 && whole > 0 ? "-" : "") + text
  }

  /// The power of ten below a positive number.
  private var exponent10: Int {
    var exponent = 0
    var rest = self
    while rest >= 10 { (rest, exponent) = (rest / 10, exponent + 1) }
    while rest < 1 { (rest, exponent) = (rest * 10, exponent - 1) }
    return exponent
  }

  private static func power(of exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { power, _ in exponent < 0 ? power / 10 : power * 10 }
  }
}
