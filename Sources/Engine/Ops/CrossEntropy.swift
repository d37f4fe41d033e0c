import CKernels

extension Tensor {
  /// What `softmaxCrossEntropy` finds.
  public struct CrossEntropy: Sendable {
    /// The weighted mean of the losses, in nats: a scalar to differentiate.
    public let loss: Tensor
    /// The loss of every row, in nats: `[M]`; 0 where the weight is 0.
    public let rows: Tensor
  }

  /// The mean cross entropy of softmax(z) against class numbers.
  ///
  ///     ℓ_m = log Σ_v exp z_mv − z_m,y(m)        L = Σ w_m ℓ_m / Σ w_m
  ///
  /// `self` is the logits `[…, V]` with M rows, `targets` M class numbers, `weights` M numbers
  /// (nil: all 1) that mask out or weigh rows. With no weight at all the loss is 0.
  public func softmaxCrossEntropy(_ targets: [Int32], weights: [Float]? = nil) -> CrossEntropy {
    let (rows, classes) = (shape.rows, shape.last)
    let weights = weights ?? Array(repeating: 1, count: rows)
    precondition(targets.count == rows && weights.count == rows, "Every row has one target.")
    precondition(
      zip(targets, weights).allSatisfy { $1 == 0 || 0..<Int32(classes) ~= $0 },
      "A target is a class number.")
    let total = weights.reduce(0.0) { $0 + Double($1) }
    let shares = total > 0 ? weights.map { Float(Double($0) / total) } : weights
    let scale = Tensor(shares, [rows])
    let losses = Tensor(uninitialized: [rows])
    let gradient = needsGradient ? Tensor(uninitialized: shape) : nil
    Workers.run(rows, cost: count * 16) { range in
      ck_softmax_cross_entropy(
        Kernels.isa, base, targets, scale.base, classes, range.lowerBound, range.upperBound,
        losses.base, gradient?.base)
    }
    let mean = zip(losses.scalars, shares).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let loss = Tape.record([self], to: Tensor(scalar: Float(mean))) { dy in
      guard let gradient else { return [] }
      return [dy.scalar == 1 ? gradient : gradient * dy.scalar]
    }
    return CrossEntropy(loss: loss, rows: losses)
  }
}
