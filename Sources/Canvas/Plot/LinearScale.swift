/// Maps a range of numbers onto 0...1; total for every range of finite numbers.
struct LinearScale: Equatable {
  let low: Double
  let high: Double

  /// A scale whose ends are finite; a range without length is widened, so that its value lies in
  /// the middle.
  init(_ range: ClosedRange<Double>) {
    let limit = Double.greatestFiniteMagnitude
    var low = min(max(range.lowerBound, -limit), limit)
    var high = min(max(range.upperBound, -limit), limit)
    // Halved, so that the span of two huge numbers is still finite.
    if !(high / 2 - low / 2 > 0) {
      let pad = max(abs(low) / 10, 1e-9)
      let padding = low == 0 && high == 0 ? 1 : pad
      low = max(low - padding, -limit)
      high = min(high + padding, limit)
    }
    self.low = low
    self.high = high
  }

  /// A scale with these finite ends as they are; where they are equal, `fraction` is 0.
  init(exactly low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }

  /// Where `value` lies: 0 at `low`, 1 at `high`, limited to 0...1; 0 for NaN.
  func fraction(_ value: Double) -> Double {
    guard !value.isNaN else { return 0 }
    let part = (value / 2 - low / 2) / (high / 2 - low / 2)
    return part.isNaN ? 0 : min(max(part, 0), 1)
  }

  /// The value at `fraction` of the way from `low` to `high`.
  func value(at fraction: Double) -> Double {
    low * (1 - fraction) + high * fraction
  }
}
