/// Places on an axis that are worth a label.
struct Ticks: Equatable {
  /// One place and its label.
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  /// At most `most` round values in a range: multiples of 1, 2 or 5 times a power of ten.
  static func linear(_ scale: LinearScale, most: Int) -> [Tick] {
    let most = max(most, 1)
    let span = scale.high / 2 - scale.low / 2
    guard let digits = DecimalDigits(rounding: span / Double(most), digits: 17) else { return [] }
    for exponent in digits.exponent...(digits.exponent + 2) {
      for mantissa in [1, 2, 5] {
        guard let unit = Double("1e\(exponent)"), unit > 0, unit.isFinite else { continue }
        let step = unit * Double(mantissa)
        // A tick that misses the end only by rounding is still on the axis.
        let first = (scale.low / step - 1e-9).rounded(.up)
        let last = (scale.high / step + 1e-9).rounded(.down)
        guard first.magnitude < 1e12, last.magnitude < 1e12 else { return [] }
        guard last - first < Double(most) else { continue }
        guard last >= first else { return [] }
        return (Int(first)...Int(last)).map {
          Tick(
            value: Double($0) * step, label: label($0 * mantissa, exponent: exponent))
        }
      }
    }
    return []
  }

  /// At most `most` round values of a logarithmic axis between two positive values: powers of ten,
  /// with 2 and 5 between them where there is room; over less than that, as on a linear axis.
  static func logarithmic(_ scale: LinearScale, most: Int) -> [Tick] {
    guard scale.low > 0, let low = DecimalDigits(rounding: scale.low, digits: 17)?.exponent,
      let high = DecimalDigits(rounding: scale.high, digits: 17)?.exponent
    else { return [] }
    func ticks(_ mantissas: [Int], every stride: Int) -> [Tick] {
      Swift.stride(from: low, through: high, by: 1).flatMap { exponent -> [Tick] in
        guard exponent % stride == 0 else { return [] }
        return mantissas.compactMap { mantissa in
          guard let value = Double("\(mantissa)e\(exponent)"), value >= scale.low,
            value <= scale.high
          else { return nil }
          return Tick(value: value, label: label(mantissa, exponent: exponent))
        }
      }
    }
    for (mantissas, stride) in [([1, 2, 5], 1), ([1, 3], 1), ([1], 1), ([1], 2), ([1], 5)] {
      let found = ticks(mantissas, every: stride)
      if found.count <= most {
        let spansDecades = high - low >= 2 && found.count >= 2
        return found.count >= 3 || spansDecades ? found : linear(scale, most: most)
      }
    }
    return ticks([1], every: max(1, ((high - low) / max(most, 1) / 10 + 1) * 10))
  }

  /// `number` · 10^`exponent` in full: `.05`, `400`, `12k`, `1.5M`, `3.2e-4`.
  static func label(_ number: Int, exponent: Int) -> String {
    guard number != 0 else { return "0" }
    guard let digits = DecimalDigits(exactly: number, exponent: exponent) else { return "0" }
    switch digits.exponent {
    case -3..<4: return exponent < 0 && exponent >= -4 ? digits.plain : digits.trimmed.plain
    case 4..<6: return digits.trimmed.scaled(by: -3) + "k"
    case 6..<9: return digits.trimmed.scaled(by: -6) + "M"
    case 9..<12: return digits.trimmed.scaled(by: -9) + "G"
    default: return digits.trimmed.scientific
    }
  }
}

extension DecimalDigits {
  /// `number` · 10^`exponent`; `nil` for 0.
  fileprivate init?(exactly number: Int, exponent: Int) {
    guard number != 0 else { return nil }
    let digits = String(number.magnitude).utf8.map { $0 &- 0x30 }
    self.init(negative: number < 0, digits: digits, exponent: digits.count - 1 + exponent)
  }

  /// Without zeros at the end.
  fileprivate var trimmed: DecimalDigits {
    let kept = (digits.lastIndex { $0 != 0 } ?? 0) + 1
    return DecimalDigits(negative: negative, digits: Array(digits[..<kept]), exponent: exponent)
  }
}
