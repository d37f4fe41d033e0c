import Foundation
import Inspection
import Testing

struct SamplingRuleTests {
  /// Odds 1 : 2 : 4 : 8 : 1.
  private let scores = [1.0, 2, 4, 8, 1].map { Float(log($0)) }

  /// Holds the odds to shares of their sum.
  private func expect(
    _ rule: SamplingRule, gives shares: [Double], of scores: [Float]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let odds = try #require(rule.odds(of: scores ?? self.scores), sourceLocation: sourceLocation)
    let sum = shares.reduce(0, +)
    #expect(odds.count == shares.count, sourceLocation: sourceLocation)
    for (found, share) in zip(odds, shares) {
      #expect(abs(found - share / sum) < 1e-6, "\(odds)", sourceLocation: sourceLocation)
    }
  }

  @Test func theTemperatureIsAPowerOfTheOdds() throws {
    try expect(SamplingRule(), gives: [1, 2, 4, 8, 1])
    try expect(SamplingRule(temperature: 0.5), gives: [1, 4, 16, 64, 1])
    try expect(SamplingRule(temperature: 2), gives: [1, 2, 4, 8, 1].map { sqrt($0) })
    try expect(SamplingRule(temperature: 0), gives: [0, 0, 0, 1, 0])
    try expect(SamplingRule(temperature: 0), gives: [0, 1, 0], of: [1, 3, 3])
  }

  @Test func topKLeavesTheLikeliestInTheirProportions() throws {
    try expect(SamplingRule(topK: 1), gives: [0, 0, 0, 1, 0])
    try expect(SamplingRule(topK: 3), gives: [0, 2, 4, 8, 0])
    try expect(SamplingRule(topK: 4), gives: [1, 2, 4, 8, 0])  // of equals the first
    try expect(SamplingRule(topK: 9), gives: [1, 2, 4, 8, 1])
    try expect(SamplingRule(temperature: 0.5, topK: 2), gives: [0, 0, 16, 64, 0])
  }

  @Test func theNucleusIsTheFewestThatHaveTheShare() throws {
    // Of 16: 8, then 12, then 14.
    try expect(SamplingRule(topP: 0.49), gives: [0, 0, 0, 8, 0])
    try expect(SamplingRule(topP: 0.51), gives: [0, 0, 4, 8, 0])
    try expect(SamplingRule(topP: 0.76), gives: [0, 2, 4, 8, 0])
    try expect(SamplingRule(topP: 0.9), gives: [1, 2, 4, 8, 0])
    try expect(SamplingRule(topP: 1), gives: [1, 2, 4, 8, 1])
    try expect(SamplingRule(topP: 1e-9), gives: [0, 0, 0, 1, 0])
    // The temperature comes first: 64 of 86 are more than .7.
    try expect(SamplingRule(temperature: 0.5, topP: 0.7), gives: [0, 0, 0, 1, 0])
    // The share is of what top-k leaves: 8 of 12 are more than .6.
    try expect(SamplingRule(topK: 2, topP: 0.6), gives: [0, 0, 0, 1, 0])
    try expect(SamplingRule(topP: 0.5), gives: [1, 1, 0, 0], of: [0, 0, 0, 0])
  }

  @Test func scoresThatAreNotFiniteHaveNoOdds() {
    #expect(SamplingRule().odds(of: [0, .nan]) == nil)
    #expect(SamplingRule(temperature: 0, topP: 0.5).odds(of: [0, .infinity]) == nil)
  }

  @Test(arguments: [
    (SamplingRule(topK: -1), "a top-k of 0 or more, got -1. Use 0 to draw from all."),
    (SamplingRule(topP: 0), "a top-p above 0 and at most 1, got 0.0. Use 1 to draw from all."),
    (SamplingRule(topP: 1.5), "a top-p above 0 and at most 1, got 1.5. Use 1 to draw from all."),
    (SamplingRule(topP: .nan), "a top-p above 0 and at most 1, got nan. Use 1 to draw from all."),
    (
      SamplingRule(temperature: -1),
      "a temperature of 0 or more, got -1.0. Use 1 for the model's own odds."
    ),
  ])
  func whatMakesNoSenseIsSaid(rule: SamplingRule, sentence: String) {
    #expect(rule.problem == "Sampling needs " + sentence)
  }
}
