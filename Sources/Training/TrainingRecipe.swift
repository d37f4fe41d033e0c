import Engine

/// How a session is trained: what the user edits and saves.
public struct TrainingRecipe: Sendable, Equatable {
  /// The rule that turns gradients into updates; `OptimizerRule` has the equations.
  public enum Optimizer: String, Sendable, CaseIterable {
    /// Adaptive moments: Kingma and Ba 2015, arXiv:1412.6980.
    case adam
    /// Stochastic gradient descent with momentum.
    case sgd
    /// Adam with decoupled weight decay: Loshchilov and Hutter 2019, arXiv:1711.05101.
    case adamw
    /// Adam that divides by the largest second moment so far: Reddi et al. 2018, arXiv:1904.09237.
    case amsgrad
    /// Gradients over the root of their mean square: Tieleman and Hinton 2012.
    case rmsprop
    /// Gradients over the root of the sum of their squares: Duchi et al. 2011.
    case adagrad
  }

  /// Whose formulas and defaults a rule has; `OptimizerRule` says where they differ.
  public enum Convention: String, Sendable, CaseIterable {
    /// PyTorch's.
    case pytorch
    /// Those of Keras 3.
    case keras
  }

  /// The number of a validation that decides.
  public enum Watched: String, Sendable, CaseIterable {
    /// The loss.
    case loss
    /// The target's own metric.
    case metric
  }

  /// The rule that turns gradients into updates.
  public var optimizer = Optimizer.adam
  /// Whose formulas and defaults the rule has.
  public var convention = Convention.pytorch
  /// Learning rate; above 0.
  public var learningRate = 0.002
  /// Momentum of sgd and rmsprop, in [0, 1); nil: 0.9 for sgd, 0 for rmsprop.
  public var momentum: Double?
  /// Whether the momentum of sgd looks ahead.
  public var nesterov = false
  /// Decay of Adam's first moment, in [0, 1).
  public var beta1 = 0.9
  /// Decay of Adam's second moment, in [0, 1).
  public var beta2 = 0.999
  /// Decay of rmsprop's mean square, in [0, 1); nil: as the convention has it.
  public var alpha: Double?
  /// Whether rmsprop divides by the deviation of gradients and not by their size.
  public var centered = false
  /// What keeps a rule's quotients finite; nil: as the convention has it.
  public var epsilon: Double?
  /// Weight decay λ; nil: as the convention has it, 0 for all but adamw.
  public var weightDecay: Double?
  /// Whether weight decay acts on biases, gains and peepholes, too.
  public var decaysAll = false
  /// How the learning rate goes over the run; `LearningRateSchedule` has the equations.
  public var schedule = LearningRateSchedule.Kind.constant
  /// Steps of the warm-up; 0: none.
  public var warmupSteps = 0
  /// Steps of a period of the schedule; 0: the rest of the run after the warm-up.
  public var scheduleSteps = 0
  /// γ of the schedules step, exponential, inverse and plateau; above 0.
  public var scheduleFactor = 0.1
  /// The share of the learning rate that linear and cosine end at, in [0, 1].
  public var scheduleFloor = 0.0
  /// How much longer each period of cosine_restarts is than the last one; at least 1.
  public var scheduleGrowth = 1
  /// Validations without a better one that the plateau schedule waits for.
  public var schedulePatience = 10
  /// What clipping holds below its limit.
  public var clip = Clipping.Mode.norm
  /// The limit of clipping; 0 switches it off.
  public var clipNorm = 1.0
  /// Training steps in all; at least 1.
  public var steps = 600
  /// Steps between validations; 0: after every epoch.
  public var validateEvery = 0
  /// Steps between checkpoints; 0: with every validation.
  public var checkpointEvery = 0
  /// Time steps between two training steps in a window, k₁; 0: one for the window.
  public var tbpttSteps = 0
  /// Time steps that the gradients of each of them go back, k₂, a multiple of k₁; 0: k₁.
  public var tbpttReach = 0
  /// Validations without a better one that end the run; 0: the run goes to its last step.
  public var patience = 0
  /// How much better than the best one a validation must be to count as better.
  public var minDelta = 0.0
  /// What patience looks at.
  public var watch = Watched.loss
  /// Decay of the average of the weights, in [0, 1); 0: none is kept.
  public var averageDecay = 0.0
  /// Whether the state goes on from one window of a text to the next (truncated BPTT).
  public var carriesState = true

  /// What training makes small.
  public var loss = Loss.standard
  /// Share of the target that cross entropy spreads over all classes, ε in [0, 1).
  public var labelSmoothing = 0.0
  /// γ of the focal loss; 0 or more.
  public var focalGamma = 2.0
  /// Margin m of the losses contrastive and triplet, in units of the points; above 0.
  public var lossMargin = 1.0
  /// τ of the supervised contrastive loss; above 0.
  public var lossTemperature = 0.1
  /// Which triplets of a batch count.
  public var tripletMining = TripletMining.hard
  /// δ of the Huber loss, in units that networks see; above 0.
  public var huberDelta = 1.0

  /// The defaults.
  public init() {}
}

extension TrainingRecipe {
  /// How the learning rate goes over the run.
  public var curve: LearningRateSchedule {
    var curve = LearningRateSchedule(steps: steps)
    curve.kind = schedule
    curve.warmup = warmupSteps
    curve.period = scheduleSteps
    curve.factor = scheduleFactor
    curve.floor = scheduleFloor
    curve.growth = scheduleGrowth
    return curve
  }
}
