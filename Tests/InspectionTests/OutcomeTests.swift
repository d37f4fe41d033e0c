import Foundation
import Testing

@testable import Inspection

struct OutcomeTests {
  @Test func probabilitiesAreTheSoftmaxOfTheScores() {
    let outcome = Outcome(scores: [0, Float(log(2.0)), Float(log(5.0))], target: 1)
    for (found, expected) in zip(outcome.probabilities, [0.125, 0.25, 0.625] as [Float]) {
      #expect(abs(found - expected) < 1e-6)
    }
    #expect(outcome.predicted == 2 && outcome.isRight == false)
    #expect(abs((outcome.bits ?? 0) - 2) < 1e-6)
    #expect(outcome.alternatives(2).map(\.label) == [2, 1])
    #expect(outcome.alternatives(-1).isEmpty)
  }

  @Test func theScoresOfASliceCountFromTheirOwnStart() {
    let all: [Float] = [9, 9, 9, 0, 3, 1]
    #expect(Outcome(scores: all[3...], target: 1).predicted == 1)
  }

  @Test func equalsAreOrderedByNumber() {
    let outcome = Outcome(scores: [1, 2, 2, 1], target: nil)
    #expect(outcome.predicted == 1)
    #expect(outcome.alternatives(4).map(\.label) == [1, 2, 0, 3])
    #expect(outcome.loss == nil && outcome.isRight == nil)
  }

  @Test func hugeScoresDoNotOverflow() {
    let outcome = Outcome(scores: [3e38, -3e38], target: 0)
    #expect(outcome.probabilities == [1, 0])
    #expect(outcome.loss == 0)
  }

  @Test func anImpossibleTargetHasNoFiniteLoss() {
    let outcome = Outcome(scores: [0, -.infinity], target: 1)
    #expect(outcome.probabilities == [1, 0])
    #expect(outcome.loss == nil && outcome.isRight == false)
  }

  private static let broken: [[Float]] = [
    [.nan, 1], [.infinity, 1], [-.infinity, -.infinity], [.infinity, -.infinity], [],
  ]

  @Test(arguments: broken)
  func scoresWithoutASoftmaxPredictNothing(scores: [Float]) {
    let outcome = Outcome(scores: scores[...], target: 0)
    #expect(outcome.probabilities.isEmpty && outcome.predicted == nil && outcome.loss == nil)
    #expect(outcome.isRight == nil && outcome.alternatives(3).isEmpty)
  }
}
