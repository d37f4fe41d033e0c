/// What one training step found.
public struct StepReport: Sendable, Equatable {
  /// The number of steps done, this one included: the first is 1.
  public var step: Int
  /// The epoch of this step, from 1.
  public var epoch: Int
  /// Mean training loss of the batch; nats for classes and flags.
  public var loss: Double
  /// The target's metric on the batch.
  public var metric: Double
  /// The global norm of the gradient before clipping.
  public var gradientNorm: Double
  /// Whether the gradient was clipped.
  public var wasClipped: Bool
  /// The learning rate of this step.
  public var learningRate: Double
  /// Valid time steps a second, over about the last second of training.
  public var tokensPerSecond: Double
  /// Seconds of the run until now, without pauses.
  public var seconds: Double
  /// What takes longer to measure; present a few times a second.
  public var detail: StepDetail?

  /// A report of step `step`.
  public init(
    step: Int, epoch: Int, loss: Double, metric: Double, gradientNorm: Double, wasClipped: Bool,
    learningRate: Double, tokensPerSecond: Double, seconds: Double, detail: StepDetail? = nil
  ) {
    self.step = step
    self.epoch = epoch
    self.loss = loss
    self.metric = metric
    self.gradientNorm = gradientNorm
    self.wasClipped = wasClipped
    self.learningRate = learningRate
    self.tokensPerSecond = tokensPerSecond
    self.seconds = seconds
    self.detail = detail
  }
}
