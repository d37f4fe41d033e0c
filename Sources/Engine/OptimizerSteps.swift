import CKernels

/// The optimiser steps, in place: all of a parameter in one pass, clipping folded in.
extension Parameter {
  /// What one update of stochastic gradient descent needs.
  public struct SGDStep: Sendable {
    /// Learning rate.
    public var rate: Float
    /// Factor that clipping puts on the gradient.
    public var clip: Float
    /// Momentum, in [0, 1).
    public var momentum: Float
    /// L2 penalty added to the gradient.
    public var decay: Float
    /// Whether the momentum looks ahead (Nesterov).
    public var nesterov: Bool

    /// One update of SGD.
    public init(rate: Float, clip: Float, momentum: Float, decay: Float, nesterov: Bool) {
      self.rate = rate
      self.clip = clip
      self.momentum = momentum
      self.decay = decay
      self.nesterov = nesterov
    }
  }

  /// g = clip · ∂L/∂w + decay · w;  v = momentum · v + g;  w −= rate · v. Returns ‖Δw‖².
  @discardableResult
  public func update(_ step: SGDStep, gradient: Tensor, velocity: Tensor) -> Double {
    precondition(gradient.shape == value.shape && velocity.shape == value.shape)
    return ck_sgd(
      Kernels.isa, value.base, gradient.base, velocity.base, value.count, step.rate, step.clip,
      step.momentum, step.decay, step.nesterov)
  }

  /// What one update of Adam needs.
  public struct AdamStep: Sendable {
    /// Learning rate.
    public var rate: Float
    /// Factor that clipping puts on the gradient.
    public var clip: Float
    /// Decay of the first moment, in [0, 1).
    public var beta1: Float
    /// Decay of the second moment, in [0, 1).
    public var beta2: Float
    /// Added to the root of the second moment.
    public var epsilon: Float
    /// Weight decay: added to the gradient, or shrinking the weights when `decoupled`.
    public var decay: Float
    /// Whether the decay is AdamW's.
    public var decoupled: Bool
    /// The number of this update, from 1.
    public var count: Int

    /// One update of Adam.
    public init(
      rate: Float, clip: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float,
      decoupled: Bool, count: Int
    ) {
      self.rate = rate
      self.clip = clip
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.decay = decay
      self.decoupled = decoupled
      self.count = count
    }
  }

  /// m = β₁ m + (1 − β₁) g;  v = β₂ v + (1 − β₂) g²;  w −= rate · m̂ / (√v̂ + ε). Returns ‖Δw‖².
  @discardableResult
  public func update(
    _ step: AdamStep, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor
  ) -> Double {
    precondition(gradient.shape == value.shape && firstMoment.shape == value.shape)
    precondition(secondMoment.shape == value.shape)
    return ck_adam(
      Kernels.isa, value.base, gradient.base, firstMoment.base, secondMoment.base, value.count,
      step.rate, step.clip, step.beta1, step.beta2, 1 - power(step.beta1, step.count),
      1 - power(step.beta2, step.count), step.epsilon, step.decay, step.decoupled)
  }

  private func power(_ base: Float, _ exponent: Int) -> Double {
    var (result, factor, left) = (1.0, Double(base), exponent)
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}
