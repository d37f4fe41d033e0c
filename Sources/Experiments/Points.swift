import Data
import Engine
import Formats

extension Experiment {
  /// Places for pen strokes, by triplets.
  static let penPoints = Experiment(
    name: "pen-points",
    claim:
      "Triplets teach a GRU to place pen strokes in 16 dimensions so that the nearest neighbour of one "
      + "it has not seen is of the same digit in 95 of 100 cases, at least 5 points more often than "
      + "before training.",
    source:
      "Hermans, Beyer and Leibe, In Defense of the Triplet Loss for Person Re-Identification, "
      + "2017, arXiv:1703.07737"
  ) { laboratory in
    let session = try laboratory.session(
      "pen-points", data: ["set": "pendigits", "batch_size": 64],
      model: [
        ["layer": "gru", "hidden_size": 64], ["layer": "last_step"],
        ["layer": "linear", "out_features": 16],
      ],
      training: [
        "learning_rate": 0.004, "steps": 585, "loss": "triplet", "loss_margin": 0.5,
      ])
    let dataset = try laboratory.dataset(of: session)
    laboratory.measure(
      "nearest neighbour of the raw strokes, test", rawNeighbours(of: dataset), as: .baseline)
    var untrained = 0.0
    let trained = try laboratory.train(
      "triplets", session, on: dataset,
      observe: { trainer in
        if trainer.step == 0 { untrained = trainer.evaluate(.test)?.metric ?? 0 }
      })
    laboratory.measure("triplets, nearest neighbour, test", trained.metric)
    laboratory.measure("untrained, nearest neighbour, test", untrained, as: .control)
    laboratory.note(
      "The nearest of the raw strokes is right more often still: they are as long and as large as each "
        + "other. Writers are in all splits, so this says nothing about another hand.")
    laboratory.expect("nearest neighbour", trained.metric, atLeast: 0.95)
    laboratory.expect("trained minus untrained", trained.metric - untrained, atLeast: 0.05)
  }

  /// How often the nearest of all test examples is of the same class, with the input as the point.
  private static func rawNeighbours(of dataset: any Dataset) -> Double {
    var (numbers, classes): ([Float], [Int32]) = ([], [])
    for index in 0..<dataset.batchCount(of: .test) {
      let batch = dataset.batch(index, of: .test)
      numbers += batch.input.scalars
      classes += batch.targets.classes
    }
    let points = Tensor(numbers, [classes.count, numbers.count / max(1, classes.count)])
    let hits = zip(classes, points.nearestOtherRows()).count { label, other in
      other.map { classes[$0] == label } ?? false
    }
    return Double(hits) / Double(max(1, classes.count))
  }
}
