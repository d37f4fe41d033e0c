import Data
import Engine
import Layers

/// What a training step reads: a window of the data, or a piece of one.
struct Reading {
  /// What is read, with weight 0 for targets that do not count.
  let batch: Batch
  /// The pass as it is before the network has read.
  let pass: Pass
  /// The time steps of the window that are read and scored.
  let piece: Truncation.Piece
  /// Whether the window ends with them.
  let isLast: Bool
  /// The cuts of the window that are behind, the last of them where the scored steps begin.
  let cuts: [Truncation.Cut]

  /// The first time step that is read.
  var first: Int { piece.read.lowerBound }

  /// The number of valid time steps that are scored, of all sequences together.
  var tokens: Int {
    let known = piece.scored.lowerBound - piece.read.lowerBound
    guard known > 0 else { return batch.tokens }
    return batch.lengths?.reduce(0) { $0 + max(0, $1 - known) }
      ?? batch.input.shape[0] * piece.scored.count
  }
}

/// What forward and backward over a reading found.
struct BackPropagation {
  /// The gradient of every parameter; nil where nothing depends on one.
  let gradients: [Tensor?]
  /// The loss and the metric.
  let score: Score
  /// The pass after it.
  let pass: Pass
}

extension Trainer {
  /// What the step to come reads. Pieces without a target that counts have nothing to learn from:
  /// they are read on the way, for the state that they leave.
  func nextReading() -> Reading {
    let window = dataset.trainingBatch(at: self.window)
    var reading = self.reading(of: window, after: cuts)
    while !reading.isLast, reading.batch.hasNoWeight {
      var pass = reading.pass
      _ = network(reading.batch.input, &pass)
      reading = self.reading(of: window, after: self.cuts(after: reading, pass))
    }
    return reading
  }

  /// Runs the network over `reading` and back.
  func backPropagate(_ reading: Reading, detail: Bool) throws(TrainingError) -> BackPropagation {
    var pass = reading.pass
    pass.recordsSignals = detail
    pass.probesGradients = detail
    pass.profile = profile
    let tape = Tape(profile: profile)
    profile?.enter(Profile.Part(.loss))
    let output = network(tape.constant(reading.batch.input), &pass)
    let loss = recipe.loss(of: output, reading.batch, dataset.target)
    guard loss.scalar.isFinite else { throw divergedLoss(loss.scalar, reading) }
    let gradients = tape.gradients(of: loss)
    profile?.enter(Profile.Part(.loss))
    var score = Score(
      dataset.target, metrics: [dataset.target.metric],
      lossIsEntropy: recipe.lossIsEntropy(for: dataset.target))
    score.add(output, loss: Double(loss.scalar), reading.batch)
    return BackPropagation(
      gradients: parameters.map { gradients[$0.parameter] }, score: score, pass: pass)
  }

  /// Goes on behind `reading`, which ended with the states of `pass`.
  func advance(past reading: Reading, _ pass: Pass) {
    if reading.isLast {
      window += 1
      cuts = [Truncation.Cut(states: recipe.carriesState ? pass.states : [:])]
    } else {
      cuts = cuts(after: reading, pass)
    }
  }

  /// The cuts that pieces after `reading` can begin from.
  private func cuts(after reading: Reading, _ pass: Pass) -> [Truncation.Cut] {
    let (truncation, end) = (Truncation(recipe), reading.piece.scored.upperBound)
    return reading.cuts.filter { truncation.isInReach($0.time, from: end) }
      + [Truncation.Cut(time: end, states: pass.states)]
  }

  /// The piece of `window` that comes after `cuts`; the window's first state is the carried one where
  /// it goes on with the sequences of the window before.
  private func reading(of window: Batch, after cuts: [Truncation.Cut]) -> Reading {
    let time = window.steps(dataset.target)
    let piece = Truncation(recipe).piece(of: time, after: cuts.map(\.time))
    let isPart = piece.scored != 0..<time
    let batch = isPart ? window.part(piece) : window
    var pass = Pass()
    pass.isTraining = true
    pass.seed = seed
    pass.step = self.window
    pass.lengths = batch.lengths
    pass.namedInputs = batch.namedInputs
    pass.part = isPart ? (piece.read.lowerBound, time) : nil
    let states = cuts.first { $0.time == piece.read.lowerBound }?.states ?? [:]
    pass.states = piece.read.lowerBound == 0 ? Self.states(states, for: window) : states
    return Reading(
      batch: batch, pass: pass, piece: piece, isLast: piece.scored.upperBound == time, cuts: cuts)
  }
}

extension Batch {
  /// The time steps that a window can be cut at: all of them if each has a target.
  func steps(_ target: Target) -> Int {
    target.isPerStep && input.shape.rank > 1 ? input.shape[1] : 1
  }

  /// Whether no target counts.
  fileprivate var hasNoWeight: Bool { weights?.allSatisfy { $0 == 0 } ?? false }

  /// The time steps that `piece` reads, with weight 0 for targets that it does not score.
  fileprivate func part(_ piece: Truncation.Piece) -> Batch {
    let (batch, time, read) = (input.shape[0], input.shape[1], piece.read)
    let rows = (0..<batch).flatMap { row in read.map { row * time + $0 } }
    let weights = rows.map { row in
      piece.scored.contains(row % time) ? self.weights?[row] ?? 1 : 0
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
