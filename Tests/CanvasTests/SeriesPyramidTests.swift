import Canvas
import Testing

@Suite struct SeriesPyramidTests {
  /// Values with NaN, infinities and zeros among them.
  static func samples(_ count: Int, seed: UInt64) -> [Double] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { _ in
      switch Int.random(in: 0..<20, using: &random) {
      case 0: .nan
      case 1: .infinity
      case 2: -.infinity
      case 3: 0
      default: .random(in: -5...5, using: &random)
      }
    }
  }

  @Test func everyRangeIsSummarisedAsIfReadSampleBySample() {
    let values = Self.samples(300, seed: 11)
    let pyramid = SeriesPyramid(values)
    var random = TestRandom(seed: 12)
    for _ in 0..<500 {
      let low = Int.random(in: 0...300, using: &random)
      let range = low..<Int.random(in: low...300, using: &random)
      let summary = pyramid.summary(of: range)
      let part = values[range]
      let finite = part.filter(\.isFinite)
      #expect(summary.minimum == finite.min() ?? .infinity)
      #expect(summary.maximum == finite.max() ?? -.infinity)
      #expect(summary.smallestPositive == finite.filter { $0 > 0 }.min() ?? .infinity)
      #expect(finite.isEmpty ? summary.first.isNaN : summary.first == finite.first)
      #expect(finite.isEmpty ? summary.last.isNaN : summary.last == finite.last)
      #expect(summary.finite == finite.count)
      #expect(summary.nonPositive == finite.filter { $0 <= 0 }.count)
      #expect(summary.nan == part.filter(\.isNaN).count)
      #expect(summary.infinite == part.filter { $0 == .infinity }.count)
      #expect(summary.negativeInfinite == part.filter { $0 == -.infinity }.count)
      if !finite.isEmpty {
        let mean = finite.reduce(0, +) / Double(finite.count)
        #expect(abs(summary.mean - mean) < 1e-12)
      }
    }
  }

  @Test func theMovingAverageIsDebiasedAndSkipsWhatIsNotFinite() {
    let pyramid = SeriesPyramid([2, 4, .nan, 8], smoothing: 0.5)
    // m: 1, 2.5, -, 5.25 over 1 - 0.5^k: 0.5, 0.75, -, 0.875.
    #expect(pyramid.smoothed == [2, 2.5 / 0.75, 2.5 / 0.75, 6])
    #expect(pyramid.firstNonFinite == 2)
    #expect(
      SeriesPyramid([3, 3, 3, 3], smoothing: 0.999).smoothed.allSatisfy { abs($0 - 3) < 1e-9 })
    #expect(SeriesPyramid([.nan, 7], smoothing: 0.9).smoothed[0].isNaN)
  }

  @Test func aSeriesOfOneValueStaysThatValueHoweverHuge() {
    let pyramid = SeriesPyramid([Double](repeating: 1.7e308, count: 100), smoothing: 0.9)
    #expect(pyramid.summary.mean == 1.7e308)
    #expect(pyramid.smoothed.filter(\.isFinite).count == 100)
  }

  @Test func columnsHoldEverySampleOnce() {
    var pyramid = SeriesPyramid()
    for step in 0..<1_000 { pyramid.append(Double(step), at: Double(step * step)) }
    let edges = (0...37).map { 998_001 * Double($0) / 37 }
    let columns = pyramid.columns(edges: edges)
    #expect(columns.count == 37)
    #expect(columns.reduce(0) { $0 + $1.summary.count } == 1_000)
    #expect(columns.last?.summary.last == 999)
    #expect(columns[20].smoothed != nil)
    #expect(pyramid.columns(edges: [5]).isEmpty)
  }

  @Test func goingBackToACheckpointForgetsWhatCameAfter() {
    let whole = SeriesPyramid(Self.samples(50, seed: 2))
    var cut = SeriesPyramid(Self.samples(77, seed: 2))
    cut.truncate(from: 50)
    #expect(cut.count == 50)
    #expect(cut.values.description == whole.values.description)
    #expect(cut.smoothed.description == whole.smoothed.description)
    cut.append(1)
    #expect(cut.xs.last == 50)
  }

  @Test func anotherSmoothingIsComputedFromTheSamples() {
    var pyramid = SeriesPyramid([1, 2, 3, 4], smoothing: 0.9)
    pyramid.setSmoothing(0)
    #expect(pyramid.smoothed == [1, 2, 3, 4])
    pyramid.setSmoothing(.nan)
    #expect(pyramid.smoothing == 0)
  }

  @Test func placesNeverFall() {
    var pyramid = SeriesPyramid()
    for x in [3, 1, .nan, .infinity, 4] as [Double] { pyramid.append(1, at: x) }
    #expect(pyramid.xs == [3, 3, 3, 3, 4])
    #expect(pyramid.index(atOrBefore: 3.5) == 3)
    #expect(pyramid.index(atOrBefore: 2) == nil)
  }
}
