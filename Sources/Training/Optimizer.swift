import Engine
import Layers

/// Turns gradients into updates by a rule, and keeps what the rule remembers of earlier gradients.
public final class Optimizer {
  /// A memory of the rule: one tensor for every parameter, in the order of the parameters.
  public struct Slot {
    /// PyTorch's name: `exp_avg`, `exp_avg_sq`, `momentum_buffer`.
    public let name: String
    /// The tensors, which steps change in place.
    public fileprivate(set) var values: [Tensor]
  }

  /// The rule.
  public let rule: OptimizerRule
  /// What the rule remembers; before the first step as the rule says.
  public private(set) var slots: [Slot]
  private let parameters: [Parameter]
  private let groups: [LayerTraining]

  /// A rule for `parameters` that has seen no gradient, each as its one of `groups` says; nil: all alike.
  public init(
    _ rule: OptimizerRule, for parameters: [Parameter], groups: [LayerTraining]? = nil
  ) {
    self.rule = rule
    self.parameters = parameters
    self.groups = groups ?? parameters.map { _ in LayerTraining() }
    slots = rule.slots.map { slot in
      Slot(
        name: slot.name, values: parameters.map { .filled(with: slot.start, $0.value.shape) })
    }
  }

  /// Does update number `count`, from 1, with learning rate `rate` and what `clipping` leaves of the
  /// gradients; returns ‖Δw‖² of every parameter.
  ///
  /// A parameter without a gradient keeps its value and its memory, as in PyTorch, and so does a frozen one.
  @discardableResult
  public func step(
    _ gradients: [Tensor?], rate: Double, clipping: Clipping = .none, count: Int
  ) -> [Double] {
    parameters.indices.map { index in
      let group = groups[index]
      guard let gradient = gradients[index], !group.isFrozen else { return 0 }
      let rate = rate * group.rateScale
      var treatment = Parameter.Treatment()
      treatment.clip = Float(clipping.factor(of: index))
      treatment.limit = Float(clipping.limit)
      let decay =
        parameters[index].isDecayed || rule.decaysAll
        ? group.weightDecay ?? rule.decay : 0
      if rule.isDecoupled {
        treatment.shrink = Float(rate * decay)
      } else {
        treatment.decay = Float(decay)
      }
      return update(index, gradient, rate: rate, treatment, count: count)
    }
  }

  private func update(
    _ index: Int, _ gradient: Tensor, rate: Double, _ treatment: Parameter.Treatment, count: Int
  ) -> Double {
    let parameter = parameters[index]
    let memory = slots.map { $0.values[index] }
    let isCentered = rule.kind == .rmsprop && rule.centered
    switch rule.kind {
    case .sgd:
      return parameter.update(
        sgdStep(rate, treatment), gradient: gradient, velocity: memory[0])
    case .adagrad, .rmsprop:
      return parameter.update(
        rmsStep(rate, treatment), gradient: gradient, squares: memory[0],
        mean: isCentered ? memory[1] : nil,
        velocity: memory.count > (isCentered ? 2 : 1) ? memory[memory.count - 1] : nil)
    case .adam, .adamw, .amsgrad:
      return parameter.update(
        adamStep(rate, treatment, count), gradient: gradient, firstMoment: memory[0],
        secondMoment: memory[1], peak: memory.count > 2 ? memory[2] : nil)
    }
  }

  private func sgdStep(_ rate: Double, _ treatment: Parameter.Treatment) -> Parameter.SGDStep {
    var step = Parameter.SGDStep(
      rate: Float(rate), momentum: Float(rule.momentum), nesterov: rule.nesterov)
    step.treatment = treatment
    guard rule.convention == .keras else { return step }
    // v = μv + ηg: the rate is a factor on the gradient, and the velocity is what is subtracted.
    step.rate = 1
    step.treatment.clip *= Float(rate)
    step.treatment.limit *= Float(rate)
    return step
  }

  private func rmsStep(_ rate: Double, _ treatment: Parameter.Treatment) -> Parameter.RMSStep {
    let (keep, add) = rule.kind == .adagrad ? (1, 1) : (rule.alpha, 1 - rule.alpha)
    var step = Parameter.RMSStep(
      keep: Float(keep), add: Float(add), epsilon: Float(rule.epsilon))
    step.momentum = rule.kind == .adagrad ? 0 : Float(rule.momentum)
    step.isInside = rule.convention == .keras
    step.treatment = treatment
    // b = μb + ηg/√v, w −= b with Keras; b = μb + g/√v, w −= ηb with PyTorch.
    if rule.convention == .keras { step.scale = Float(rate) } else { step.rate = Float(rate) }
    return step
  }

  private func adamStep(
    _ rate: Double, _ treatment: Parameter.Treatment, _ count: Int
  ) -> Parameter.AdamStep {
    var step = Parameter.AdamStep(
      rate: Float(rate), beta1: Float(rule.beta1), beta2: Float(rule.beta2),
      epsilon: Float(rule.epsilon), count: count)
    step.treatment = treatment
    if rule.convention == .keras {
      // √v + ε with √c₂ in front is √(v / c₂) + ε / √c₂.
      step.epsilon = Float(rule.epsilon / step.corrections.second.squareRoot())
    }
    return step
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

extension Parameter {
  /// Whether weight decay acts on this: on weights of two axes or more, whose names begin with
  /// `weight`. Biases, gains, peepholes and time constants only shift and scale; shrinking them says
  /// nothing about how much a layer listens to its inputs.
  var isDecayed: Bool { name.hasPrefix("weight") && value.shape.rank > 1 }
}
