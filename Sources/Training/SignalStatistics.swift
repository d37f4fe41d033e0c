import Engine
import Layers

extension SignalReport {
  /// About this many values of a signal are looked at, in at least 32 time steps: enough for shares
  /// in percent, and little beside the training step itself.
  static let sampleSize = 16_384

  /// The distribution of what was recorded, past the ends of the sequences left out.
  init(_ recorded: RecordedSignal, lengths: [Int]?) {
    let units = recorded.values.shape.last
    let values = Self.sample(recorded.values, lengths: lengths)
    var sums = [Double](repeating: 0, count: units)
    var squares = sums
    var largest = 0.0
    for row in stride(from: 0, to: values.count, by: max(1, units)) {
      for unit in 0..<units {
        let value = Double(values[row + unit])
        sums[unit] += value
        squares[unit] += value * value
        largest = max(largest, abs(value))
      }
    }
    let rows = Double(max(1, values.count / max(1, units)))
    let range = recorded.signal.range.interval(largest: largest)
    let shares = Self.shares(of: values, over: range, edge: recorded.signal.range.edge)
    self.init(
      layer: recorded.layer, signal: recorded.signal.name, meaning: recorded.signal.meaning,
      range: range, histogram: shares.histogram, low: shares.low, high: shares.high,
      mean: sums.reduce(0, +) / Double(max(1, values.count)), largest: largest,
      deadUnits: (0..<units).filter { unit in
        let mean = sums[unit] / rows
        return max(0, squares[unit] / rows - mean * mean).squareRoot() < 0.001
      })
  }

  /// Whole time steps `[…, H]` of the valid part of `values` `[B, T, H]`, evenly spread.
  private static func sample(_ values: Tensor, lengths: [Int]?) -> [Float] {
    let (batch, time, units) = (values.shape[0], values.shape[1], values.shape.last)
    let valid = (0..<batch).flatMap { row in
      (0..<(lengths?[row] ?? time)).map { row * time + $0 }
    }
    let wanted = max(32, sampleSize / max(1, units))
    let stride = (valid.count + wanted - 1) / wanted
    let rows = valid.indices.filter { $0 % max(1, stride) == 0 }.map { valid[$0] }
    return values.reshaped([batch * time, units]).gathering(rows: rows).scalars
  }

  /// The shares in 20 bins of `range`, and near its ends: within `edge`, a share of the range.
  private static func shares(
    of values: [Float], over range: ClosedRange<Double>, edge: Double
  ) -> (histogram: [Double], low: Double, high: Double) {
    var counts = [Int](repeating: 0, count: 20)
    var (low, high) = (0, 0)
    let width = range.upperBound - range.lowerBound
    for value in values {
      let place = (Double(value) - range.lowerBound) / width
      guard !place.isNaN else { continue }  // an infinite value in an infinite range
      counts[place < 0 ? 0 : place >= 1 ? 19 : Int(place * 20)] += 1
      if place < edge { low += 1 }
      if place > 1 - edge { high += 1 }
    }
    let count = Double(max(1, values.count))
    return (counts.map { Double($0) / count }, Double(low) / count, Double(high) / count)
  }
}

extension Signal.Range {
  /// The values to show, when the largest absolute value is `largest`.
  fileprivate func interval(largest: Double) -> ClosedRange<Double> {
    let reach = largest > 0 ? largest : 1
    return switch self {
    case .gate, .mask: 0...1
    case .signed: -1...1
    case .positive: 0...reach
    case .unbounded: -reach...reach
    }
  }

  /// How near the end of the range counts as saturated: a tenth of a gate, a twentieth of 1 of a
  /// signal around 0.
  fileprivate var edge: Double {
    switch self {
    case .gate, .mask, .positive: 0.1
    case .signed, .unbounded: 0.025
    }
  }
}
