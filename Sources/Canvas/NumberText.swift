/// Numbers as the workbench writes them: three significant digits, never a trap.
public enum NumberText {
  /// Three significant digits, at most 8 columns for exponents of one digit: `.0213`, `1.23`,
  /// `12.3k`, `4.50M`, `2.13e-3`, `NaN`, `-Inf`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return nonFinite(value) }
    guard let decimal = DecimalDigits(rounding: value, digits: 3) else { return "0" }
    switch decimal.exponent {
    case -2..<3: return decimal.plain
    case 3..<6: return decimal.scaled(by: -3) + "k"
    case 6..<9: return decimal.scaled(by: -6) + "M"
    case 9..<12: return decimal.scaled(by: -9) + "G"
    default: return decimal.scientific
    }
  }

  /// `short(_:)`, right-aligned in `width` columns; where that is too narrow, with fewer digits, and
  /// at last `#` in every column rather than a wrong number.
  public static func fixed(_ value: Double, width: Int) -> String {
    let width = max(0, min(width, 1_000))
    var text = short(value)
    for digits in [2, 1] where text.utf8.count > width && value.isFinite {
      text = DecimalDigits(rounding: value, digits: digits)?.shortest ?? "0"
    }
    if text.utf8.count > width { return String(repeating: "#", count: width) }
    return String(repeating: " ", count: width - text.utf8.count) + text
  }

  /// `short(_:)` with a unit and its prefix: `1.23 MB`, `82.0 ktok/s`, `12.0 ms`.
  public static func withUnit(_ value: Double, _ unit: String) -> String {
    let text = short(value)
    guard let last = text.last, "kMG".contains(last), value.isFinite else {
      return "\(text) \(unit)"
    }
    return "\(text.dropLast()) \(last)\(unit)"
  }

  /// A whole number with its thousands apart: `23 004`.
  public static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return text
  }

  /// A fraction as per cent: `12%`, `<1%` for what would round to nothing, `NaN`.
  public static func percent(_ fraction: Double) -> String {
    let value = fraction * 100
    guard value.isFinite else { return nonFinite(value) }
    if value > 0 && value < 0.5 { return "<1%" }
    guard abs(value) < 1e6 else { return short(value) + "%" }
    return "\(Int(value.rounded()))%"
  }

  /// A time in seconds: `850ms`, `12s`, `4m10s`, `2h05m`, `3d04h`; `-` if it is not known.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-" }
    if seconds < 0.9995 { return "\(Int((seconds * 1_000).rounded()))ms" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    switch whole {
    case ..<60: return "\(whole)s"
    case ..<3_600: return "\(whole / 60)m\(two(whole % 60))s"
    case ..<86_400: return "\(whole / 3_600)h\(two(whole % 3_600 / 60))m"
    default: return "\(whole / 86_400)d\(two(whole % 86_400 / 3_600))h"
    }
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-Inf" : "Inf"
  }
}
