import Data
import Engine
import Layers
import Testing

@testable import Training

/// Training that places examples by their classes.
@Suite struct PointTests {
  private func trainer(
    _ data: FirstSymbol = FirstSymbol(), size: Int = 5, _ change: (inout TrainingRecipe) -> Void
  ) throws -> Trainer {
    let points = try #require(PointDataset(data))
    let network = try Network(
      ModelSpec([GRU.Spec(hiddenSize: 12), LastStep.Spec(), Linear.Spec(outFeatures: size)]),
      input: points.input, seed: 3)
    let recipe = TrainingRecipe.with {
      $0.loss = .triplet
      $0.learningRate = 0.02
      change(&$0)
    }
    return try Trainer(
      network: network, dataset: points, recipe: recipe, seed: 1, clock: { 0 })
  }

  @Test(arguments: [Loss.contrastive, .triplet, .supervisedContrastive], TripletMining.allCases)
  func examplesOfAClassComeTogether(loss: Loss, mining: TripletMining) throws {
    let trainer = try trainer {
      $0.loss = loss
      $0.tripletMining = mining
    }
    let before = try #require(trainer.evaluate(.validation))
    for _ in 0..<150 { _ = try trainer.trainStep() }
    let after = try #require(trainer.evaluate(.validation))
    #expect(after.metrics.map(\.metric) == [.nearestNeighbour])
    #expect(after.metric > 0.95 && after.metric > before.metric, "\(before.metric) \(after.metric)")
    #expect(after.loss < before.loss && after.confusion == nil && after.calibration == nil)
  }

  /// It learns from one pair of each class a batch, so more slowly than those that learn from all pairs.
  @Test func examplesOfAClassComeTogetherByInfoNCE() throws {
    let trainer = try trainer {
      $0.loss = .infoNCE
      $0.lossTemperature = 0.1
    }
    let before = try #require(trainer.evaluate(.validation))
    for _ in 0..<300 { _ = try trainer.trainStep() }
    let after = try #require(trainer.evaluate(.validation))
    #expect(after.loss < before.loss / 2, "\(before.loss) \(after.loss)")
    #expect(after.metric > before.metric, "\(before.metric) \(after.metric)")
  }

  @Test func theMetricIsTheShareOfNearestNeighboursOfTheSameClass() {
    var tally = PointTally()
    tally.add(Tensor([0, 1, 5], [3, 1]), [0, 0, 1])
    tally.add(Tensor([6, 5.4, 100], [3, 1]), [1, 0, -1])
    // 0 and 1 find each other; 5 finds 5.4 and 6 does too; 5.4 finds 5.
    #expect(tally.nearestShare == 2.0 / 5)
    #expect(PointTally().nearestShare == 0)
    var sizes: [Int] = []
    let mean = tally.meanLoss { points, classes in
      sizes.append(classes.count)
      return Double(points.shape[0])
    }
    #expect(sizes == [3, 2] && mean == (3 * 3 + 2 * 2) / 5.0)
  }

  @Test func dataThatComeClassByClassAreMixedForTheLoss() {
    var tally = PointTally()
    for label in 0..<4 {
      tally.add(.filled(with: Float(label), [8, 1]), .init(repeating: Int32(label), count: 8))
    }
    var mixed = 0
    _ = tally.meanLoss { _, classes in
      mixed += Set(classes).count > 1 ? 1 : 0
      return 0
    }
    #expect(mixed == 4)
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    func reason(_ make: () throws -> Trainer) -> String {
      do { _ = try make() } catch { return "\(error)" }
      return "no error"
    }
    var lonely = FirstSymbol()
    lonely.classes = 1
    #expect(
      reason { try trainer(lonely) { _ in } }
        == "Loss triplet needs batches with two classes and two examples of one, got 16 examples of 1. "
        + "Raise data.batch_size.")
    let points = try #require(PointDataset(FirstSymbol()))
    let network = try Network(
      ModelSpec([GRU.Spec(hiddenSize: 4)]), input: points.input, seed: 1)
    #expect(
      Trainer.misfit(of: network.output, to: points.target)
        == "The loss needs [B, D], a point for each example, got [B, T, 4]. Put last_step or "
        + "mean_over_time after the recurrent layers.")
    #expect(Trainer.misfit(of: .vector(3), to: points.target) == nil)
    #expect(
      Loss.triplet.misfit(to: LaggedStream().target)
        == "Loss triplet does not fit data that predict characters. Use cross_entropy or focal.")
    #expect(PointDataset(LaggedStream()).map { _ in true } == nil)
  }
}
