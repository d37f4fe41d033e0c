import Data
import Engine
import Layers

/// What a network makes of the time steps of a sequence, or of the whole of it.
public struct Predictions: Sendable, Equatable {
  /// Odds, for targets that are classes; else none.
  public let outcomes: [Outcome]
  /// Values in their own units or probabilities of flags, for targets that are; else none.
  public let forecasts: [Forecast]
  /// The numbers of the place that a network finds for an example, for targets that are points; else
  /// none.
  public let point: [Float]

  /// What `scores`, a network's output for all of `batch`, mean in some of its `rows`.
  /// Changes are counted from `levels`.
  init(
    _ scores: [Float], of rows: Range<Int>, in batch: Batch, _ target: Target,
    levels: SeriesLevels? = nil
  ) {
    let width = scores.count / max(1, batch.targets.count)
    let outputs = rows.map { scores[$0 * width..<($0 + 1) * width] }
    if case .points = target.kind {
      (outcomes, forecasts, point) = ([], [], outputs.flatMap { $0 })
      return
    }
    let counts = rows.map { batch.weights?[$0] ?? 1 != 0 }
    point = []
    switch batch.targets {
    case .classes(let classes):
      outcomes = zip(rows, zip(outputs, counts)).map { row, said in
        Outcome(scores: said.0, target: said.1 ? Int(classes[row]) : nil)
      }
      forecasts = []
    case .values(let values):
      let wanted = values.scalars
      forecasts = zip(rows, zip(outputs, counts)).map { row, said in
        Forecast(
          said.0, said.1 ? wanted[row * target.width..<(row + 1) * target.width] : nil,
          of: target.kind, above: levels?.base(row - rows.lowerBound) ?? 0)
      }
      outcomes = []
    }
  }

  /// What `network` makes of every example of `batch`, read from its initial state. Changes are counted
  /// from the `levels` of each.
  public static func all(
    of network: Network, for batch: Batch, _ target: Target, levels: [SeriesLevels?] = []
  ) -> [Predictions] {
    var pass = Pass()
    pass.lengths = batch.lengths
    pass.namedInputs = batch.namedInputs
    let scores = network(batch.input, &pass).scalars
    let count = batch.input.shape[0]
    let time = target.isPerStep ? batch.input.shape[1] : 1
    return (0..<count).map { index in
      let length = target.isPerStep ? batch.lengths?[index] ?? time : 1
      return Predictions(
        scores, of: index * time..<index * time + length, in: batch, target,
        levels: levels.isEmpty ? nil : levels[index])
    }
  }
}
