import Engine

/// Sequences to learn from: how they are cut into batches, what they mean, how well a simple
/// method does on them.
///
/// Everything is a pure function of the recipe, the seed and a number: the batch of a step can be
/// made again at any time, so a resumed run sees exactly what the uninterrupted one would have.
public protocol Dataset: Sendable {
  /// The name users know it by.
  var name: String { get }
  /// One line: what, how much, how it is split.
  var summary: String { get }
  /// What one batch of inputs looks like.
  var input: Signature { get }
  /// What is to be predicted.
  var target: Target { get }

  /// The number of training steps in one pass over the training split.
  var stepsPerEpoch: Int { get }
  /// The largest shape that the input of a training batch has, `[B, T, …]`.
  var batchShape: Shape { get }
  /// The batch of training step `step`, from 0; steps run through epoch after epoch.
  func trainingBatch(at step: Int) -> Batch
  /// The number of batches in one pass over `split` for evaluation.
  func batchCount(of split: Split) -> Int
  /// Batch `index` of `split` for evaluation, in a fixed order; streams continue from one batch to
  /// the next.
  func batch(_ index: Int, of split: Split) -> Batch

  /// The number of examples of `split` to look at one by one.
  func exampleCount(of split: Split) -> Int
  /// Example `index` of `split`.
  func example(_ index: Int, of split: Split) -> Example

  /// What simple methods reach on the validation split, in the unit of the target's metric.
  func baselines() -> [Baseline]
}

extension Dataset {
  /// That of the first batch, for sets whose batches are all alike.
  public var batchShape: Shape { trainingBatch(at: 0).input.shape }
}

/// The part of a data set that a number was measured on.
public enum Split: String, Sendable, CaseIterable {
  /// What the weights are fitted to.
  case train
  /// What decisions are based on.
  case validation
  /// What is only reported.
  case test
}

/// What a network is to predict: a class for every step or for every sequence.
public struct Target: Sendable, Equatable {
  /// The names of the classes: characters, digits, speakers.
  public let labels: [String]
  /// Whether every time step has a class of its own.
  public let isPerStep: Bool
  /// What is reported beside the loss.
  public let metric: Metric

  /// The number of classes.
  public var classes: Int { labels.count }

  /// A number that people judge a model by.
  public enum Metric: String, Sendable {
    /// Cross entropy in bits a symbol; lower is better.
    case bitsPerCharacter = "bits_per_character"
    /// Share of right predictions, 0 to 1; higher is better.
    case accuracy
  }

  /// A prediction of one of `labels`, per step or per sequence.
  public init(labels: [String], isPerStep: Bool, metric: Metric) {
    self.labels = labels
    self.isPerStep = isPerStep
    self.metric = metric
  }

  /// What a network must put out for this target: a score for each class.
  public var output: Signature { isPerStep ? .sequence(classes) : .vector(classes) }
}

/// Some examples side by side.
public struct Batch: Sendable {
  /// Ids `[B, T]` or features `[B, T, D]`; past a sequence's length: zeros.
  public let input: Tensor
  /// Class numbers, row-major: B·T of them when the target is per step, else B.
  public let targets: [Int32]
  /// The weight of every target, 0 for padding; nil: all 1.
  public let weights: [Float]?
  /// The valid time steps of every sequence; nil: all of them.
  public let lengths: [Int]?
  /// Whether the sequences go on where the previous batch ended, so that the state is carried over.
  public let continues: Bool

  /// A batch of inputs and targets.
  public init(
    input: Tensor, targets: [Int32], weights: [Float]? = nil, lengths: [Int]? = nil,
    continues: Bool = false
  ) {
    self.input = input
    self.targets = targets
    self.weights = weights
    self.lengths = lengths
    self.continues = continues
  }

  /// The number of valid time steps of all sequences together.
  public var tokens: Int { lengths?.reduce(0, +) ?? input.shape[0] * input.shape[1] }
}

/// One sequence to look at: a batch of one, with words for its steps.
public struct Example: Sendable {
  /// What it is: "line 12 of the validation text", "pen stroke 7, a '3'".
  public let title: String
  /// The batch of one.
  public let batch: Batch
  /// What each step reads as: the character of a text, or a short number form; one entry a step.
  public let steps: [String]

  /// An example of one sequence.
  public init(title: String, batch: Batch, steps: [String]) {
    self.title = title
    self.batch = batch
    self.steps = steps
  }
}

/// What a simple method reaches.
public struct Baseline: Sendable, Equatable {
  /// The method: "order-3 counts".
  public let name: String
  /// The number, in the unit of the target's metric.
  public let value: Double

  /// A method's number.
  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}
