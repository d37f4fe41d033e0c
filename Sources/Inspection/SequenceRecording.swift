import Data
import Engine
import Layers

/// What a network did with one sequence: every signal of every layer and every prediction.
public struct SequenceRecording: Sendable {
  /// The sequence.
  public let example: Example
  /// What was to be predicted.
  public let target: Target
  /// After how many training steps the weights were as they were; nil when that is not known.
  public let weightsStep: Int?
  /// Whether it was recorded as in training, with what chance drops and holds.
  public let isAsInTraining: Bool
  /// The signals, in the order of the layers and of their signals.
  public let signals: [SignalMatrix]
  /// One outcome a time step, or one in all when the target is the sequence's; none for targets that
  /// are no classes.
  public let outcomes: [Outcome]
  /// One forecast a time step, or one in all, for targets that are values or flags.
  public let forecasts: [Forecast]
  /// The names of the layers that put out zeros, in the order of the layers.
  public let silenced: [String]
  /// The signals that were held at a value, the later ones over the earlier.
  public let clamps: [Clamp]
  /// The data's inputs: the one that flows into the model, called `input`, then the others by name.
  public let inputs: [LayerOutput]
  /// What every layer put out, each before those inside it.
  public let outputs: [LayerOutput]
  /// How long the units of every recurrent cell keep what they hold, in the order of the layers.
  public let timeScales: [TimeScales]
  /// What the normalisations inside recurrent cells do, in the order of the layers.
  public let norms: [CellNorm]
  /// The number of time steps, T; 1 for data without time.
  public let length: Int

  private let model: ModelSpec
  private let signature: Signature
  private let namedInputs: [String: Signature]

  /// Runs `network` over `example` from its initial state and keeps what it does, while the layers
  /// `silenced` put out zeros and `clamps` hold signals at a value.
  ///
  /// With the `trainingSeed` of a run, it does as in training: the masks of that seed and of the step
  /// after these weights drop and hold, and are signals, too; layers that normalise over a batch have
  /// this example alone for one. With `clamps`, be they none, recurrent layers go step by step, so that
  /// two recordings differ by what is held alone. Throws when the network does not read such examples,
  /// does not put out a score a class, or shows no such signals as are to be held.
  public init(
    network: Network, example: Example, target: Target, weightsStep: Int?,
    trainingSeed: UInt64? = nil, silenced: Set<String> = [], clamps: [Clamp]? = nil
  ) throws(InspectionError) {
    try Self.check(network, example, target)
    var pass = Pass()
    pass.recordsSignals = true
    pass.recordsOutputs = true
    pass.recordsReadings = true
    if let trainingSeed {
      (pass.isTraining, pass.recordsMasks) = (true, true)
      (pass.seed, pass.step) = (trainingSeed, weightsStep ?? 0)
    }
    isAsInTraining = trainingSeed != nil
    pass.silenced = silenced
    pass.clamps = clamps ?? []
    pass.goesStepByStep = clamps != nil
    self.clamps = pass.clamps
    pass.lengths = example.batch.lengths
    pass.namedInputs = example.batch.namedInputs
    let scores = network(example.batch.input, &pass).scalars
    let isSequence = network.input.isSequence
    let length = isSequence ? example.batch.tokens : 1
    self.length = length
    self.example = example
    self.target = target
    self.weightsStep = weightsStep
    self.silenced = network.elements.map(\.name).filter(silenced.contains)
    let time = isSequence ? example.batch.input.shape[1] : 1
    (model, signature, namedInputs) = (network.model, network.input, network.namedInputs)
    inputs = LayerOutput.inputs(of: network, in: example.batch, length: length)
    outputs = LayerOutput.all(of: network, in: pass, length: length)
    signals = pass.recorded.map { SignalMatrix($0, steps: length, of: time) }
    norms = CellNorm.all(in: pass)
    timeScales = TimeScales.all(in: network, pass.recorded, steps: length, of: time)
    let predictions = Predictions(
      scores, of: 0..<(target.isPerStep ? length : 1), in: example.batch, target,
      levels: example.levels)
    (outcomes, forecasts) = (predictions.outcomes, predictions.forecasts)
    for clamp in self.clamps { try check(clamp) }
  }

