import Engine
import Layers

extension Trainer {
  /// A copy of everything that the next step depends on.
  public func checkpoint() -> Checkpoint {
    let weights = network.snapshot()
    let averages = zip(network.parameters, average?.values ?? []).map {
      (name: $0.name, value: $1.value.copy())
    }
    let memory = optimizer.slots.flatMap { slot in
      zip(network.parameters, slot.values).map {
        (name: slot.name + "." + $0.name, value: $1.copy())
      }
    }
    let cuts = cuts.map { cut in
      let states = recurrentLayers.flatMap { name, layer in
        zip(layer.stateNames, cut.states[name] ?? []).map {
          (name: name + "." + $0, value: $1.copy())
        }
      }
      return (time: cut.time, states: states)
    }
    return Checkpoint(
      step: step, epoch: epoch, seconds: stopwatch.seconds, seed: seed,
      optimizer: optimizer.rule.kind,
      convention: optimizer.rule.convention, knobs: recipe.knobs,
      progress: progress, bestValidationLoss: bestValidationLoss, config: config,
      dataFingerprint: dataFingerprint,
      engine: Kernels.name, weights: weights, average: averages,
      memory: memory, window: window, cuts: cuts)
  }

  /// Goes back to `checkpoint`, its knobs included, or says why it does not fit and changes nothing.
  ///
  /// Change knobs afterwards to go on with others.
  public func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkOrigin(of: checkpoint)
    let weights = try Self.values(
      of: checkpoint.weights, network.saved.map { ($0.name, $0.parameter.value.shape) })
    let memory = try Self.values(
      of: checkpoint.memory,
      optimizer.slots.flatMap { slot in
        network.parameters.map { (slot.name + "." + $0.name, $0.parameter.value.shape) }
      })
    let averages = try Self.values(
      of: checkpoint.average,
      average == nil ? [] : network.parameters.map { ($0.name, $0.parameter.value.shape) })
    let cuts = try self.cuts(in: checkpoint)
    var recipe = recipe
    do throws(ShapeError) {
      for knob in checkpoint.knobs { try recipe.turn(knob) }
    } catch {
      throw TrainingError(.checkpoint, "The checkpoint: " + error.description)
    }

    for (owned, value) in zip(network.saved, weights) { owned.parameter.assign(value) }
    for (kept, value) in zip(average?.values ?? [], averages) { kept.assign(value) }
    optimizer.assign(memory)
    progress = checkpoint.progress
    window = checkpoint.window
    self.cuts = cuts
    self.recipe = recipe
    step = checkpoint.step
    bestValidationLoss = checkpoint.bestValidationLoss
    restoredWarning = checkpoint.warning
    stopwatch = Stopwatch(clock: clock, from: checkpoint.seconds)
  }

  /// Throws unless the checkpoint was made with this seed, optimiser and data.
  private func checkOrigin(of checkpoint: Checkpoint) throws(TrainingError) {
    guard checkpoint.seed == seed else {
      throw TrainingError(
        .checkpoint,
        "The checkpoint was made with seed \(checkpoint.seed), the session has \(seed). "
          + "Set seed to \(checkpoint.seed), or start a new run.")
    }
    for (setting, made, wanted) in [
      ("optimizer", checkpoint.optimizer.rawValue, optimizer.rule.kind.rawValue),
      ("convention", checkpoint.convention.rawValue, optimizer.rule.convention.rawValue),
    ] where made != wanted {
      throw TrainingError(
        .checkpoint,
        "The checkpoint was made with \(made), the session has \(wanted). "
          + "Set \(setting) to \(made), or start a new run.")
    }
    guard checkpoint.dataFingerprint == dataFingerprint else {
      throw TrainingError(
        .checkpoint,
        "The checkpoint was made with other data than '\(dataset.name)' as it is now. "
          + "Restore the data and their settings, or start a new run.")
    }
  }

  private func cuts(in checkpoint: Checkpoint) throws(TrainingError) -> [Truncation.Cut] {
    let last = checkpoint.cuts.last?.time ?? 0
    let time = last > 0 ? dataset.trainingBatch(at: checkpoint.window).steps(dataset.target) : 1
    guard last < time else {
      throw TrainingError(
        .checkpoint,
        "The checkpoint goes on inside a window of more than \(time) time steps, which the data do "
          + "not have. Open an earlier one, or start a new run.")
    }
    var cuts: [Truncation.Cut] = []
    for cut in checkpoint.cuts {
      cuts.append(Truncation.Cut(time: cut.time, states: try self.states(cut.states)))
    }
    return cuts
  }

  private func states(_ named: [Checkpoint.Named]) throws(TrainingError) -> [String: [Tensor]] {
    guard let size = named.first?.value.shape.dimensions.first else { return [:] }
    // Layers that take steps one by one see each of them as a sequence.
    let most = dataset.batchShape.dimensions.prefix(dataset.input.isSequence ? 2 : 1).reduce(1, *)
    guard size <= most else {
      throw TrainingError(
        .checkpoint,
        "The checkpoint holds the states of \(size) sequences, where a batch has at most \(most). "
          + "Open an earlier one, or start a new run.")
    }
    let wanted = recurrentLayers.flatMap { name, layer in
      zip(layer.stateNames, layer.initialState(batch: size)).map { (name + "." + $0, $1.shape) }
    }
    var left = try Self.values(of: named, wanted)[...]
    var carried: [String: [Tensor]] = [:]
    for (name, layer) in recurrentLayers {
      carried[name] = Array(left.prefix(layer.stateNames.count))
      left = left.dropFirst(layer.stateNames.count)
    }
    return carried
  }

  /// The layers that carry a state.
  private var recurrentLayers: [(name: String, layer: any RecurrentLayer)] {
    network.elements.compactMap { element in
      guard let layer = element.layer as? any RecurrentLayer, !layer.needsWholeSequences else {
        return nil
      }
      return (element.name, layer)
    }
  }

  /// The tensors with these names and shapes, in this order, and no others.
  private static func values(
    of tensors: [Checkpoint.Named], _ wanted: [(name: String, shape: Shape)]
  ) throws(TrainingError) -> [Tensor] {
    let byName = Dictionary(tensors.map { ($0.name, $0.value) }) { first, _ in first }
    var values: [Tensor] = []
    for (name, shape) in wanted {
      let got = byName[name].map { "\($0.shape)" } ?? "none"
      guard let value = byName[name], value.shape == shape else {
        throw TrainingError(
          .checkpoint,
          "The model needs '\(name)' with shape \(shape), got \(got). "
            + "Open the session that the weights were made with.")
      }
      values.append(value)
    }
    let known = Set(wanted.map(\.name))
    if let stranger = tensors.first(where: { !known.contains($0.name) }) {
      throw TrainingError(
        .checkpoint,
        "The model has no '\(stranger.name)' with shape \(stranger.value.shape). "
          + "Open the session that the weights were made with.")
    }
    return values
  }
}
