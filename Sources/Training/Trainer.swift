import Data
import Engine
import Layers

/// Fits a network to a data set, one step at a time.
///
/// A step is forward, backward, clipping and an update. Everything that a step
/// depends on is in `checkpoint()`, and every random number is a function of the seed and the step,
/// so a restored trainer goes on with the same bits. A trainer belongs to one queue.
public final class Trainer {
  /// What is trained.
  public let network: Network
  /// What it is trained on.
  public let dataset: any Dataset
  /// How it is trained; knobs change it.
  public internal(set) var recipe: TrainingRecipe
  /// The key of every random number.
  public let seed: UInt64
  /// The session's JSON text, which checkpoints carry.
  public let config: String
  /// The number of training steps done.
  public internal(set) var step = 0
  /// The lowest validation loss so far.
  public internal(set) var bestValidationLoss: Double?
  /// What validations have come to.
  public internal(set) var progress = Progress()
  /// The average of the weights, if one is kept; it is what everyone but training sees.
  let average: WeightAverage?

  /// Where the time of steps is noted; nil: nowhere.
  public var profile: Profile?

  let parameters: [(layer: String, parameter: Parameter)]
  let optimizer: Optimizer
  /// Which parameters training leaves as they are; empty: none.
  private let frozen: [Bool]
  private let frozenLayers: Set<String>
  /// The windows of the data that were read to their ends.
  var window = 0
  /// The cuts of the present window that the next step can read from, the earliest first; its targets
  /// begin at the last one, and there is one.
  var cuts = [Truncation.Cut()]
  var stopwatch: Stopwatch
  let clock: @Sendable () -> Double
  private var throughput = Throughput()
  /// How long the last closer look at a step took, in seconds.
  private(set) var secondsOfDetail = 0.0
  /// ρ of recurrent weights as it was estimated last, and the closer looks since then.
  var radii = (ofParameters: [ObjectIdentifier: Double](), looks: 0)
  /// What the user should know about the checkpoint that this goes on from.
  var restoredWarning: String?
  lazy var dataFingerprint = dataset.fingerprint

  /// A trainer before its first step, or why `network` cannot be trained on `dataset` like this.
  ///
  /// `config` is the session's JSON text; `clock` gives seconds and never goes back.
  public init(
    network: Network, dataset: any Dataset, recipe: TrainingRecipe, seed: UInt64,
    config: String = "", clock: @escaping @Sendable () -> Double = monotonicSeconds
  ) throws(TrainingError) {
    if let misfit = Self.misfit(of: network.output, to: dataset.target) {
      throw TrainingError(.unfit, misfit)
    }
    if let misfit = recipe.loss.misfit(to: dataset.target) { throw TrainingError(.unfit, misfit) }
    if let misfit = recipe.loss.misfit(toBatchesOf: dataset) {
      throw TrainingError(.unfit, misfit)
    }
    if let misfit = Truncation.misfit(of: network, to: dataset.target, recipe) {
      throw TrainingError(.unfit, misfit)
    }
    if let fault = recipe.fault { throw TrainingError(.unfit, fault.description) }
    self.network = network
    self.dataset = dataset
    self.recipe = recipe
    self.seed = seed
    self.config = config
    self.clock = clock
    stopwatch = Stopwatch(clock: clock)
    parameters = network.elements.flatMap { element in
      element.layer.parameters.map { (element.name, $0) }
    }
    let trainings = network.model.trainings
    frozenLayers = Set(trainings.filter { $0.value.isFrozen }.keys)
    let groups = parameters.map { trainings[$0.layer] ?? LayerTraining() }
    frozen = groups.contains(where: \.isFrozen) ? groups.map(\.isFrozen) : []
    if !frozen.isEmpty, frozen.allSatisfy({ $0 }) {
      throw TrainingError(
        .unfit, "Training needs a layer that is not frozen, got none. Set frozen to false for one.")
    }
    optimizer = Optimizer(OptimizerRule(recipe), for: parameters.map(\.parameter), groups: groups)
    average = recipe.averageDecay > 0 ? WeightAverage(of: parameters.map(\.parameter)) : nil
  }

  /// The epoch of the step to come, from 1.
  public var epoch: Int { window / max(1, dataset.stepsPerEpoch) + 1 }

  /// The most training steps that one pass over the training split takes: one for every piece that
  /// its windows are cut into.
  public var stepsPerEpoch: Int {
    let shape = dataset.batchShape
    return dataset.stepsPerEpoch
      * Truncation(recipe).count(in: shape.rank > 1 ? shape[1] : 1)
  }

  /// Whether all steps are done, or validations have been no better for too long.
  public var isDone: Bool { step >= recipe.steps || isOutOfPatience }

