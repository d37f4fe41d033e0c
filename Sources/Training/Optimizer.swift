import Engine

/// Turns gradients into updates and keeps what the rule remembers of earlier gradients.
///
/// Both rules are PyTorch's. SGD with momentum: v = momentum · v + g, w −= rate · v, where v begins
/// as the first gradient. Adam: β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
public final class Optimizer {
  /// A memory of the rule: one tensor for every parameter, in the order of the parameters.
  public struct Slot {
    /// PyTorch's name: `exp_avg`, `exp_avg_sq`, `momentum_buffer`.
    public let name: String
    /// The tensors, which steps change in place.
    public fileprivate(set) var values: [Tensor]
  }

  /// What one step is done with.
  public struct Settings: Sendable {
    /// Learning rate.
    public var rate: Double
    /// Factor that clipping puts on the gradient.
    public var clip = 1.0
    /// Momentum of SGD, in [0, 1).
    public var momentum = 0.0

    /// Settings without clipping and momentum.
    public init(rate: Double) { self.rate = rate }
  }

  /// The rule.
  public let rule: TrainingRecipe.Optimizer
  /// What the rule remembers; zeros before the first step.
  public private(set) var slots: [Slot]
  private let parameters: [Parameter]

  /// A rule for `parameters` that has seen no gradient.
  public init(_ rule: TrainingRecipe.Optimizer, for parameters: [Parameter]) {
    self.rule = rule
    self.parameters = parameters
    slots = rule.slotNames.map { name in
      Slot(name: name, values: parameters.map { .zeros($0.value.shape) })
    }
  }

  /// Does update number `count`, from 1, and returns ‖Δw‖² of every parameter.
  ///
  /// A parameter without a gradient keeps its value and its memory, as in PyTorch.
  @discardableResult
  public func step(_ gradients: [Tensor?], _ settings: Settings, count: Int) -> [Double] {
    parameters.indices.map { index in
      guard let gradient = gradients[index] else { return 0 }
      let parameter = parameters[index]
      switch rule {
      case .sgd:
        return parameter.update(
          Parameter.SGDStep(
            rate: Float(settings.rate), clip: Float(settings.clip),
            momentum: Float(settings.momentum), decay: 0, nesterov: false),
          gradient: gradient, velocity: slots[0].values[index])
      case .adam:
        return parameter.update(
          Parameter.AdamStep(
            rate: Float(settings.rate), clip: Float(settings.clip), beta1: 0.9, beta2: 0.999,
            epsilon: 1e-8, decay: 0, decoupled: false, count: count),
          gradient: gradient, firstMoment: slots[0].values[index],
          secondMoment: slots[1].values[index])
      }
    }
  }

  /// Replaces what the rule remembers: slot after slot, in the order of the parameters.
  func assign(_ values: [Tensor]) {
    precondition(values.count == slots.count * parameters.count, "Every slot has all parameters.")
    for slot in slots.indices {
      let start = slot * parameters.count
      slots[slot].values = values[start..<start + parameters.count].map { $0.copy() }
    }
  }
}

extension TrainingRecipe.Optimizer {
  /// The names of what the rule remembers of every parameter, as PyTorch calls it.
  public var slotNames: [String] {
    switch self {
    case .adam: ["exp_avg", "exp_avg_sq"]
    case .sgd: ["momentum_buffer"]
    }
  }
}
