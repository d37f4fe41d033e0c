import Data

/// What a pass over a split found.
public struct ValidationReport: Sendable, Equatable {
  /// After how many training steps.
  public var step: Int
  /// The split: validation, or test at the end of a run.
  public var split: Split
  /// Mean loss; nats for classes and flags.
  public var loss: Double
  /// The same of some training examples, as many as the split has at most, in evaluation, too; nil where it was
  /// not measured.
  public var trainingLoss: Double?
  /// The target's metric.
  public var metric: Double
  /// Every metric that such targets have, the target's own first.
  public var metrics: [MetricValue]
  /// The mean squared error of each number of a target of several, in their own units; empty for other
  /// targets and for more than 64.
  public var squaredErrors: [Double] = []
  /// Which classes were taken for which; nil for other targets.
  public var confusion: Confusion?
  /// Whether predicted probabilities are what they say; nil for values.
  public var calibration: Calibration?
  /// Whether this is the lowest validation loss of the run.
  public var isBest: Bool

  /// A report of a pass over `split`.
  public init(
    step: Int, split: Split, loss: Double, trainingLoss: Double? = nil, metric: Double,
    metrics: [MetricValue] = [], confusion: Confusion? = nil, calibration: Calibration? = nil,
    isBest: Bool
  ) {
    self.step = step
    self.split = split
    self.loss = loss
    self.trainingLoss = trainingLoss
    self.metric = metric
    self.metrics = metrics
    self.confusion = confusion
    self.calibration = calibration
    self.isBest = isBest
  }

  /// How much more the split loses than training examples do: what was learned by heart and not in
  /// general. Nil where one of them is not known or not finite.
  public var gap: Double? {
    trainingLoss.map { loss - $0 }.flatMap { $0.isFinite ? $0 : nil }
  }
}

/// A metric and what it came to.
public struct MetricValue: Sendable, Equatable {
  /// Which metric.
  public let metric: Metric
  /// The number, in the metric's unit.
  public let value: Double

  /// A metric's number.
  public init(_ metric: Metric, _ value: Double) {
    self.metric = metric
    self.value = value
  }
}
