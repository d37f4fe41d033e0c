/// The closer look at a training step.
public struct StepDetail: Sendable, Equatable {
  /// Every weight matrix and bias, in the order of the parameters.
  public var parameters: [ParameterReport]
  /// ‖∂L/∂h_t‖ of every recurrent layer, in the order of the layers.
  public var gradientOverTime: [GradientOverTime]
  /// Every signal of every recurrent layer, in the order of the layers and signals.
  public var signals: [SignalReport]
  /// The state that every recurrent layer hands on to the next piece or window, part by part; empty
  /// where each begins anew.
  public var carried: [CarriedState]

  /// A closer look made of these reports.
  public init(
    parameters: [ParameterReport], gradientOverTime: [GradientOverTime], signals: [SignalReport],
    carried: [CarriedState] = []
  ) {
    self.parameters = parameters
    self.gradientOverTime = gradientOverTime
    self.signals = signals
    self.carried = carried
  }
}

/// A part of the state that a recurrent layer hands on.
public struct CarriedState: Sendable, Equatable {
  /// The layer's name.
  public var layer: String
  /// The part: `h` or `c`.
  public var part: String
  /// Its norm, root of the mean over the sequences of their squared norms.
  public var norm: Double

  /// The norm of `part` of the state of the layer called `layer`.
  public init(layer: String, part: String, norm: Double) {
    self.layer = layer
    self.part = part
    self.norm = norm
  }
}

/// One weight matrix or bias in a training step.
public struct ParameterReport: Sendable, Equatable {
  /// The layer's name.
  public var layer: String
  /// The parameter's name in the layer.
  public var name: String
  /// The norm of its gradient before clipping.
  public var gradientNorm: Double
  /// The norm of its weights after the step.
  public var weightNorm: Double
  /// ‖Δw‖ / ‖w‖ of this step.
  public var updateRatio: Double
  /// How far the rule goes with its numbers; nil for rules without two moments.
  public var momentRatio: MomentRatio?
  /// How large the numbers of its gradient are, before clipping; nil where nothing depends on it.
  public var gradientSizes: GradientSizes?
  /// ρ of recurrent weights after the step or one a few looks before, estimated, of the gate where it is
  /// largest; nil for others.
  public var spectralRadius: Double?
  /// Whether training leaves it as it is.
  public var isFrozen: Bool

  /// A report of parameter `name` of the layer called `layer`.
  public init(
    layer: String, name: String, gradientNorm: Double, weightNorm: Double, updateRatio: Double,
    momentRatio: MomentRatio? = nil, gradientSizes: GradientSizes? = nil,
    spectralRadius: Double? = nil, isFrozen: Bool = false
  ) {
    self.layer = layer
    self.name = name
    self.gradientNorm = gradientNorm
    self.weightNorm = weightNorm
    self.updateRatio = updateRatio
    self.momentRatio = momentRatio
    self.gradientSizes = gradientSizes
    self.spectralRadius = spectralRadius
    self.isFrozen = isFrozen
  }
}

/// How the gradient fades or grows towards the past.
public struct GradientOverTime: Sendable, Equatable {
  /// The layer's name.
  public var layer: String
  /// ‖∂L/∂h_t‖ for t = 0 …, root of the mean over the sequences of their squared norms.
  public var norms: [Double]

  /// The norms of the layer called `layer`.
  public init(layer: String, norms: [Double]) {
    self.layer = layer
    self.norms = norms
  }
}

/// The distribution of a signal over a batch.
public struct SignalReport: Sendable, Equatable {
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

  /// The distribution of `signal` of the layer called `layer`.
  public init(
    layer: String, signal: String, meaning: String, range: ClosedRange<Double>,
    histogram: [Double], low: Double, high: Double, mean: Double, largest: Double,
    deadUnits: [Int]
  ) {
    self.layer = layer
    self.signal = signal
    self.meaning = meaning
    self.range = range
    self.histogram = histogram
    self.low = low
    self.high = high
    self.mean = mean
    self.largest = largest
    self.deadUnits = deadUnits
  }
}
