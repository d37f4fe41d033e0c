import Data
import Foundation
import Inspection
import Layers
import Testing
import Training

@testable import Workbench

/// Models that learn one step ahead and then go on by themselves.
struct ForecastTests {
  /// A GRU, trained on 600 rows of a sine with a period of 20 rows and `noise`, and what it says of the
  /// steps after the 40th of windows of the validation split.
  private func fans(noise: Double, steps: Int) throws -> [ForecastFan] {
    let folder = try TemporaryFolder()
    var state: UInt64 = 9
    let rows = (0..<600).map { t in
      // The sum of twelve numbers from U(0, 1) is near enough to a normal one.
      let sum = (0..<12).reduce(0.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 11) * 0x1p-53
      }
      return "\(sin(2 * Double.pi * Double(t) / 20) + noise * (sum - 6))"
    }
    let file = try folder.write((["x"] + rows).joined(separator: "\n") + "\n", to: "sine.csv")
    var document = Document(
      name: "sine",
      data: DataRecipe(source: .file(path: file), batchSize: 16, sequenceLength: 60),
      model: ModelSpec([GRU.Spec(hiddenSize: 16), Linear.Spec(outFeatures: 1)]),
      training: .of(steps: 250))
    document.training.learningRate = 0.01
    let dataset = try document.loadData(beside: nil, wasTyped: true).get()
    #expect(dataset.feedback == [0])
    let trainer = try Trainer(
      network: document.network(for: dataset), dataset: dataset, recipe: document.training,
      seed: 1)
    while !trainer.isDone { _ = try trainer.trainStep() }
    let inspector = Inspector(document: document, dataset: dataset)
    let weights = trainer.snapshot()
    return try (0..<dataset.exampleCount(of: .validation)).map { index in
      try inspector.forecast(
        FanWish(after: 39, steps: steps), example: .validation(index), weights: weights
      ).get()
    }
  }

  @Test func aSineIsGoneOnWith() throws {
    let fans = try fans(noise: 0, steps: 20)
    #expect(fans.count >= 3 && fans.allSatisfy { $0.periods == [20] && $0.weightsStep == 250 })
    for point in fans.flatMap({ $0.points[0] }) {
      let wanted = try #require(point.wanted)
      #expect(abs(point.value - wanted) < 0.15)
    }
    let score = try #require(ForecastScore(of: fans))
    #expect(score.error < 0.1 && score.naive > 0.5)
    #expect(try #require(score.seasonal) < 1e-4)
  }

  @Test func theFanOfANoisySineHoldsAboutItsShare() throws {
    let score = try #require(ForecastScore(of: fans(noise: 0.2, steps: 20)))
    #expect(score.count >= 60)
    #expect(0.75...0.99 ~= score.insideNineTenths)
    #expect(0.3...0.75 ~= score.insideHalf)
    #expect(score.error < score.naive)
  }

  @Test func whatIsNoSeriesIsNotGoneOnWith() throws {
    let dataset = try Document.digits.loadData(beside: nil).get()
    let inspector = Inspector(document: .digits, dataset: dataset)
    #expect(throws: SessionError.self) {
      try inspector.forecast(FanWish(steps: 5), example: 0, weights: nil).get()
    }
  }
}
