import Data
import Engine

/// What a run says while it goes on. Values only: nobody waits for anybody.
public enum RunEvent: Sendable {
  /// The run begins or goes on, at `step` of `totalSteps`.
  case started(step: Int, totalSteps: Int, stepsPerEpoch: Int)
  /// A training step is done.
  case stepped(StepReport)
  /// A pass over the validation split is done.
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
  /// The run is over after `step`: all steps done, or stopped.
  case finished(step: Int, wasStopped: Bool)
  /// The run cannot go on after `step`; the sentence says why and what is kept.
  case failed(String, step: Int)
}

/// A setting that changes while a run goes on, without resetting anything.
public enum Knob: Sendable, Equatable {
  /// The learning rate; above 0.
  case learningRate(Double)
  /// Largest global norm of the gradient; 0 switches clipping off.
  case clipNorm(Double)
  /// Training steps in all.
  case steps(Int)
}

/// The weights as they were between two steps: a copy that training leaves alone.
public struct WeightSnapshot: Sendable {
  /// After how many training steps.
  public var step: Int
  /// Every parameter by full name, `layer.parameter`, in the order they are saved.
  public var weights: [(name: String, value: Tensor)]
}

/// What one training step found.
public struct StepReport: Sendable {
  /// The number of steps done, this one included: the first is 1.
  public var step: Int
  /// The epoch of this step, from 1.
  public var epoch: Int
  /// Mean training loss of the batch, in nats.
  public var loss: Double
  /// The target's metric on the batch.
  public var metric: Double
  /// The global norm of the gradient before clipping.
  public var gradientNorm: Double
  /// Whether the gradient was clipped.
  public var wasClipped: Bool
  /// The learning rate of this step.
  public var learningRate: Double
  /// Valid time steps a second, over about the last second.
  public var tokensPerSecond: Double
  /// Seconds of training until now, without pauses.
  public var seconds: Double
  /// What takes longer to measure; present a few times a second.
  public var detail: StepDetail?
}

/// The closer look at a training step.
public struct StepDetail: Sendable {
  /// Every weight matrix and bias, in the order of the parameters.
  public var parameters: [ParameterReport]
  /// ‖∂L/∂h_t‖ of every recurrent layer, in the order of the layers.
  public var gradientOverTime: [GradientOverTime]
  /// Every signal of every recurrent layer, in the order of the layers and signals.
  public var signals: [SignalReport]
}

/// One weight matrix or bias in a training step.
public struct ParameterReport: Sendable {
  /// The layer's name.
  public var layer: String
  /// The parameter's name in the layer.
  public var name: String
  /// The norm of its gradient before clipping.
  public var gradientNorm: Double
  /// The norm of its weights.
  public var weightNorm: Double
  /// ‖Δw‖ / ‖w‖ of this step.
  public var updateRatio: Double
}

/// How the gradient fades or grows towards the past.
public struct GradientOverTime: Sendable {
  /// The layer's name.
  public var layer: String
  /// ‖∂L/∂h_t‖ for t = 0 …, root of the mean over the sequences of their squared norms.
  public var norms: [Double]
}

/// The distribution of a signal over a batch.
public struct SignalReport: Sendable {
  /// The layer's name.
  public var layer: String
  /// The signal's name: `i`, `f`, `h`.
  public var signal: String
  /// What the signal is: `input gate`.
  public var meaning: String
  /// The lowest and highest value of the histogram's range.
  public var range: ClosedRange<Double>
  /// The share of values in each of 20 equal bins of the range, outliers in the end bins.
  public var histogram: [Double]
  /// The share near the lower end: a gate below 0.1, a signed signal below −0.95.
  public var low: Double
  /// The share near the upper end: a gate above 0.9, a signed signal above 0.95.
  public var high: Double
  /// The mean and the largest absolute value.
  public var mean: Double, largest: Double
  /// Hidden units whose values hardly move over the batch (deviation below 0.001).
  public var deadUnits: [Int]
}

/// What a pass over the validation split found.
public struct ValidationReport: Sendable {
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
}
