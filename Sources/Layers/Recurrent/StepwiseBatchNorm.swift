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

  /// Where the running statistics move to during a pass, `[L, N]` each.
  struct Moving {
    fileprivate var mean, variance: [Float]

    fileprivate mutating func move(
      _ step: Int, to mean: Tensor, _ variance: Tensor, by momentum: Float
    ) {
      for channel in 0..<mean.count {
        let index = step * mean.count + channel
        self.mean[index] += momentum * (mean[flat: channel] - self.mean[index])
        self.variance[index] += momentum * (variance[flat: channel] - self.variance[index])
      }
    }
  }

  /// The running statistics as they are.
  var moving: Moving {
    Moving(mean: runningMean.value.scalars, variance: runningVariance.value.scalars)
  }

  /// Both running statistics with where `moving` has them.
  func moved(_ moving: Moving) -> [(buffer: Parameter, value: Tensor)] {
    [
      (runningMean, Tensor(moving.mean, runningMean.value.shape)),
      (runningVariance, Tensor(moving.variance, runningVariance.value.shape)),
    ]
  }

  /// `z` `[B, N]` of step `t` normalised over `rows`, or by the running statistics when nil.
  func callAsFunction(
    _ z: Tensor, at t: Int, over rows: [Int]?, _ moving: inout Moving
  ) -> Tensor {
    let step = min(t, runningMean.value.shape[0] - 1)
    var normal: Tensor
    if let rows, rows.count > 1 {
      let found = z.channelsTogether(weight.value.count, inner: 1, rows: rows)
        .normalizedRows(of: rows.count, epsilon: epsilon)
      let unbiased = found.variance * (Float(rows.count) / Float(rows.count - 1))
      if t == step { moving.move(step, to: found.mean, unbiased, by: momentum) }
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
