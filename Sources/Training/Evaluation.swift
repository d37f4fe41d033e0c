import Data
import Engine
import Layers

/// Runs a network over batches without learning from them, and keeps the score.
///
/// State is carried from one batch to the next that goes on with it.
struct Evaluation {
  /// What the network's outputs were worth so far.
  private(set) var score: Score

  private let network: Network
  private let target: Target
  private let recipe: TrainingRecipe
  private let silenced: Set<String>
  private var carried: [String: [Tensor]] = [:]

  /// An evaluation by `recipe` that measures `metrics`, and whether probabilities are what they say if
  /// it `calibrates`, while the layers `silenced` put out zeros.
  init(
    _ network: Network, _ dataset: any Dataset, _ recipe: TrainingRecipe, metrics: [Metric],
    calibrates: Bool = false, without silenced: Set<String> = []
  ) {
    self.network = network
    self.recipe = recipe
    self.silenced = silenced
    target = dataset.target
    score = Score(
      target, metrics: metrics, calibrates: calibrates,
      lossIsEntropy: recipe.lossIsEntropy(for: target),
      pointLoss: { Double(recipe.loss(ofPoints: $0, $1).scalar) })
  }

  /// Runs the network over `batch`.
  mutating func add(_ batch: Batch) {
    var pass = Pass()
    pass.lengths = batch.lengths
    pass.namedInputs = batch.namedInputs
    pass.silenced = silenced
    pass.states = recipe.carriesState ? Trainer.states(carried, for: batch) : [:]
    let output = network(batch.input, &pass)
    score.add(output, loss: Double(recipe.loss(of: output, batch, target).scalar), batch)
    carried = pass.states
  }
}
