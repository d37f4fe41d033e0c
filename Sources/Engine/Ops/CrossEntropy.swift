import CKernels
import Glibc

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
  ///     ℓ_m = log Σ_v exp z_mv − Σ_v q_mv z_mv        L = Σ w_m ℓ_m / Σ w_m
  ///     q_mv = (1 − ε) [v = y(m)] + ε / V
  ///
  /// `self` is the logits `[…, V]` with M rows, `targets` M class numbers, `weights` M numbers
  /// (nil: all 1) that mask out or weigh rows; `smoothing` is ε, from 0 to 1: label smoothing. With no
  /// weight at all the loss is 0.
  public func softmaxCrossEntropy(
    _ targets: [Int32], weights: [Float]? = nil, smoothing: Float = 0
  ) -> CrossEntropy {
    let shares = Tensor.shares(weights, rows: shape.rows)
    let (losses, gradient) = crossEntropyRows(targets, shares, smoothing)
    return CrossEntropy(loss: weightedMean(of: losses, shares, gradient), rows: losses)
  }

  /// The mean focal loss of softmax(z) against class numbers, which turns to what is still hard.
  ///
  ///     p_m = softmax(z_m)_y(m)     ℓ_m = −(1 − p_m)^γ log p_m     L = Σ w_m ℓ_m / Σ w_m
  ///
  /// Arguments as of `softmaxCrossEntropy`; γ ≥ 0, and γ = 0 is the cross entropy.
  /// Source: Lin et al., Focal Loss for Dense Object Detection, arXiv:1708.02002.
  public func focalLoss(
    _ targets: [Int32], weights: [Float]? = nil, gamma: Float
  ) -> CrossEntropy {
    let shares = Tensor.shares(weights, rows: shape.rows)
    let (entropies, _) = detached.crossEntropyRows(targets, shares, 0)
    // With ℓ the cross entropy: f = (1 − e^−ℓ)^γ ℓ and f′ = (1 − p)^γ + γ (1 − p)^(γ−1) p ℓ.
    var losses = entropies.scalars
    var slopes = shares
    for (row, entropy) in losses.enumerated() where shares[row] != 0 {
      let (p, rest) = (exp(-Double(entropy)), -expm1(-Double(entropy)))
      let focus = pow(rest, Double(gamma))
      let bend = rest > 0 ? Double(gamma) * focus / rest * p * Double(entropy) : 0
      losses[row] = Float(focus * Double(entropy))
      slopes[row] *= Float(focus + bend)
    }
    let rows = Tensor(losses, [losses.count])
    let (_, gradient) = crossEntropyRows(targets, slopes, 0)
    return CrossEntropy(loss: weightedMean(of: rows, shares, gradient), rows: rows)
  }

  /// Each row's part in a weighted mean: w_m / Σ w, all 0 when the weights are.
  static func shares(_ weights: [Float]?, rows: Int) -> [Float] {
    let weights = weights ?? Array(repeating: 1, count: rows)
    precondition(weights.count == rows, "Every row has one weight.")
    let total = weights.reduce(0.0) { $0 + Double($1) }
    return total > 0 ? weights.map { Float(Double($0) / total) } : weights
  }

  /// The cross entropy of every row, and `scale` times its gradient if one is needed.
  private func crossEntropyRows(
    _ targets: [Int32], _ scale: [Float], _ smoothing: Float
  ) -> (losses: Tensor, gradient: Tensor?) {
    let (rows, classes) = (shape.rows, shape.last)
    precondition(targets.count == rows, "Every row has one target.")
    precondition(
      zip(targets, scale).allSatisfy { $1 == 0 || 0..<Int32(classes) ~= $0 },
      "A target is a class number.")
    let losses = Tensor(uninitialized: [rows])
    let gradient = needsGradient ? Tensor(uninitialized: shape) : nil
    let scale = Tensor(scale, [rows])
    Workers.run(rows, cost: count * 16) { range in
      ck_softmax_cross_entropy(
        Kernels.isa, base, targets, scale.base, smoothing, classes, range.lowerBound,
        range.upperBound, losses.base, gradient?.base)
    }
    return (losses, gradient)
  }

  /// Σ share_m ℓ_m, whose gradient with respect to this tensor is `gradient`.
  private func weightedMean(of losses: Tensor, _ shares: [Float], _ gradient: Tensor?) -> Tensor {
    let mean = zip(losses.scalars, shares).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return Tape.record([self], to: Tensor(scalar: Float(mean))) { dy in
      guard let gradient else { return [] }
      return [dy.scalar == 1 ? gradient : gradient * dy.scalar]
    }
  }
}
