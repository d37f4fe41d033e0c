/// How many of some numbers fall where, in bins of equal width from the smallest to the largest.
public struct NumberHistogram: Sendable, Equatable {
  /// The number of bins.
  public static let bins = 240
  /// Where the first bin begins and where the last one ends, itself included.
  public let low, high: Double
  /// How many of the finite numbers fell into each bin, from low to high.
  public let counts: [Int]

  /// The distribution of the finite ones of `values`, which lie from `low` to `high`. Where all are the
  /// same, they fall into the middle bin.
  public init(_ values: [Float], from low: Double, to high: Double) {
    (self.low, self.high) = (low, high)
    var counts = [Int](repeating: 0, count: Self.bins)
    let width = (high - low) / Double(Self.bins)
    for value in values where value.isFinite {
      let bin = width > 0 ? Int((Double(value) - low) / width) : Self.bins / 2
      counts[min(max(bin, 0), Self.bins - 1)] += 1
    }
    self.counts = counts
  }
}
