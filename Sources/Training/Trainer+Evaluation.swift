import Data

extension Trainer {
  /// Runs the network over all of `split` without learning from it.
  ///
  /// The average of the weights is measured, if one is kept. State is carried through the split's
  /// streams and training's own carried state is left alone. The lowest finite loss on the
  /// validation split is remembered as the best. Nil when the split is empty, or when `goesOn` says
  /// no between two batches.
  public func evaluate(_ split: Split, while goesOn: () -> Bool = { true }) -> ValidationReport? {
    averaged { measure(split, while: goesOn) }.map { report in
      var report = report
      guard split == .validation else { return report }
      report.isBest = report.loss < (bestValidationLoss ?? .infinity)
      if report.isBest { bestValidationLoss = report.loss }
      if isValidationDue {
        let metric = dataset.target.metric.isLowerBetter ? report.metric : -report.metric
        progress.follow(recipe.watch == .loss ? report.loss : metric, recipe, step: step)
      }
      return report
    }
  }

  private func measure(_ split: Split, while goesOn: () -> Bool) -> ValidationReport? {
    let count = dataset.batchCount(of: split)
    guard count > 0 else { return nil }
    var evaluation = Evaluation(
      network, dataset, recipe, metrics: dataset.target.metrics, calibrates: true)
    for index in 0..<count {
      guard goesOn() else { return nil }
      evaluation.add(dataset.batch(index, of: split))
    }
    let score = evaluation.score
    let trainingLoss = split == .validation ? trainingLoss(upTo: count, while: goesOn) : nil
    var report = ValidationReport(
      step: step, split: split, loss: score.meanLoss, trainingLoss: trainingLoss,
      metric: score.value(of: dataset.target.metric),
      metrics: score.values, confusion: score.confusion, calibration: score.calibration,
      isBest: false)
    report.squaredErrors = score.squaredErrors
    return report
  }

  /// Most batches of the training split that validations look at, too.
  private static let trainingBatches = 8

  /// The loss on batches of the training split, `most` at most, in evaluation: dropout and noise are in the
  /// loss of a training step, and would hide what was learned by heart. The batches lie all over the split,
  /// whose order may mean something; those of streams go on with each other.
  private func trainingLoss(upTo most: Int, while goesOn: () -> Bool) -> Double? {
    var evaluation = Evaluation(network, dataset, recipe, metrics: [])
    let all = dataset.batchCount(of: .train)
    let count = min(all, most, Self.trainingBatches)
    for place in 0..<count {
      guard goesOn() else { return nil }
      let index = recipe.carriesState ? place : place * all / count
      evaluation.add(dataset.batch(index, of: .train))
    }
    return count > 0 ? evaluation.score.meanLoss : nil
  }
}
