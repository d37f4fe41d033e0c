import Testing

@testable import Inspection

struct SignalMatrixTests {
  // Unit 0 barely moves, 1 swings, 2 swings the other way, 3 is flat.
  private let moving = matrix([
    [0.1, 0.2, 0.1, 0.2], [0, 4, 1, 5], [1, -1, 0.5, -1.5], [7, 7, 7, 7],
  ])

  @Test func aMatrixKnowsItsSpread() {
    let m = matrix([[1, 2], [3, 6]])
    #expect(m.value(1, 0) == 2 && m.value(0, 1) == 3)
    #expect(m.trace(of: 1) == [3, 6])
    #expect(m.minimum == 1 && m.maximum == 6 && m.mean == 3)
    #expect(abs(m.deviation - Float(3.5).squareRoot()) < 1e-6)
  }

  @Test func valuesThatAreNotFiniteDoNotCount() {
    let m = matrix([[1, .nan], [.infinity, 3]])
    #expect(m.minimum == 1 && m.maximum == 3 && m.mean == 2 && m.deviation == 1)
  }

  @Test func unitsAreOrderedByNumber() {
    #expect(moving.units(in: .index) == [0, 1, 2, 3])
  }

  @Test func unitsAreOrderedByVariance() {
    #expect(moving.units(in: .variance) == [1, 2, 0, 3])
  }

  @Test func unitsAreOrderedByTheSizeOfTheirCorrelation() {
    let m = matrix([[1, 2, 3, 4], [4, 1, 3, 2], [-1, -2, -3, -4.5], [5, 5, 5, 5]])
    #expect(m.units(in: .correlation(with: 0)) == [0, 2, 1, 3])
    #expect(m.units(in: .correlation(with: 3)) == [3, 0, 1, 2])
    #expect(m.units(in: .correlation(with: 9)) == [0, 1, 2, 3])
  }

  @Test func unitsAreOrderedByTheirChange() {
    let before = matrix([[0.1, 0.2, 0.1, 0.2], [0, 4, 1, 4], [1, -1, 0.5, 1.5], [7, 7, 7, 9]])
    #expect(moving.units(in: .change(from: before)) == [2, 3, 1, 0])
    #expect(moving.units(in: .change(from: matrix([[1]]))) == [0, 1, 2, 3])
    let change = moving.difference(from: before)
    #expect(change?.trace(of: 3) == [0, 0, 0, -2])
    #expect(change?.signal.meaning == "change of cell state")
    #expect(moving.difference(from: matrix([[1]])) == nil)
  }

  @Test func unitsWithoutAFiniteValueComeLast() {
    let broken = matrix([[.nan, .nan], [1, 2], [.infinity, .nan], [5, 9]])
    #expect(broken.units(in: .variance) == [3, 1, 0, 2])
    #expect(broken.units(in: .correlation(with: 1)) == [1, 3, 0, 2])
    #expect(broken.units(in: .correlation(with: 0)) == [0, 1, 2, 3])
    #expect(broken.units(in: .change(from: broken)) == [1, 3, 0, 2])
  }

  @Test func aGateHasTheLimitOne() { #expect(matrix([[0.5, 0.25]], .gate).limit == 1) }

  @Test func aUnitThatIsAlwaysZeroHasALimitToo() {
    #expect(matrix([[0, 0]]).limit == 1)
    #expect(matrix([[.nan]]).limit == 1)
  }

  @Test func coloursOfAMatrixSaturateAtThreeDeviationsOrItsLargest() {
    #expect(matrix([[1, -1, 1, -1]]).limit == 1)
    let outlier = matrix([Array(repeating: 1, count: 99) + [100]])
    // The root mean square is √((99 + 10,000) / 100) = 10.05.
    #expect(abs(outlier.limit - 30.15) < 0.01)
  }
}
