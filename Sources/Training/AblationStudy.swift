import Data
import Engine
import Layers

/// Measures an `Ablation`: on an example first, then on one batch after another.
public struct AblationStudy {
  /// What is known so far.
  public private(set) var ablation: Ablation

  /// The most batches of the validation split.
  private static let most = 20

  private let network: Network
  private let dataset: any Dataset
  private let recipe: TrainingRecipe
  private let metrics: [Metric]
  private var whole: Evaluation
  private var without: Evaluation

  /// A study of `network`, trained by `recipe` on `dataset`, without the layers `silenced`.
  public init(
    _ network: Network, _ dataset: any Dataset, _ recipe: TrainingRecipe,
    without silenced: [String], weightsStep: Int
  ) {
    (self.network, self.dataset, self.recipe) = (network, dataset, recipe)
    let target = dataset.target
    let further = [Metric.accuracy].filter {
      $0 != target.metric && target.metrics.contains($0)
    }
    metrics = [target.metric] + further
    whole = Evaluation(network, dataset, recipe, metrics: metrics)
    without = Evaluation(network, dataset, recipe, metrics: metrics, without: Set(silenced))
    let all = dataset.batchCount(of: .validation)
    ablation = Ablation(
      silenced, weightsStep: weightsStep, batches: min(all, Self.most), of: all)
  }

  /// Measures `example`, a batch of one, if anything is to be predicted of it.
  public mutating func begin(with example: Batch) {
    guard example.weights?.contains(where: { $0 > 0 }) ?? true else { return }
    ablation.example = Ablation.Pair(
      whole: worth(of: example, without: []),
      without: worth(of: example, without: Set(ablation.silenced)))
  }

  /// Measures the next batch; false when there is none.
  public mutating func addBatch() -> Bool {
    guard ablation.batches < ablation.wantedBatches else { return false }
    let batch = dataset.batch(ablation.batches, of: .validation)
    if ablation.batches == 0 { ablation.branches = branches(batch) }
    whole.add(batch)
    without.add(batch)
    ablation.batches += 1
    ablation.validation = Ablation.Pair(
      whole: worth(whole.score), without: worth(without.score))
    return true
  }

  private func worth(of batch: Batch, without silenced: Set<String>) -> Ablation.Worth {
    var evaluation = Evaluation(network, dataset, recipe, metrics: metrics, without: silenced)
    evaluation.add(batch)
    return worth(evaluation.score)
  }

  private func worth(_ score: Score) -> Ablation.Worth {
    Ablation.Worth(loss: score.meanLoss, metrics: score.values)
  }

  /// How the gradient of the loss of `batch` is shared among the branches of every layer with some.
  private func branches(_ batch: Batch) -> [Ablation.Branches] {
    let parallel = network.elements.filter { $0.layer is Parallel }
    guard !parallel.isEmpty else { return [] }
    var pass = Pass()
    pass.lengths = batch.lengths
    pass.namedInputs = batch.namedInputs
    let tape = Tape()
    let output = network(tape.constant(batch.input), &pass)
    let gradients = tape.gradients(of: recipe.loss(of: output, batch, dataset.target))
    return parallel.map { element in
      let squares = element.layer.children.map { branch in
        branch.parameters.reduce(0.0) { $0 + (gradients[$1]?.sumOfSquares ?? 0) }
      }
      let sum = squares.reduce(0, +)
      return Ablation.Branches(
        layer: element.name, names: element.layer.children.map(\.name),
        shares: squares.map { sum > 0 ? $0 / sum : 0 })
    }
  }
}

extension Network.Element {
  /// Its parameters and those of all layers inside it.
  fileprivate var parameters: [Parameter] {
    layer.parameters + layer.children.flatMap(\.parameters)
  }
}