  private static func check(
    _ network: Network, _ example: Example, _ target: Target
  ) throws(InspectionError) {
    let input = example.batch.input
    let (batch, time) = (input.shape[0], input.shape.rank > 1 ? input.shape[1] : 1)
    let fits =
      batch == 1 && input.shape == network.input.shape(batch: batch, time: time)
      && network.input.vocabulary.map { size in input.scalars.allSatisfy { $0 < Float(size) } }
        ?? true
    guard fits else {
      throw InspectionError(
        "The model reads \(network.input), got an example of shape \(input.shape). "
          + "Use the data that it was made for.")
    }
    guard target.takes(network.output) else {
      throw InspectionError(
        "The data need a model that puts out \(target.outputText), got \(network.output). "
          + "Change its last layer.")
    }
  }

  /// The names of the layers that show signals, in the order data flows.
  public var layers: [String] {
    signals.map(\.layer).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// What number `feature` of time step `step` of the layer at `path` sees of the data's inputs, by
  /// their names; nil: of the input itself.
  public func receptiveField(
    of feature: Int, at step: Int, of path: LayerPath?
  ) -> [String: CellSet] {
    guard let path else {
      let extent = inputs[0].extent
      guard extent.count > 0 else { return [:] }
      return [inputs[0].name: CellSet(extent, CollectionOfOne(step * extent.width + feature))]
    }
    return model.receptiveField(
      of: feature, at: step, of: path, input: signature, named: namedInputs, time: length)
  }

  /// Whether the first step of the layer called `name` depends on later steps of the data, so that what
  /// it does at a time is not of the past alone.
  public func seesLaterSteps(_ name: String) -> Bool {
    guard length > 1, let path = outputs.first(where: { $0.name == name })?.path else {
      return false
    }
    return receptiveField(of: 0, at: 0, of: path).values.contains {
      ($0.steps?.upperBound ?? 0) > 0
    }
  }

  /// Whether chance dropped or held anything.
  public var hasMasks: Bool { signals.contains { $0.signal.range == .mask } }

  /// The signals of one layer, in their order.
  public func signals(of layer: String) -> [SignalMatrix] { signals.filter { $0.layer == layer } }

  /// The signal called `name`, such as `h`, of a layer.
  public func matrix(_ layer: String, _ name: String) -> SignalMatrix? {
    signals.first { $0.layer == layer && $0.signal.name == name }
  }

  /// The time scales of the cell of `layer` that made the signal called `signal`.
  public func timeScales(of layer: String, _ signal: String) -> TimeScales? {
    timeScales.first { $0.layer == layer && $0.lane == Lane(of: signal) }
  }

  /// The outcome that belongs to time step `t`: its own, or the whole sequence's; nil for targets
  /// that are no classes.
  public func outcome(at t: Int) -> Outcome? {
    outcomes.isEmpty ? nil : outcomes[target.isPerStep ? t : 0]
  }

  /// The forecast that belongs to time step `t`: its own, or the whole sequence's; nil for classes.
  public func forecast(at t: Int) -> Forecast? {
    forecasts.isEmpty ? nil : forecasts[target.isPerStep ? t : 0]
  }

  /// The `count` likeliest classes at time step `t` by name, likeliest first.
  public func alternatives(at t: Int, count: Int) -> [Alternative] {
    guard let outcome = outcome(at: t) else { return [] }
    return outcome.alternatives(count).map {
      Alternative(
        label: target.labels[$0.label], probability: $0.probability,
        isTarget: $0.label == outcome.target)
    }
  }

  /// The name of the class that was to be predicted at time step `t`; nil where nothing was.
  public func targetLabel(at t: Int) -> String? {
    outcome(at: t)?.target.map { target.labels[$0] }
  }

  /// The mean |wanted − said| of output `output` over the forecasts, in its own unit; nil when nothing
  /// was to be said.
  public func meanError(of output: Int) -> Double? {
    let errors = forecasts.compactMap(\.errors).map { abs($0[output]) }
    return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
  }

  /// The mean loss in nats over the outcomes that have one; nil when none has.
  public var meanLoss: Double? {
    let losses = outcomes.compactMap(\.loss)
    return losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
  }

  /// The share of right predictions, 0 to 1; nil when nothing was to be predicted.
  public var accuracy: Double? {
    let known = outcomes.compactMap(\.isRight)
    return known.isEmpty ? nil : Double(known.count { $0 }) / Double(known.count)
  }
}
