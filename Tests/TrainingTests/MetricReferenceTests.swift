import Data
import Engine
import TestSupport
import Testing

@testable import Training

@Suite struct MetricReferenceTests {
  /// The score of all rows of the fixture, in two batches.
  private func score(
    _ fixture: Fixture, _ target: Target, output: Tensor, targets: (Range<Int>) -> Targets
  ) throws -> Score {
    let weights = try fixture("weights").scalars
    var score = Score(target, metrics: target.metrics)
    for rows in [0..<23, 23..<60] {
      let batch = Batch(
        input: .zeros([rows.count, 1]), targets: targets(rows), weights: Array(weights[rows]))
      score.add(output.rows(rows), loss: 1, batch)
    }
    return score
  }

  private func expect(
    _ score: Score, like fixture: Fixture, _ prefix: String, _ metrics: [Metric]
  ) throws {
    for metric in metrics {
      let expected = Double(try fixture("\(prefix).\(metric.rawValue)").scalar)
      let found = score.value(of: metric)
      #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)), "\(metric)")
    }
  }

  @Test func classesAreJudgedAsScikitLearnDoes() throws {
    let fixture = try Fixture("losses/metrics")
    let classes = try fixture("classes").scalars.map { Int32($0) }
    let target = Target(labels: "abcdefg".map(String.init), isPerStep: false, metric: .accuracy)
    let score = try score(fixture, target, output: try fixture("logits")) {
      .classes(Array(classes[$0]))
    }
    try expect(
      score, like: fixture, "classes",
      [.accuracy, .top5Accuracy, .macroF1, .bitsPerCharacter, .perplexity])
    let (confusion, expected) = (try #require(score.confusion), try fixture("classes.confusion"))
    for wanted in 0..<7 {
      for predicted in 0..<7 {
        #expect(confusion[wanted, predicted] == Double(expected[wanted, predicted]))
      }
    }
    #expect(score.value(of: .areaUnderROC).isNaN)  // it is for two classes
  }

  @Test func flagsAreJudgedAsScikitLearnDoes() throws {
    let fixture = try Fixture("losses/metrics")
    let flags = try fixture("flags")
    let target = Target(.flags(["a", "b", "c"]), isPerStep: false, metric: .areaUnderROC)
    let score = try score(fixture, target, output: try fixture("marks")) {
      .values(flags.rows($0))
    }
    try expect(
      score, like: fixture, "flags", [.accuracy, .macroF1, .areaUnderROC, .areaUnderPR])
    #expect(score.confusion == nil)
  }

  @Test func twoClassesAreRankedByTheDifferenceOfTheirScores() throws {
    let fixture = try Fixture("losses/metrics")
    let (flags, marks) = (try fixture("flags").scalars, try fixture("marks").scalars)
    let classes = (0..<60).map { Int32(flags[$0 * 3]) }
    let target = Target(labels: ["no", "yes"], isPerStep: false, metric: .accuracy)
    let output = Tensor((0..<60).flatMap { [1, 1 + marks[$0 * 3]] }, [60, 2])
    let score = try score(fixture, target, output: output) { .classes(Array(classes[$0])) }
    try expect(score, like: fixture, "two", [.areaUnderROC, .areaUnderPR])
  }

  @Test func valuesAreJudgedInTheirUnitsAsScikitLearnDoes() throws {
    let fixture = try Fixture("losses/metrics")
    let values = try fixture("values")
    let quantities = [
      Quantity("a", unit: "°C", mean: -20, deviation: 2.5), Quantity("b", mean: 3, deviation: 0.5),
    ]
    let target = Target(.values(quantities), isPerStep: false, metric: .rootMeanSquareError)
    let score = try score(fixture, target, output: try fixture("outputs")) {
      .values(values.rows($0))
    }
    try expect(
      score, like: fixture, "values",
      [.rootMeanSquareError, .meanAbsoluteError, .meanSquaredError])
  }

  @Test func rankingNeedsBothWhatIsSoAndWhatIsNot() {
    var ranks = RankTally()
    #expect(ranks.areaUnderROC == nil && ranks.areaUnderPR == nil && ranks.f1 == 0)
    ranks.add(1, isSo: true, 2)
    #expect(ranks.areaUnderROC == nil && ranks.areaUnderPR == 1 && ranks.f1 == 1)
    ranks.add(1, isSo: false, 2)
    #expect(ranks.areaUnderROC == 0.5 && ranks.areaUnderPR == 0.5)
  }
}
