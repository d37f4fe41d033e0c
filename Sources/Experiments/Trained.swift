import Data
import Engine
import Layers
import Training

/// A network after its training, with the weights that were best on the validation split.
public struct Trained {
  /// What it is called in the report.
  public let name: String
  /// The network.
  public let network: Network
  /// What it was trained on.
  public let dataset: any Dataset
  /// How it was trained.
  public let recipe: TrainingRecipe
  /// The training loss of every step.
  public var losses: [Double] = []
  /// The passes over the validation split, in their order.
  public var validations: [ValidationReport] = []
  /// The pass over the test split; nil when there is none or training diverged.
  public var test: ValidationReport?
  /// Why training broke off; nil when it did not.
  public var divergence: String?
  /// How long training took.
  public var seconds = 0.0

  /// The number of trainable numbers.
  public var parameters: Int { network.parameterCount }

  /// The number of training steps done.
  public var steps: Int { losses.count }

  /// The metric on the test split, or on the validation split where there is no test split; the worst
  /// there is when training diverged.
  public var metric: Double {
    let worst = dataset.target.metric.isLowerBetter ? Double.infinity : 0
    guard divergence == nil else { return worst }
    return test?.metric ?? best?.metric ?? worst
  }

  /// The validation with the lowest loss.
  public var best: ValidationReport? { validations.last(where: \.isBest) }

  /// The first step after which `reaches` was true on the validation split; nil when it never was.
  public func firstStep(where reaches: (ValidationReport) -> Bool) -> Int? {
    validations.first(where: reaches)?.step
  }
}
