import Data
import Engine
import Layers

/// How far gradients that go back k time steps are from those that go back as far as there are steps.
///
///     bias(k) = ‖g_k − g‖ / ‖g‖
///
/// g is the gradient of the mean loss of a window of T time steps; g_k that of the same loss when it
/// goes back no further than the beginning of the piece of k steps that it stands in. Every piece
/// begins with the state that the one before leaves, and the weights stay as they are, so that this is
/// the bias of the gradient alone. At k = T there is none.
public struct TruncationBias: Sendable, Equatable {
  /// The bias of one way to cut the window.
  public struct Point: Sendable, Equatable {
    /// The time steps that a piece scores, k₁, and that gradients go back, k₂.
    public let stride: Int, reach: Int
    /// ‖g_k − g‖ / ‖g‖, 0 and above.
    public let bias: Double

    /// The `bias` of pieces of `stride` steps whose gradients go back `reach`.
    public init(stride: Int, reach: Int, bias: Double) {
      self.stride = stride
      self.reach = reach
      self.bias = bias
    }
  }

  /// The bias for k₁ = k₂ = 1, 2, 4, … and T, shortest first.
  public let points: [Point]
  /// The bias of the recipe's own k₁ and k₂; nil when it cuts nothing.
  public let own: Point?
  /// After how many training steps the weights were as they were.
  public let weightsStep: Int

  /// The bias at `points` and at the recipe's `own`, with the weights after `weightsStep` steps.
  public init(points: [Point], own: Point?, weightsStep: Int) {
    self.points = points
    self.own = own
    self.weightsStep = weightsStep
  }

  /// Measures the bias on the training window that comes after `weightsStep` steps, with the weights
  /// that `network` has; dropout drops what it drops in that window.
  ///
  /// Throws when the network cannot be trained on pieces of a window, or when its loss or its gradient
  /// is not finite or is 0, or when `goesOn` says no between two pieces.
  public init(
    of network: Network, on dataset: any Dataset, _ recipe: TrainingRecipe, seed: UInt64,
    weightsStep: Int, while goesOn: () -> Bool = { true }
  ) throws(TrainingError) {
    var cut = recipe
    (cut.tbpttSteps, cut.tbpttReach) = (1, 0)
    if let misfit = Truncation.misfit(of: network, to: dataset.target, cut, ending: ".") {
      throw TrainingError(.unfit, misfit)
    }
    func gradient(stride: Int, reach: Int) throws(TrainingError) -> [Double] {
      var recipe = recipe
      (recipe.tbpttSteps, recipe.tbpttReach) = (stride, reach)
      let trainer = try Trainer(network: network, dataset: dataset, recipe: recipe, seed: seed)
      return try trainer.gradient(ofWindow: weightsStep, while: goesOn)
    }
    let time = dataset.trainingBatch(at: weightsStep).steps(dataset.target)
    let whole = try gradient(stride: time, reach: time)
    let norm = whole.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm.isFinite, norm > 0 else {
      throw TrainingError(
        .diverged,
        "The bias of a gradient needs one that is finite and not 0, got a norm of \(norm). "
          + "Train a few steps, or take weights of an earlier step.")
    }
    func point(stride: Int, reach: Int) throws(TrainingError) -> Point {
      let cut = try gradient(stride: stride, reach: reach)
      let squares = zip(cut, whole).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return Point(stride: stride, reach: reach, bias: squares.squareRoot() / norm)
    }
    var found: [Point] = []
    var length = 1
    while length < time {
      found.append(try point(stride: length, reach: length))
      length *= 2
    }
    found.append(try point(stride: time, reach: time))
    points = found
    let stride = recipe.tbpttSteps
    own =
      stride > 0 && stride < time
      ? try point(stride: stride, reach: max(stride, recipe.tbpttReach)) : nil
    self.weightsStep = weightsStep
  }
}

extension Trainer {
  /// The gradient of the mean loss of training window `index`, read piece by piece as the recipe cuts
  /// it, from the initial state and with the weights as they are; all parameters side by side.
  ///
  /// For a trainer that does nothing else: it stands behind that window afterwards. Throws when
  /// `goesOn` says no.
  fileprivate func gradient(
    ofWindow index: Int, while goesOn: () -> Bool
  ) throws(TrainingError) -> [Double] {
    window = index
    cuts = [Truncation.Cut()]
    var sum = [Double](repeating: 0, count: network.parameterCount)
    var weight = 0.0
    while window == index {
      guard goesOn() else { throw TrainingError(.cancelled, "The measurement was stopped.") }
      let reading = nextReading()
      let found = try backPropagate(reading, detail: false)
      var place = 0
      for (owned, gradient) in zip(parameters, found.gradients) {
        for (offset, value) in (gradient?.scalars ?? []).enumerated() {
          sum[place + offset] += found.score.weight * Double(value)
        }
        place += owned.parameter.value.count
      }
      weight += found.score.weight
      advance(past: reading, found.pass)
    }
    return weight > 0 ? sum.map { $0 / weight } : sum
  }
}
