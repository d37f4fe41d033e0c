import Data
import Layers

/// What a network did with one sequence, and what it does with it while clamps hold some of its signals:
/// the same weights, masks and silenced layers in both.
public struct ClampComparison: Sendable {
  /// Without the clamps.
  public let free: SequenceRecording
  /// With them.
  public let clamped: SequenceRecording

  /// Runs `network` over `example` twice, as a recording does, without and with `clamps`.
  public init(
    network: Network, example: Example, target: Target, weightsStep: Int?,
    trainingSeed: UInt64? = nil, silenced: Set<String> = [], clamps: [Clamp]
  ) throws(InspectionError) {
    func record(_ clamps: [Clamp]) throws(InspectionError) -> SequenceRecording {
      try SequenceRecording(
        network: network, example: example, target: target, weightsStep: weightsStep,
        trainingSeed: trainingSeed, silenced: silenced, clamps: clamps)
    }
    free = try record([])
    clamped = try record(clamps)
    changedSteps = Self.changes(from: free, to: clamped)
  }

  /// The time steps whose likeliest class is another one with the clamps, or, of flags, on which side of
  /// one half any of them is; 0 alone for a sequence of one class. None for values, which nearly all
  /// change.
  public let changedSteps: [Int]

  private static func changes(
    from free: SequenceRecording, to clamped: SequenceRecording
  ) -> [Int] {
    if !free.outcomes.isEmpty {
      return free.outcomes.indices.filter {
        free.outcomes[$0].predicted != clamped.outcomes[$0].predicted
      }
    }
    guard case .flags = free.target.kind else { return [] }
    return free.forecasts.indices.filter {
      free.forecasts[$0].values.map { $0 > 0.5 } != clamped.forecasts[$0].values.map { $0 > 0.5 }
    }
  }

  /// Whether the prediction at time step `t`, or the sequence's, is among those that changed.
  public func isChanged(at t: Int) -> Bool {
    changedSteps.contains(free.target.isPerStep ? t : 0)
  }

  /// The number of predictions.
  public var predictions: Int { max(free.outcomes.count, free.forecasts.count) }

  /// `layer.signal` with the clamps minus without them, value by value; nil where there is no such
  /// signal.
  public func difference(_ layer: String, _ signal: String) -> SignalMatrix? {
    guard let before = free.matrix(layer, signal) else { return nil }
    return clamped.matrix(layer, signal)?.difference(from: before)
  }
}
