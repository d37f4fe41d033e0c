import Engine

/// What a run says while it goes on. Values only: nobody waits for anybody.
public enum RunEvent: Sendable {
  /// The run begins or goes on, at `step` of `totalSteps`.
  case started(step: Int, totalSteps: Int, stepsPerEpoch: Int)
  /// A training step is done.
  case stepped(StepReport)
  /// A pass over the validation split, or at the end over the test split, is done.
  case validated(ValidationReport)
  /// The weights are on disk.
  case saved(step: Int, file: String, isBest: Bool)
  /// The copy of the weights that `RunControl.snapshot()` asked for.
  case snapshot(WeightSnapshot)
  /// A knob took effect before `step`.
  case changed(Knob, step: Int)
  /// Something that the user should know; training goes on.
  case warning(String, step: Int)
  /// The run waits after `step`.
  case paused(step: Int)
  /// The run goes on after `step`.
  case resumed(step: Int)
  /// The last so many validations were no better: the run ends after `step`.
  case endedEarly(Int, step: Int)
  /// The run is over after `step`: all steps done, or stopped.
  case finished(step: Int, wasStopped: Bool)
  /// The run cannot go on after `step`; the sentence says why and what is kept.
  case failed(String, step: Int)
}

/// The weights as they were between two steps: a copy that training leaves alone.
public struct WeightSnapshot: Sendable {
  /// After how many training steps.
  public var step: Int
  /// Every parameter by full name, `layer.parameter`, in the order they are saved.
  public var weights: [(name: String, value: Tensor)]

  /// The weights after `step` steps.
  public init(step: Int, weights: [(name: String, value: Tensor)]) {
    self.step = step
    self.weights = weights
  }
}
