import Engine

/// Batch normalisation with running statistics of its own for every time step.
///
///     y = γ ⊙ (z − μₜ) / √(σ²ₜ + ε) + β
///
/// While training, μₜ and σ²ₜ are those of the sequences that reach step t, and the running ones
/// move towards them; with fewer than two such sequences, and in evaluation, they are the running
/// ones. Steps beyond the last that has statistics use its.
struct StepwiseBatchNorm: Sendable {
  /// The gain γ and the shift β of every channel, `[N]`.
  let weight: Parameter
  let bias: Parameter?
  /// The running statistics of every step and channel, `[L, N]`.
  let runningMean, runningVariance: Parameter
  /// How far running statistics move towards those of a batch.
  let momentum: Float
  /// What is added to every variance, ε.
  let epsilon: Double

  /// What is saved and not trained.
  var buffers: [Parameter] { [runningMean, runningVariance] }

  /// `z` `[B, N]` normalised as `place` says; what its running statistics move to joins `moved`.
  func callAsFunction(_ z: Tensor, at place: StepPlace, _ moved: inout [MovedRow]) -> Tensor {
    let step = min(place.time, runningMean.value.shape[0] - 1)
    var normal: Tensor
    if let rows = place.batch, rows.count > 1 {
      let found = z.channelsTogether(weight.value.count, inner: 1, rows: rows)
        .normalizedRows(of: rows.count, epsilon: epsilon)
      let unbiased = found.variance * (Float(rows.count) / Float(rows.count - 1))
      if place.time == step {
        moved += [
          MovedRow(of: runningMean, step, towards: found.mean, by: momentum),
          MovedRow(of: runningVariance, step, towards: unbiased, by: momentum),
        ]
      }
      normal = found.output.channelsApart(z.shape, inner: 1, rows: rows)
    } else {
      let mean = runningMean.value.rows(step..<step + 1)
      let scale = Tensor(
        runningVariance.value.rows(step..<step + 1).scalars.map {
          Float(1 / (Double($0) + epsilon).squareRoot())
        }, mean.shape)
      normal = z.scaledByChannel(scale, -(mean * scale), inner: 1)
    }
    return normal.scaledByChannel(weight.beside(z), bias?.beside(z), inner: 1)
  }
}

extension StepwiseBatchNorm {
  /// The norm called `name` of a cell of `lane`, with a gain of ones and the cell's own `shift`, over
  /// `channels` N and `steps` L.
  init(
    _ name: String, _ lane: Lane, shift: Parameter, channels: Int, steps: Int, momentum: Double,
    epsilon: Double
  ) {
    func named(_ part: String, _ value: Tensor) -> Parameter {
      Parameter("\(name)_\(part)_l0" + lane.suffix, value)
    }
    self.init(
      weight: named("weight", .ones([channels])), bias: shift,
      runningMean: named("running_mean", .zeros([steps, channels])),
      runningVariance: named("running_var", .ones([steps, channels])),
      momentum: Float(momentum), epsilon: epsilon)
  }
}

/// A row of running statistics `[L, N]` and what a step moves it to.
public struct MovedRow: Sendable {
  fileprivate let buffer: Parameter
  fileprivate let row: Int
  fileprivate let values: [Float]

  /// Row `row` of `buffer`, moved `momentum` of the way towards `found` `[N]`.
  fileprivate init(of buffer: Parameter, _ row: Int, towards found: Tensor, by momentum: Float) {
    (self.buffer, self.row) = (buffer, row)
    let old = buffer.value.rows(row..<row + 1).scalars
    values = zip(old, found.scalars).map { $0 + momentum * ($1 - $0) }
  }
}

extension [MovedRow] {
  /// The buffers that some rows belong to with these rows in them, in the order of their first rows.
  var merged: [(buffer: Parameter, value: Tensor)] {
    var buffers: [Parameter] = []
    var values: [ObjectIdentifier: [Float]] = [:]
    for moved in self {
      let key = ObjectIdentifier(moved.buffer)
      if values[key] == nil {
        buffers.append(moved.buffer)
        values[key] = moved.buffer.value.scalars
      }
      let start = moved.row * moved.values.count
      values[key]?.replaceSubrange(start..<start + moved.values.count, with: moved.values)
    }
    return buffers.map { ($0, Tensor(values[ObjectIdentifier($0)] ?? [], $0.value.shape)) }
  }
}
