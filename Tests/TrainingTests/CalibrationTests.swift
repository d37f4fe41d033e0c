import Data
import Engine
import Foundation
import Testing

@testable import Training

@Suite struct CalibrationTests {
  private let two = Target(labels: ["no", "yes"], isPerStep: false, metric: .accuracy)

  /// The calibration of `targets`, the second class being given the odds `odds` to 1 each time.
  private func calibration(
    odds: [Float], _ targets: [Int32], weights: [Float]? = nil
  ) throws -> Calibration {
    var score = Score(two, metrics: [.accuracy], calibrates: true)
    let output = Tensor(odds.flatMap { [Float(0), log($0)] }, [odds.count, 2])
    score.add(
      output, loss: 0,
      Batch(input: .zeros([1, odds.count]), targets: targets, weights: weights))
    return try #require(score.calibration)
  }

  @Test func whatIsSaidAndComesTrueIsWellCalibrated() throws {
    // p = ¾ four times, three of them right; p = ⅞ for the other class eight times, seven right.
    let found = try calibration(
      odds: Array(repeating: 3, count: 4) + Array(repeating: 1 / 7, count: 8),
      [1, 1, 1, 0] + [0, 0, 0, 0, 0, 0, 0, 1])
    #expect(found.weight == 12)
    #expect(abs(try #require(found.error)) < 1e-6)
    #expect(found.verdict == .balanced)
    #expect(found.bins[7].weight == 4 && found.bins[7].share == 0.75)
    #expect(abs(try #require(found.bins[7].confidence) - 0.75) < 1e-6)
    #expect(found.bins[8].weight == 8 && found.bins[8].share == 0.875)
    #expect(found.bins[0].share == nil && found.bins[0].confidence == nil)
  }

  @Test func theErrorIsTheMeanDistanceOfTheBins() throws {
    // p = 0.9, half right: 0.4 off. p = 0.6, all right: 0.4 off the other way.
    let found = try calibration(odds: [9.01, 9.01, 1.5, 1.5], [1, 0, 1, 1])
    #expect(abs(try #require(found.error) - 0.4) < 1e-3)
    #expect(found.verdict == .balanced)
    #expect(abs(try #require(found.accuracy) - 0.75) < 1e-9)
    #expect(abs(try #require(found.confidence) - 0.75) < 1e-3)
  }

  @Test func whoIsRightLessOftenThanItSaysIsOverConfident() throws {
    #expect(try calibration(odds: [99, 99, 99], [1, 0, 1]).verdict == .overConfident)
    #expect(try calibration(odds: [1.2, 1.2, 1.2], [1, 1, 1]).verdict == .underConfident)
  }

  @Test func weightsCountAndWhatIsNotFiniteStandsInNoBin() throws {
    let found = try calibration(odds: [3, 3, 3], [1, 0, 1], weights: [1, 0, 2.5])
    #expect(found.weight == 3.5 && found.bins[7].share == 1)
    let broken = try calibration(odds: [.nan, 3], [1, 1])
    #expect(broken.unknown == 1 && broken.weight == 1)
    #expect(Calibration().error == nil && Calibration().verdict == .balanced)
  }

  @Test func certaintyStandsInTheLastBin() throws {
    let found = try calibration(odds: [1e30], [1])
    #expect(found.bins[9].weight == 1 && found.error == 0)
  }

  @Test func aFlagIsCountedByTheProbabilityThatItIsSo() throws {
    let target = Target(.flags(["rain", "fog"]), isPerStep: false, metric: .areaUnderROC)
    var score = Score(target, metrics: target.metrics, calibrates: true)
    // Said so with 8/9: so. Said so with 1/9: not so, of which the network is as sure.
    let output = Tensor([log(8), -log(8), log(8), -log(8)], [2, 2])
    let batch = Batch(
      input: .zeros([1, 2]), targets: .values(Tensor([1, 0, 1, 1], [2, 2])))
    score.add(output, loss: 0, batch)
    let found = try #require(score.calibration)
    #expect(found.weight == 4)
    #expect(found.bins[1].weight == 2 && found.bins[1].share == 0.5)
    #expect(found.accuracy == 0.75)
    #expect(abs(try #require(found.confidence) - 8.0 / 9) < 1e-6)
    // Bin 8 is 2/9 off in all, bin 1 is 7/9.
    #expect(abs(try #require(found.error) - 0.25) < 1e-6)
    #expect(found.verdict == .overConfident)
  }

  @Test func valuesHaveNone() {
    let target = Target(.values([Quantity("t")]), isPerStep: false, metric: .rootMeanSquareError)
    #expect(Score(target, metrics: target.metrics, calibrates: true).calibration == nil)
    #expect(Score(two, metrics: [.accuracy]).calibration == nil)
  }
}
