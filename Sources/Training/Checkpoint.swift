import Engine

/// Everything that the next training step depends on, between two steps.
public struct Checkpoint: Sendable {
  /// A tensor and its name.
  public typealias Named = (name: String, value: Tensor)

  /// The number of training steps done.
  public var step: Int
  /// The epoch of the step to come, from 1.
  public var epoch: Int
  /// Seconds of training until then, without pauses.
  public var seconds: Double
  /// The key of every random number.
  public var seed: UInt64
  /// The optimiser's rule.
  public var optimizer: TrainingRecipe.Optimizer
  /// Whose formulas the rule has.
  public var convention: TrainingRecipe.Convention
  /// The knobs as they were; an older checkpoint has fewer.
  public var knobs: [Knob]
  /// What validations had come to.
  public var progress = Progress()
  /// The lowest validation loss so far.
  public var bestValidationLoss: Double?
  /// The session's JSON text.
  public var config: String
  /// A checksum of the data.
  public var dataFingerprint: String
  /// The instruction set of the kernels that made the numbers.
  public var engine: String

  /// Every parameter by full name, `layer.parameter`.
  public var weights: [Named]
  /// The average of every parameter, by full name; empty when none is kept.
  public var average: [Named] = []
  /// What the optimiser remembers, `slot.layer.parameter`.
  public var memory: [Named]
  /// The windows of the data that were read to their ends.
  public var window: Int
  /// The cuts of the present window that the next step can read from, the earliest first: their time
  /// steps and states, `layer.state`, none where a layer starts from its initial state. Its targets
  /// begin at the last one.
  public var cuts: [(time: Int, states: [Named])]

  /// The weights to use: their average where one is kept.
  public var bestWeights: [Named] {
    let averages = Dictionary(average.map { ($0.name, $0.value) }) { first, _ in first }
    return weights.map { ($0.name, averages[$0.name] ?? $0.value) }
  }

  /// What the user should know before going on from here on this machine; nil when there is nothing.
  public var warning: String? {
    engine == Kernels.name
      ? nil
      : "The checkpoint was made by the \(engine) kernels and the \(Kernels.name) kernels go on: "
        + "the numbers are as good, but the last bits may differ."
  }
}
