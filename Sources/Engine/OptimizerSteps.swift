import CKernels

/// The optimiser steps, in place: all of a parameter in one pass, clipping folded in.
extension Parameter {
  /// What a rule sees of a gradient, and what else happens to the weights.
  ///
  ///     g = cut(clip · ∂L/∂w, ±limit) + decay · w        what the rule sees
  ///     w ← w − shrink · w − update                       what becomes of the weights
  public struct Treatment: Sendable, Equatable {
    /// Factor that clipping by a norm puts on the gradient.
    public var clip: Float = 1
    /// The largest size that an element has after that; infinite: any.
    public var limit = Float.infinity
    /// L2 penalty, which the rule sees as a part of the gradient.
    public var decay: Float = 0
    /// Decoupled weight decay, times the learning rate.
    public var shrink: Float = 0

    /// The gradient as it is, and nothing else.
    public init() {}

    fileprivate var kernel: ck_treatment {
      ck_treatment(clip: clip, limit: limit, decay: decay, shrink: shrink)
    }
  }

  /// What one update of stochastic gradient descent needs.
  public struct SGDStep: Sendable {
    /// Learning rate.
    public var rate: Float
    /// Momentum, in [0, 1).
    public var momentum: Float
    /// Whether the momentum looks ahead (Nesterov).
    public var nesterov: Bool
    /// What happens beside the rule.
    public var treatment = Treatment()

    /// One update of SGD.
    public init(rate: Float, momentum: Float = 0, nesterov: Bool = false) {
      self.rate = rate
      self.momentum = momentum
      self.nesterov = nesterov
    }
  }

  /// v = momentum · v + g;  w −= rate · v, or rate · (g + momentum · v). Returns ‖Δw‖².
  @discardableResult
  public func update(_ step: SGDStep, gradient: Tensor, velocity: Tensor) -> Double {
    precondition(gradient.shape == value.shape && velocity.shape == value.shape)
    let (w, treatment) = (value, step.treatment.kernel)
    defer { hasChanged() }
    let isStill = step.momentum == 0 && step.treatment.decay == 0 && step.treatment.shrink == 0
    return sum(over: gradient, skippingZeros: isStill) { part in
      let at = part.lowerBound
      return ck_sgd(
        Kernels.isa, w.base + at, gradient.base + at, velocity.base + at, part.count, treatment,
        step.rate, step.momentum, step.nesterov)
    }
  }

  /// What one update of Adam needs.
  public struct AdamStep: Sendable {
    /// Learning rate.
    public var rate: Float
    /// Decay of the first moment, in [0, 1).
    public var beta1: Float
    /// Decay of the second moment, in [0, 1).
    public var beta2: Float
    /// Added to the root of the second moment, after its correction.
    public var epsilon: Float
    /// The number of this update, from 1.
    public var count: Int
    /// What happens beside the rule.
    public var treatment = Treatment()

    /// One update of Adam.
    public init(rate: Float, beta1: Float, beta2: Float, epsilon: Float, count: Int) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.count = count
    }

    /// 1 − β₁ᵗ and 1 − β₂ᵗ, which make up for moments that begin as zeros.
    public var corrections: (first: Double, second: Double) {
      (1 - Self.power(beta1, count), 1 - Self.power(beta2, count))
    }

    private static func power(_ base: Float, _ exponent: Int) -> Double {
      var (result, factor, left) = (1.0, Double(base), exponent)
      while left > 0 {
        if left & 1 == 1 { result *= factor }
        factor *= factor
        left >>= 1
      }
      return result
    }
  }

  /// m = β₁ m + (1 − β₁) g;  v = β₂ v + (1 − β₂) g²;  w −= rate · m̂ / (√v̂ + ε). Returns ‖Δw‖².
  ///
  /// With `peak` (AMSGrad) it remembers the largest v so far, which takes the place of v in v̂.
  @discardableResult
  public func update(
    _ step: AdamStep, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor,
    peak: Tensor? = nil
  ) -> Double {
    precondition(gradient.shape == value.shape && firstMoment.shape == value.shape)
    precondition(secondMoment.shape == value.shape && peak?.shape ?? value.shape == value.shape)
    let corrections = step.corrections
    let (w, treatment) = (value, step.treatment.kernel)
    defer { hasChanged() }
    return sum(over: gradient) { part in
      let at = part.lowerBound
      return ck_adam(
        Kernels.isa, w.base + at, gradient.base + at, firstMoment.base + at,
        secondMoment.base + at, peak.map { $0.base + at }, part.count, treatment, step.rate,
        step.beta1, step.beta2, corrections.first, corrections.second, step.epsilon)
    }
  }

  /// What one update of RMSProp or Adagrad needs.
  public struct RMSStep: Sendable {
    /// Factor on what is subtracted.
    public var rate: Float = 1
    /// Factor on the gradient where it enters the velocity.
    public var scale: Float = 1
    /// Momentum, in [0, 1).
    public var momentum: Float = 0
    /// The share of the sum of squares that stays: α of RMSProp, 1 of Adagrad.
    public var keep: Float
    /// The share of the new square that is added: 1 − α of RMSProp, 1 of Adagrad.
    public var add: Float
    /// Keeps the quotient finite.
    public var epsilon: Float
    /// Whether ε is added under the root and not to it.
    public var isInside = false
    /// What happens beside the rule.
    public var treatment = Treatment()

    /// One update of RMSProp: α = `keep`, 1 − α = `add`.
    public init(keep: Float, add: Float, epsilon: Float) {
      self.keep = keep
      self.add = add
      self.epsilon = epsilon
    }
  }

  /// v = keep · v + add · g²;  b = momentum · b + scale · g / (√v + ε);  w −= rate · b.
  /// Returns ‖Δw‖².
  ///
  /// With a `mean` (centred) it remembers m = keep · m + add · g, too, and v − m², at least 0, takes the
  /// place of v under the root.
  @discardableResult
  public func update(
    _ step: RMSStep, gradient: Tensor, squares: Tensor, mean: Tensor? = nil, velocity: Tensor?
  ) -> Double {
    precondition(gradient.shape == value.shape && squares.shape == value.shape)
    precondition(mean?.shape ?? value.shape == value.shape)
    precondition(velocity.map { $0.shape == value.shape } ?? (step.momentum == 0))
    let (w, treatment) = (value, step.treatment.kernel)
    defer { hasChanged() }
    return sum(over: gradient) { part in
      let at = part.lowerBound
      return ck_rms(
        Kernels.isa, w.base + at, gradient.base + at, squares.base + at,
        mean.map { $0.base + at }, velocity.map { $0.base + at }, part.count, treatment, step.rate,
        step.scale,
        step.momentum, step.keep, step.add, step.epsilon, step.isInside)
    }
  }

  /// Σ body over ranges that together cover all numbers; with `skippingZeros` or of a sparse parameter
  /// only those that the gradient has numbers for.
  private func sum(
    over gradient: Tensor, skippingZeros: Bool = false, _ body: @Sendable (Range<Int>) -> Double
  ) -> Double {
    skippingZeros || isSparse
      ? gradient.sumOfParts(cost: 8, body)
      : Workers.sum(value.count, cost: value.count * 8, body)
  }
}
