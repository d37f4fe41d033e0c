/// A number as decimal digits: sign · d.ddd · 10^exponent; formats without any floating arithmetic.
struct DecimalDigits {
  let negative: Bool
  /// The significant digits, the first one not 0.
  let digits: [UInt8]
  /// The power of ten of the first digit.
  let exponent: Int

  init(negative: Bool, digits: [UInt8], exponent: Int) {
    self.negative = negative
    self.digits = digits
    self.exponent = exponent
  }

  /// Rounds the shortest decimal form of `value` to `digits` digits, halves away from zero; `nil`
  /// for zero and for what is not finite.
  init?(rounding value: Double, digits count: Int) {
    guard value.isFinite, value != 0 else { return nil }
    let parts = value.magnitude.description.split(separator: "e")
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let all = mantissa.flatMap { $0.utf8.map { $0 &- 0x30 } }
    self.init(
      negative: value < 0, all: all, point: mantissa[0].utf8.count + power, count: count)
  }

  private init?(negative: Bool, all: [UInt8], point: Int, count: Int) {
    guard let first = all.firstIndex(where: { $0 != 0 }) else { return nil }
    var kept = Array(all[first...].prefix(count))
    var exponent = point - first - 1
    kept += Array(repeating: 0, count: max(0, count - kept.count))
    if all.count > first + count, all[first + count] >= 5 {
      var place = count - 1
      while place >= 0 && kept[place] == 9 {
        kept[place] = 0
        place -= 1
      }
      if place >= 0 {
        kept[place] += 1
      } else {
        kept = [1] + kept.dropLast()
        exponent += 1
      }
    }
    self.negative = negative
    self.digits = kept
    self.exponent = exponent
  }

  /// Without an exponent, without a zero before the point: `.0213`, `1.23`, `12300`.
  var plain: String { scaled(by: 0) }

  /// `plain` of the number times 10^`power`.
  func scaled(by power: Int) -> String {
    let whole = exponent + power + 1
    var text = negative ? "-" : ""
    for place in min(0, whole)..<max(digits.count, whole) {
      if place == whole || (place == min(0, whole) && whole <= 0) { text += "." }
      let digit = place >= 0 && place < digits.count ? digits[place] : 0
      text += String(digit)
    }
    return text
  }

  /// With an exponent: `2.13e-3`.
  var scientific: String {
    let tail = digits.dropFirst().map { String($0) }.joined()
    return (negative ? "-" : "") + "\(digits[0])" + (tail.isEmpty ? "" : "." + tail)
      + "e\(exponent)"
  }

  /// The shortest of the forms.
  var shortest: String {
    let forms =
      switch exponent {
      case -3..<3: [plain, scientific]
      case 3..<6: [scaled(by: -3) + "k", scientific]
      case 6..<9: [scaled(by: -6) + "M", scientific]
      default: [scientific]
      }
    return forms.min { $0.utf8.count < $1.utf8.count } ?? scientific
  }
}
