import Data

/// What a pass over a split found.
public struct ValidationReport: Sendable, Equatable {
  /// After how many training steps.
  public var step: Int
  /// The split: validation, or test at the end of a run.
  public var split: Split
  /// Mean loss in nats.
  public var loss: Double
  /// The target's metric.
  public var metric: Double
  /// Whether this is the lowest validation loss of the run.
  public var isBest: Bool

  /// A report of a pass over `split`.
  public init(step: Int, split: Split, loss: Double, metric: Double, isBest: Bool) {
    self.step = step
    self.split = split
    self.loss = loss
    self.metric = metric
    self.isBest = isBest
  }
}