  /// Whether validations have been no better for too long.
  var isOutOfPatience: Bool { progress.isOver(recipe) }

  /// The learning rate of the step to come.
  public var learningRate: Double {
    recipe.learningRate * recipe.curve.factor(after: step) * progress.factor
  }

  /// Whether a validation belongs after the steps that were done, and has not been.
  var isValidationDue: Bool {
    guard step > 0, progress.step != step else { return false }
    if recipe.validateEvery > 0 { return step % recipe.validateEvery == 0 }
    return cuts.last?.time == 0 && window % max(1, dataset.stepsPerEpoch) == 0
  }

  /// Whether every weight is a finite number.
  var isSound: Bool { parameters.allSatisfy { $0.parameter.value.isFinite } }

  /// Does one training step; `detail` asks for the closer look, which changes no bit of training.
  ///
  /// When the loss, the gradient or the update would leave the range of numbers, nothing is
  /// changed and the error says where it began.
  public func trainStep(detail: Bool = false) throws(TrainingError) -> StepReport {
    let began = clock()
    profile?.enter(Profile.Part(.data))
    defer { profile?.leave() }
    let reading = nextReading()
    let found = try backPropagate(reading, detail: detail)
    profile?.enter(Profile.Part(.clipping))
    // What is frozen does not move, so its gradient is no part of what is clipped.
    let moving =
      frozen.isEmpty ? found.gradients : zip(frozen, found.gradients).map { $0 ? nil : $1 }
    let norm = GradientNorm(moving)
    let clipping = Clipping(recipe.clip, limit: recipe.clipNorm, norm, of: moving)
    guard clipping.tames(norm) else { throw divergedGradient(found.gradients, reading) }

    let rate = learningRate
    profile?.enter(Profile.Part(.update))
    let updates = optimizer.step(moving, rate: rate, clipping: clipping, count: step + 1)
    found.pass.keepStatistics()
    for element in network.elements where !isFrozen(element.name) {
      element.layer.projectParameters()
    }
    average?.follow(parameters.map(\.parameter), decay: recipe.averageDecay, step: step)

    let closerLook = detail ? timedDetail(found, updates) : nil
    throughput.add(tokens: reading.tokens, seconds: clock() - began)
    defer {
      advance(past: reading, found.pass)
      step += 1
    }
    return StepReport(
      step: step + 1, epoch: epoch, loss: found.score.meanLoss,
      metric: found.score.value(of: dataset.target.metric), gradientNorm: norm.total,
      wasClipped: clipping.isActive, learningRate: rate, tokensPerSecond: throughput.rate,
      seconds: stopwatch.seconds, detail: closerLook)
  }

  /// Whether training leaves the layer called `layer` as it is.
  func isFrozen(_ layer: String) -> Bool { !frozen.isEmpty && frozenLayers.contains(layer) }

  private func timedDetail(
    _ found: BackPropagation, _ updates: [Double]
  ) -> StepDetail {
    let began = clock()
    defer { secondsOfDetail = clock() - began }
    return stepDetail(found, GradientNorm(found.gradients), updates)
  }

  /// What `batch` starts from: `carry` when it goes on where the previous batch ended, and zeros for the
  /// sequences that begin anew.
  static func states(_ carry: [String: [Tensor]], for batch: Batch) -> [String: [Tensor]] {
    let size = batch.input.shape[0]
    let fits = carry.values.allSatisfy { $0.allSatisfy { $0.shape[0] == size } }
    guard batch.continues && fits else { return [:] }
    guard let begins = batch.begins, begins.contains(true) else { return carry }
    return carry.mapValues { parts in
      parts.map { part in
        let width = part.count / size
        let values = part.scalars.enumerated().map { begins[$0 / width] ? 0 : $1 }
        return Tensor(values, part.shape)
      }
    }
  }

  /// The weights as they are now, or their average if one is kept.
  public func snapshot() -> WeightSnapshot {
    WeightSnapshot(step: step, weights: averaged { network.snapshot() })
  }

  /// Does `work` with the average of the weights, if one is kept.
  func averaged<Result>(_ work: () -> Result) -> Result {
    average?.standingIn(for: parameters.map(\.parameter), work) ?? work()
  }

  /// Changes a knob before the next step, or says why not.
  public func change(_ knob: Knob) throws(TrainingError) {
    do throws(ShapeError) {
      try recipe.turn(knob)
    } catch {
      throw TrainingError(.unfit, error.description)
    }
  }

  /// Stops counting seconds while the run waits.
  func pauseClock() { stopwatch.pause() }

  /// Counts seconds again.
  func resumeClock() { stopwatch.resume() }
}
