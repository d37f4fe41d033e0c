import Glibc

/// Maps values onto 0...1 of an axis, linearly or by their logarithm; total for every number.
struct AxisScale: Equatable {
  /// The values at both ends.
  let range: LinearScale
  /// Whether equal factors take equal room.
  let isLogarithmic: Bool
  private let mapped: LinearScale

  /// An axis; a logarithmic one needs a positive `low`, or it becomes linear.
  init(low: Double, high: Double, isLogarithmic: Bool) {
    let ordered = low <= high ? low...high : high...high
    if isLogarithmic && ordered.lowerBound > 0 {
      // A single value is given half a decade of room on either side.
      let alone = ordered.lowerBound == ordered.upperBound
      let limit = Double.greatestFiniteMagnitude
      let bottom = min(ordered.lowerBound, limit)
      let top = min(ordered.upperBound, limit)
      range = LinearScale(
        exactly: max(alone ? bottom / 3 : bottom, .leastNonzeroMagnitude),
        alone ? min(top * 3, limit) : top)
      mapped = LinearScale(log10(range.low)...log10(range.high))
      self.isLogarithmic = true
    } else {
      range = LinearScale(ordered)
      mapped = range
      self.isLogarithmic = false
    }
  }

  /// Where `value` lies, limited to 0...1; 0 for NaN and for what has no logarithm.
  func fraction(_ value: Double) -> Double {
    guard isLogarithmic else { return mapped.fraction(value) }
    return value > 0 ? mapped.fraction(log10(value)) : 0
  }

  /// The value at `fraction` of the way.
  func value(at fraction: Double) -> Double {
    // Exact at the ends, or the first and last sample would fall off a logarithmic axis.
    if fraction <= 0 { return range.low }
    if fraction >= 1 { return range.high }
    let place = mapped.value(at: fraction)
    guard isLogarithmic else { return place }
    return min(max(pow(10, place), range.low), range.high)
  }

  /// Round values of the axis, at most `most`.
  func ticks(most: Int) -> [Ticks.Tick] {
    isLogarithmic ? Ticks.logarithmic(range, most: most) : Ticks.linear(range, most: most)
  }
}
