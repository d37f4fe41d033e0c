/// An order of the units of a signal, for a heat map with what matters at the top.
public enum UnitOrder: Sendable, Equatable {
  /// By number.
  case index
  /// The largest variance over time first.
  case variance
  /// The largest absolute correlation over time with one unit first, and that unit before all.
  case correlation(with: Int)
  /// The longest memory first.
  case memory(TimeScales)
  /// The largest mean absolute difference from the same signal of another recording first.
  case change(from: SignalMatrix)
}

extension SignalMatrix {
  /// The units in `order`; equals by number, and units without a finite value last.
  public func units(in order: UnitOrder) -> [Int] {
    let scores: [Double]
    switch order {
    case .index: return Array(0..<units)
    case .variance: scores = (0..<units).map { variance(of: $0) }
    case .correlation(let chosen):
      guard 0..<units ~= chosen else { return Array(0..<units) }
      let reference = trace(of: chosen)
      scores = (0..<units).map {
        $0 == chosen ? .infinity : abs(Self.correlation(trace(of: $0), reference))
      }
    case .memory(let scales): return scales.units.count == units ? scales.order : Array(0..<units)
    case .change(let other):
      guard let change = difference(from: other) else { return Array(0..<units) }
      scores = (0..<units).map { change.meanMagnitude(of: $0) }
    }
    return (0..<units).sorted {
      let (a, b) = (Self.rank(scores[$0]), Self.rank(scores[$1]))
      return a == b ? $0 < $1 : a > b
    }
  }

  /// NaN sorts after everything.
  private static func rank(_ score: Double) -> Double { score.isNaN ? -.infinity : score }

  private func variance(of unit: Int) -> Double {
    let finite = trace(of: unit).filter(\.isFinite)
    guard !finite.isEmpty else { return .nan }
    let deviation = Spread(finite).deviation
    return deviation * deviation
  }

  private func meanMagnitude(of unit: Int) -> Double {
    let finite = trace(of: unit).filter(\.isFinite)
    return finite.reduce(0) { $0 + abs(Double($1)) } / Double(finite.count)
  }

  /// Pearson's correlation over the steps where both are finite; 0 when one does not move.
  private static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let pairs = zip(a, b).filter { $0.isFinite && $1.isFinite }
    guard !pairs.isEmpty else { return .nan }
    let (x, y) = (Spread(pairs.lazy.map(\.0)), Spread(pairs.lazy.map(\.1)))
    guard x.deviation > 0, y.deviation > 0 else { return 0 }
    let products = pairs.reduce(0) { $0 + (Double($1.0) - x.mean) * (Double($1.1) - y.mean) }
    return products / Double(pairs.count) / (x.deviation * y.deviation)
  }
}
