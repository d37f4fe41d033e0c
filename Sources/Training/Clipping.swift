import Engine

/// What is left of gradients that are too large.
///
///     norm         g · min(1, c / (‖g‖ + 1e-6))     ‖g‖ of all parameters together
///     parameter    g · min(1, c / (‖g‖ + 1e-6))     ‖g‖ of each parameter by itself
///     value        min(max(gᵢ, −c), c)
///
/// The first is PyTorch's `clip_grad_norm_` and Keras' `global_clipnorm`, the second Keras'
/// `clipnorm`, the third `clip_grad_value_` and `clipvalue`. A limit c of 0 switches clipping off.
public struct Clipping: Sendable, Equatable {
  /// What is held below the limit.
  public enum Mode: String, Sendable, CaseIterable {
    /// The norm of all gradients together.
    case norm
    /// The norm of every parameter's gradient.
    case parameter
    /// The size of every element.
    case value
  }

  /// Nothing is clipped.
  public static let none = Clipping(factors: [1], limit: .infinity, isActive: false)

  /// One factor for all parameters, or one for each.
  private let factors: [Double]
  /// The largest size of an element; infinite: any.
  let limit: Double
  /// Whether anything is smaller than it was.
  let isActive: Bool

  private init(factors: [Double], limit: Double, isActive: Bool) {
    self.factors = factors
    self.limit = limit
    self.isActive = isActive
  }

  /// How `mode` brings `gradients` with these norms down to `limit`.
  init(_ mode: Mode, limit: Double, _ norm: GradientNorm, of gradients: [Tensor?]) {
    func factor(_ norm: Double) -> Double { min(1, limit / (norm + 1e-6)) }
    guard limit > 0 else {
      self = .none
      return
    }
    switch mode {
    case .norm:
      let one = factor(norm.total)
      self.init(factors: [one], limit: .infinity, isActive: one < 1)
    case .parameter:
      let factors = norm.parameters.map(factor)
      self.init(factors: factors, limit: .infinity, isActive: factors.contains { $0 < 1 })
    case .value:
      let isActive = gradients.contains { gradient in
        gradient?.scalars.contains { Double(abs($0)) > limit } ?? false
      }
      self.init(factors: [1], limit: limit, isActive: isActive)
    }
  }

  /// The factor on the gradient of parameter `index`.
  func factor(of index: Int) -> Double { factors.count == 1 ? factors[0] : factors[index] }

  /// Whether a step can be taken with what is left of gradients of these norms: their squares and
  /// momentum stay inside the range of Float32 for every learning rate that a recipe allows.
  func tames(_ norm: GradientNorm) -> Bool {
    guard norm.total.isFinite else { return false }
    if limit.isFinite { return true }
    let squares = norm.parameters.enumerated().map { index, norm in
      norm * factor(of: index) * (norm * factor(of: index))
    }
    return squares.reduce(0, +).squareRoot() <= Self.largestGradient
  }

  private static let largestGradient = 1e18
}
