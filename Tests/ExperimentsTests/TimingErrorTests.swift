import Testing

@testable import Experiments

@Suite struct TimingErrorTests {
  @Test func distancesGoBothWays() {
    var error = TimingError()
    error.add(fired: [9, 21], wanted: [10, 20, 30], length: 60)
    // 10 is missed by 1, 20 by 1, 30 by 9; 9 and 21 are astray by 1.
    #expect(error.meanMissed == 11.0 / 3 && error.meanStray == 1)
    let mean: Double = (11.0 / 3 + 1) / 2
    #expect(error.mean == mean)
    error.add(fired: [5], wanted: [5], length: 60)
    #expect(error.meanMissed == 11.0 / 4 && error.meanStray == 2.0 / 3)
  }

  @Test func neitherSilenceNorConstantFiringIsGood() {
    var (silent, constant) = (TimingError(), TimingError())
    silent.add(fired: [], wanted: [10, 20], length: 60)
    #expect(silent.meanMissed == 60 && silent.meanStray == 0 && silent.mean == 30)
    constant.add(fired: Array(0..<30), wanted: [10, 20], length: 60)
    #expect(constant.meanMissed == 0 && constant.mean > 1.5)
    #expect(TimingError().mean == 0)
  }
}
