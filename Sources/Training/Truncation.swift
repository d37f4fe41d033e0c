import Data
import Engine
import Layers

/// How a window of T time steps is cut for truncated back-propagation through time.
///
/// Every k₁ steps, the losses of these steps go back over the last k₂ steps, no further: what comes
/// before is a state that is no part of the tape. The gradient of the step is the sum over all cuts,
/// each weighted by the targets that it scores, so k₂ = T is back-propagation as it is, however
/// large k₁. The tape holds k₂ steps at a time. A window's beginning always is a cut.
///
/// Source: Williams and Peng 1990, their BPTT(h; h′) with h = k₂ and h′ = k₁.
struct Truncation {
  /// One run of the tape.
  struct Segment: Equatable {
    /// The time steps that are read.
    let read: Range<Int>
    /// Those at the end of them whose targets count.
    let scored: Range<Int>
  }

  /// The segments of a window of `time` steps; `k1` 0: one segment, `k2` 0: as `k1`.
  static func segments(time: Int, k1: Int, k2: Int) -> [Segment] {
    guard k1 > 0, k1 < time else { return [Segment(read: 0..<time, scored: 0..<time)] }
    return stride(from: 0, to: time, by: k1).map { begin in
      let end = min(begin + k1, time)
      return Segment(read: max(0, begin + k1 - max(k1, k2))..<end, scored: begin..<end)
    }
  }

  /// Why a network cannot be trained so; nil when it can, or when nothing is cut.
  static func misfit(
    of network: Network, to target: Target, _ recipe: TrainingRecipe
  ) -> String? {
    guard recipe.tbpttSteps > 0 else { return nil }
    let cure = "or set tbptt_k1 to 0."
    if recipe.tbpttReach > 0, recipe.tbpttReach % recipe.tbpttSteps != 0 {
      return "Truncated back-propagation needs tbptt_k2 to be a multiple of tbptt_k1 "
        + "\(recipe.tbpttSteps), got \(recipe.tbpttReach). Choose one, \(cure)"
    }
    guard target.isPerStep else {
      return "Truncated back-propagation needs a target at every time step, got one a sequence. "
        + "Choose other data, \(cure)"
    }
    if let name = network.namedInputs.keys.min() {
      return "Truncated back-propagation needs a model of one input, got one that reads "
        + "'\(name)' besides. Take it out, \(cure)"
    }
    let whole = network.elements.first {
      $0.layer.needsWholeSequences || !$0.layer.buffers.isEmpty
    }
    return whole.map {
      "Truncated back-propagation needs layers that read a sequence in pieces, got '\($0.name)', "
        + "which looks at whole windows. Take it out, \(cure)"
    }
  }
}

/// What forward and backward over a batch found.
struct BackPropagation {
  /// The gradient of every parameter; nil where nothing depends on one.
  var gradients: [Tensor?]
  /// The loss and the metric of the batch.
  var score: Score
  /// The pass over the last segment, which is the whole window unless it is cut.
  var pass: Pass
}

extension Trainer {
  /// Runs the network over `batch` and back, segment by segment.
  func backPropagate(
    _ batch: Batch, detail: Bool
  ) throws(TrainingError) -> BackPropagation {
    let segments = recipe.segments(of: batch, dataset.target)
    var found = BackPropagation(
      gradients: parameters.map { _ in nil },
      score: Score(dataset.target, metrics: [dataset.target.metric]),
      pass: trainingPass(over: batch))
    var states = [0: found.pass.states]
    for segment in segments {
      let part = segments.count == 1 ? batch : batch.part(segment)
      var pass = trainingPass(over: part)
      pass.states = states[segment.read.lowerBound] ?? [:]
      if segments.count > 1 { pass.part = (segment.read.lowerBound, batch.input.shape[1]) }
      pass.recordsSignals = detail
      pass.probesGradients = detail
      let tape = Tape()
      let output = network(tape.constant(part.input), &pass)
      let loss = recipe.loss(of: output, part, dataset.target)
      guard loss.scalar.isFinite else { throw divergedLoss(loss.scalar, batch) }
      let share = segments.count == 1 ? 1 : part.weight / max(batch.weight, .leastNonzeroMagnitude)
      let gradients = tape.gradients(of: loss, seed: .filled(with: Float(share), loss.shape))
      for (index, owned) in parameters.enumerated() {
        guard let gradient = gradients[owned.parameter] else { continue }
        found.gradients[index] = found.gradients[index].map { $0 + gradient } ?? gradient
      }
      found.score.add(output, loss: Double(loss.scalar), part)
      found.pass = pass
      states[segment.read.upperBound] = pass.states
    }
    return found
  }
}

extension TrainingRecipe {
  /// How the window of `batch` is cut.
  fileprivate func segments(of batch: Batch, _ target: Target) -> [Truncation.Segment] {
    let time = batch.input.shape.rank > 1 && target.isPerStep ? batch.input.shape[1] : 1
    return Truncation.segments(time: time, k1: tbpttSteps, k2: tbpttReach)
  }

  /// The time steps of a window of `time` steps that a tape holds at once.
  public func stepsOnTape(of time: Int) -> Int {
    tbpttSteps > 0 ? min(time, max(tbpttSteps, tbpttReach)) : time
  }
}

extension Batch {
  /// The sum of the weights of the targets.
  fileprivate var weight: Double {
    weights?.reduce(0.0) { $0 + Double($1) } ?? Double(targets.count)
  }

  /// The time steps that `segment` reads, with weight 0 for targets that it does not score.
  fileprivate func part(_ segment: Truncation.Segment) -> Batch {
    let (batch, time, read) = (input.shape[0], input.shape[1], segment.read)
    let rows = (0..<batch).flatMap { row in read.map { row * time + $0 } }
    let weights = rows.map { row in
      segment.scored.contains(row % time) ? self.weights?[row] ?? 1 : 0
    }
    let targets: Targets =
      switch self.targets {
      case .classes(let classes): .classes(rows.map { classes[$0] })
      case .values(let values): .values(values.gathering(rows: rows))
      }
    return Batch(
      input: input.steps(read), targets: targets, weights: weights,
      lengths: lengths.map { $0.map { min(max($0 - read.lowerBound, 0), read.count) } },
      continues: continues)
  }
}
