import Engine
import Layers
import Training

/// A model on random data whose steps are timed.
public struct Workload: Sendable {
  /// What one step is.
  public enum Step: Sendable {
    /// Forward, backward, clipping by the global norm and Adam, from a zero state.
    case training
    /// Forward only, without a tape, from the state that the last one ended with.
    case evaluation
  }

  /// The name that users type.
  public let name: String
  /// What it is, in one line.
  public let summary: String
  /// What is timed.
  public let step: Step
  /// The model, which fits the data.
  let model: ModelSpec
  /// What it reads and is to predict.
  let data: RandomData

  init(
    _ name: String, _ summary: String, _ step: Step = .training, on data: RandomData,
    _ model: ModelSpec
  ) {
    self.name = name
    self.summary = summary
    self.step = step
    self.data = data
    self.model = model
  }

  /// The workload called `name`; nil where there is none.
  public static func named(_ name: String) -> Workload? { all.first { $0.name == name } }

  /// The operations of its products in one step.
  public var work: Work {
    var work = model.work(for: data.input, batch: data.batch, time: data.time)
    if case .evaluation = step { work.backward = 0 }
    return work
  }

  /// Its network with weights from a fixed seed.
  func makeNetwork() throws -> Network { try Network(model, input: data.input, seed: 1) }

  /// How it is trained.
  var recipe: TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.carriesState = false
    return recipe
  }
}
