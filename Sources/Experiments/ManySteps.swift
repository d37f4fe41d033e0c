import Data
import Engine
import Inspection
import Layers

extension Experiment {
  /// Many years at once, or one after another.
  static let manySteps = Experiment(
    name: "many-steps",
    claim:
      "Twelve years of sunspots ahead, a GRU that predicts them all at once and one that reads its own "
      + "predictions are both better than the last value, mean over the years and 3 seeds; the table says "
      + "which is better how far ahead.",
    source:
      "Ben Taieb et al., A review and comparison of strategies for multi-step ahead forecasting, 2012"
  ) { laboratory in
    let steps = 12
    func trained(_ name: String, _ horizons: Int, _ seed: UInt64) throws -> Trained {
      let session = try laboratory.session(
        name,
        data: [
          "set": "sunspots", "batch_size": 8, "sequence_length": 40,
          "horizons": .integer(horizons),
        ],
        model: [
          ["layer": "gru", "hidden_size": 16],
          ["layer": "linear", "out_features": .integer(horizons)],
        ],
        training: [
          "learning_rate": 0.005, "schedule": "cosine", "steps": 600, "validate_every": 20,
        ], seed: seed)
      return try laboratory.train(name, session, on: laboratory.dataset(of: session))
    }
    var (direct, recursive, last): ([[Double]], [[Double]], [[Double]]) = ([], [], [])
    _ = try laboratory.overSeeds { seed in
      let (all, one) = (try trained("direct", steps, seed), try trained("recursive", 1, seed))
      let forecaster = try Forecaster(one.network, for: one.dataset)
      direct.append(
        errors(on: all.dataset) { history in
          var pass = Pass()
          return Array(all.network(history, &pass).scalars.suffix(steps))
        })
      recursive.append(
        errors(on: all.dataset) { history in
          forecaster.forecast(after: history, steps: steps).map { $0[0] }
        })
      last = [errors(on: all.dataset) { Array(repeating: $0.scalars.last ?? 0, count: steps) }]
    }
    let rows = [("direct", direct), ("recursive", recursive), ("last value", last)].map {
      (name: $0.0, values: meanOfEach($0.1))
    }
    laboratory.tabulate(
      "MSE on the test split, years ahead", columns: (1...steps).map { "+\($0)" },
      rows.map { ($0.name, $0.values) })
    let means = rows.map { $0.values.mean }
    for (row, mean) in zip(rows, means) {
      laboratory.measure(
        "\(row.name), mean MSE of \(steps) years", mean,
        as: row.name == "last value" ? .baseline : .result)
    }
    laboratory.expect("direct, mean MSE", means[0], below: means[2])
    laboratory.expect("recursive, mean MSE", means[1], below: means[2])
  }

  /// The mean squared error of what `forecast` says after every step of the test split whose targets count,
  /// for each of the numbers on end that `dataset` predicts, in its own unit.
  private static func errors(
    on dataset: any Dataset, _ forecast: (Tensor) -> [Float]
  ) -> [Double] {
    guard case .values(let quantities) = dataset.target.kind else { return [] }
    var sums = [Double](repeating: 0, count: quantities.count)
    var count = 0
    for index in 0..<dataset.exampleCount(of: .test) {
      let batch = dataset.example(index, of: .test).batch
      guard case .values(let wanted) = batch.targets else { continue }
      for t in 0..<batch.input.shape[1] where batch.weights?[t] ?? 1 > 0 {
        let said = forecast(batch.input.steps(0..<t + 1))
        for (place, quantity) in quantities.enumerated() {
          let error = quantity.deviation * Double(said[place] - wanted[t, place])
          sums[place] += error * error
        }
        count += 1
      }
    }
    return sums.map { $0 / Double(max(1, count)) }
  }

  /// The mean of the rows, number by number.
  private static func meanOfEach(_ rows: [[Double]]) -> [Double] {
    guard let first = rows.first else { return [] }
    return first.indices.map { place in rows.map { $0[place] }.mean }
  }
}
