/// How a session is trained: what the user edits and saves.
public struct TrainingRecipe: Sendable, Equatable {
  /// The rule that turns gradients into updates.
  public enum Optimizer: String, Sendable, CaseIterable {
    /// Adam, as in PyTorch.
    case adam
    /// Stochastic gradient descent with momentum.
    case sgd
  }

  /// The rule that turns gradients into updates.
  public var optimizer = Optimizer.adam
  /// Learning rate; above 0.
  public var learningRate = 0.002
  /// Momentum of SGD, in [0, 1).
  public var momentum = 0.9
  /// Largest global norm of the gradient; 0 switches clipping off.
  public var clipNorm = 1.0
  /// Training steps in all; at least 1.
  public var steps = 600
  /// Steps between validations; 0: after every epoch.
  public var validateEvery = 0
  /// Steps between checkpoints; 0: with every validation.
  public var checkpointEvery = 0
  /// Whether the state goes on from one window of a text to the next (truncated BPTT).
  public var carriesState = true

  /// What training makes small.
  public var loss = Loss.standard
  /// Share of the target that cross entropy spreads over all classes, ε in [0, 1).
  public var labelSmoothing = 0.0
  /// γ of the focal loss; 0 or more.
  public var focalGamma = 2.0
  /// δ of the Huber loss, in units that networks see; above 0.
  public var huberDelta = 1.0

  /// The defaults.
  public init() {}
}
