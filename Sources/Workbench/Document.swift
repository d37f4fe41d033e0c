import Data
import Layers
import Training

/// A session as the user edits and saves it: a model, data, how to train, and a seed.
public struct Document: Sendable, Equatable {
  /// The name, also of the file and of the runs.
  public var name: String
  /// What every random number of a run is keyed by.
  public var seed: UInt64
  /// Which data, and how they become batches.
  public var data: DataRecipe
  /// The layers.
  public var model: ModelSpec
  /// How to train.
  public var training: TrainingRecipe

  /// A session called `name`.
  public init(
    name: String, seed: UInt64 = 1, data: DataRecipe, model: ModelSpec,
    training: TrainingRecipe = TrainingRecipe()
  ) {
    self.name = name
    self.seed = seed
    self.data = data
    self.model = model
    self.training = training
  }

  /// A character model of the bundled Shakespeare text: what the program opens by itself.
  public static let standard: Document = {
    var training = TrainingRecipe()
    training.learningRate = 0.006
    return Document(
      name: "char-lstm",
      data: DataRecipe(source: .bundled("shakespeare"), batchSize: 64, sequenceLength: 64),
      model: ModelSpec([
        Embedding.Spec(embeddingDim: 64), LSTM.Spec(hiddenSize: 256),
        Linear.Spec(outFeatures: 80),
      ]), training: training)
  }()
}
