/// Samples over a rising `x` with summaries of every 4, 16, 64, ... of them, so that any zoom is
/// drawn from all samples in time proportional to its width.
///
/// It also keeps the exponential moving average
///
///     m_k = w · m_{k-1} + (1 − w) · v_k        EMA_k = m_k / (1 − w^k)
///
/// of the finite samples in the order they came: it does not depend on how wide it is drawn, and
/// its first values are not pulled towards 0.
public struct SeriesPyramid: Equatable, Sendable {
  /// One column of a drawing.
  public struct Column: Equatable, Sendable {
    /// The samples in the column.
    public let summary: SeriesSummary
    /// The moving average at the last of them; `nil` if there is none.
    public let smoothed: Double?
  }

  /// The places of the samples, never falling.
  public private(set) var xs: [Double] = []
  /// The samples, as they came.
  public private(set) var values: [Double] = []
  /// The moving average after each sample; NaN before the first finite one.
  public private(set) var smoothed: [Double] = []
  /// Weight of the past in the moving average, w in [0, 1).
  public private(set) var smoothing: Double
  /// Index of the first sample that is not finite.
  public private(set) var firstNonFinite: Int?

  /// `levels[k]` holds one summary for every complete block of 4^(k+1) samples.
  private var levels: [[SeriesSummary]] = []
  private var average = 0.0
  /// w^k after k finite samples.
  private var decay = 1.0

  /// A series without samples.
  public init(smoothing: Double = 0.9) {
    self.smoothing = Self.valid(smoothing)
  }

  /// A series over x = 0, 1, 2, ...
  public init(_ values: some Sequence<Double>, smoothing: Double = 0.9) {
    self.init(smoothing: smoothing)
    for value in values { append(value) }
  }

  /// The number of samples.
  public var count: Int { values.count }
  /// Whether there are no samples.
  public var isEmpty: Bool { values.isEmpty }
  /// All samples in one.
  public var summary: SeriesSummary { summary(of: 0..<count) }

  /// Adds a sample after the last one.
  ///
  /// - Parameters:
  ///   - value: Any number.
  ///   - x: Its place; `nil` takes the number of samples before it. A place before the last one, or
  ///     one that is not finite, is moved to the last one.
  public mutating func append(_ value: Double, at x: Double? = nil) {
    let place = x ?? Double(count)
    let last = xs.last ?? (place.isFinite ? place : 0)
    xs.append(place.isFinite ? max(place, last) : last)
    values.append(value)
    if value.isFinite {
      average = smoothing * average + (1 - smoothing) * value
      decay *= smoothing
      smoothed.append(average / (1 - decay))
    } else {
      firstNonFinite = firstNonFinite ?? count - 1
      smoothed.append(smoothed.last ?? .nan)
    }
    completeBlocks()
  }

  /// Removes every sample at or after `x`, as when training goes back to a checkpoint.
  public mutating func truncate(from x: Double) {
    rebuild(keeping: lowerBound(x), smoothing: smoothing)
  }

  /// Computes the moving average anew with another weight of the past.
  public mutating func setSmoothing(_ weight: Double) {
    rebuild(keeping: count, smoothing: weight)
  }

  /// The summary of the samples at `range` of indices.
  public func summary(of range: Range<Int>) -> SeriesSummary {
    let range = range.clamped(to: 0..<count)
    var low = range.lowerBound
    var high = range.upperBound
    var left = SeriesSummary()
    var right = SeriesSummary()
    var level = 0
    while low < high {
      while low % 4 != 0 && low < high {
        left = left.merging(block(low, level: level))
        low += 1
      }
      while high % 4 != 0 && high > low {
        high -= 1
        right = block(high, level: level).merging(right)
      }
      low /= 4
      high /= 4
      level += 1
    }
    return left.merging(right)
  }

  /// One column for every two neighbouring `edges`, which must not fall: the samples from the first
  /// edge up to the second; the last column includes its second edge.
  public func columns(edges: [Double]) -> [Column] {
    guard edges.count >= 2 else { return [] }
    var start = lowerBound(edges[0])
    return edges.indices.dropFirst().map { index in
      let isLast = index == edges.count - 1
      let end = max(start, isLast ? upperBound(edges[index]) : lowerBound(edges[index]))
      defer { start = end }
      let average = end > start ? smoothed[end - 1] : .nan
      return Column(
        summary: summary(of: start..<end), smoothed: average.isNaN ? nil : average)
    }
  }

  /// Index of the last sample at or before `x`; `nil` if there is none.
  public func index(atOrBefore x: Double) -> Int? {
    let after = upperBound(x)
    return after > 0 ? after - 1 : nil
  }

  private static func valid(_ smoothing: Double) -> Double {
    smoothing.isNaN ? 0 : min(max(smoothing, 0), 0.999_999)
  }

  private func block(_ index: Int, level: Int) -> SeriesSummary {
    level == 0 ? SeriesSummary(values[index]) : levels[level - 1][index]
  }

  private mutating func completeBlocks() {
    var blocks = count
    var level = 0
    while blocks % 4 == 0 {
      if level == levels.count { levels.append([]) }
      let first = blocks - 4
      let merged = (first + 1..<blocks).reduce(block(first, level: level)) {
        $0.merging(block($1, level: level))
      }
      levels[level].append(merged)
      blocks /= 4
      level += 1
    }
  }

  private mutating func rebuild(keeping kept: Int, smoothing: Double) {
    var fresh = SeriesPyramid(smoothing: smoothing)
    for index in 0..<kept { fresh.append(values[index], at: xs[index]) }
    self = fresh
  }

  /// Index of the first sample at or after `x`.
  private func lowerBound(_ x: Double) -> Int { partition { $0 >= x } }
  /// Index of the first sample after `x`.
  private func upperBound(_ x: Double) -> Int { partition { $0 > x } }

  private func partition(_ belongs: (Double) -> Bool) -> Int {
    var low = 0
    var high = xs.count
    while low < high {
      let middle = (low + high) / 2
      if belongs(xs[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
