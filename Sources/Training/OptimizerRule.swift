/// An optimiser's rule with all its numbers: the recipe's, or those that its convention has.
///
/// PyTorch's convention, with g the gradient plus λw (adamw: without, and w −= ηλw):
///
///     sgd       v = μv + g                       w −= ηv, Nesterov η(g + μv)
///     adagrad   v = v + g²                       w −= ηg / (√v + ε)
///     rmsprop   v = αv + (1 − α)g²               b = μb + g / (√v + ε),  w −= ηb
///     centered  a = αa + (1 − α)g                v − a² instead of v under rmsprop's root
///     adam      m = β₁m + (1 − β₁)g              w −= η m̂ / (√v̂ + ε)
///               v = β₂v + (1 − β₂)g²             m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
///     amsgrad   as adam                          v̂ = max over time of v, / (1 − β₂ᵗ)
///
/// Keras' convention differs in this:
///
///     sgd       v = μv + ηg                      w −= v: a new rate does not act on what v holds
///     adagrad   v begins at 0.1                  w −= ηg / √(v + ε)
///     rmsprop                                    b = μb + ηg / √(v + ε),  w −= b
///     adam      as ε̂ of Kingma and Ba            w −= η√(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
///     all       decoupled weight decay           w −= ηλw, and g is without λw
///
/// The numbers that a recipe leaves to the convention, PyTorch's first: α 0.99 or 0.9; ε 1e-8
/// (adagrad 1e-10) or 1e-7; λ of adamw 0.01 or 0.004, of the others 0; μ of rmsprop 0. Momentum of
/// sgd is 0.9 here and 0 in both.
///
/// Sources: PyTorch 2.13 and Keras 3.15, to which their trajectories are held.
public struct OptimizerRule: Sendable, Equatable {
  /// The kind of rule.
  public let kind: TrainingRecipe.Optimizer
  /// Whose formulas and defaults.
  public let convention: TrainingRecipe.Convention
  /// Momentum μ, in [0, 1).
  public let momentum: Double
  /// Whether the momentum of sgd looks ahead.
  public let nesterov: Bool
  /// Decay β₁ of the first and β₂ of the second moment, in [0, 1).
  public let beta1: Double, beta2: Double
  /// Decay α of rmsprop's mean square, in [0, 1).
  public let alpha: Double
  /// Whether rmsprop divides by the deviation of gradients and not by their size.
  public let centered: Bool
  /// What keeps quotients finite, ε.
  public let epsilon: Double
  /// Weight decay λ.
  public let decay: Double
  /// Whether weight decay acts on every parameter, and not on weights alone.
  public let decaysAll: Bool

  /// The rule of `recipe`.
  public init(_ recipe: TrainingRecipe) {
    let isKeras = recipe.convention == .keras
    kind = recipe.optimizer
    convention = recipe.convention
    momentum = recipe.momentum ?? (kind == .sgd ? 0.9 : 0)
    nesterov = recipe.nesterov
    beta1 = recipe.beta1
    beta2 = recipe.beta2
    alpha = recipe.alpha ?? (isKeras ? 0.9 : 0.99)
    centered = recipe.centered
    epsilon = recipe.epsilon ?? (isKeras ? 1e-7 : kind == .adagrad ? 1e-10 : 1e-8)
    decay = recipe.weightDecay ?? (kind == .adamw ? (isKeras ? 0.004 : 0.01) : 0)
    decaysAll = recipe.decaysAll
  }

  /// Whether weight decay shrinks the weights beside the rule instead of adding to the gradient.
  var isDecoupled: Bool { convention == .keras || kind == .adamw }

  /// What the rule remembers of every parameter: PyTorch's names, and the number it begins with.
  public var slots: [(name: String, start: Float)] {
    switch kind {
    case .sgd: [("momentum_buffer", 0)]
    case .adagrad: [("sum", convention == .keras ? 0.1 : 0)]
    case .rmsprop:
      [("square_avg", 0)] + (centered ? [("grad_avg", 0)] : [])
        + (momentum > 0 ? [("momentum_buffer", 0)] : [])
    case .adam, .adamw: [("exp_avg", 0), ("exp_avg_sq", 0)]
    case .amsgrad: [("exp_avg", 0), ("exp_avg_sq", 0), ("max_exp_avg_sq", 0)]
    }
  }
}
