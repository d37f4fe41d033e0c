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
  /// What models with several inputs may read besides, by name.
  var namedInputs: [String: Signature] { get }
  /// What is to be predicted.
  var target: Target { get }
  /// Where each number of a step's target stands among the features of the next step's input, scaled
  /// alike; nil where targets are no such thing. With it, a model can go on by itself.
  var feedback: [Int]? { get }

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

  /// What id `id` of the input, which is one below its vocabulary, reads as.
  func symbol(of id: Int) -> String

  /// New material of the user's as sequences like these: by the same columns, characters and scales. Throws
  /// where it does not fit, with its line and column, or where nothing new can be read.
  func read(_ material: Material) throws(DataError) -> NewSequences

  /// What simple methods that were fitted to the training split reach on `split`, in the unit of the
  /// target's metric.
  func baselines(on split: Split) -> [Baseline]
}

extension Dataset {
  /// Most sets have one input.
  public var namedInputs: [String: Signature] { [:] }

  /// Most targets are nothing that is read.
  public var feedback: [Int]? { nil }

  /// What simple methods reach on the validation split, which a run is compared with while it goes on.
  public func baselines() -> [Baseline] { baselines(on: .validation) }

  /// The number, of most sets.
  public func symbol(of id: Int) -> String { String(id) }

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

/// One sequence to look at: a batch of one, with words for its steps.
public struct Example: Sendable {
  /// What it is: "line 12 of the validation text", "pen stroke 7, a '3'".
  public let title: String
  /// The batch of one.
  public let batch: Batch
  /// What each step reads as: the character of a text, or a short number form; one entry a step.
  public let steps: [String]
  /// The steps but the first at which a document begins, where training starts anew.
  public let begins: Set<Int>
  /// What its targets are counted from, where they are changes; nil where they are numbers themselves.
  public var levels: SeriesLevels?

  /// An example of one sequence.
  public init(title: String, batch: Batch, steps: [String], begins: Set<Int> = []) {
    self.begins = begins
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
