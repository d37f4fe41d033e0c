import Engine
import Foundation

/// How recurrent weights start.
public enum RecurrentInitializer: String, CaseIterable, Sendable {
  /// U(−1/√H, 1/√H), as in PyTorch.
  case uniform
  /// Every gate's H × H block is orthogonal: UᵀU = I a gate.
  case orthogonal
  /// All gates' G·H × H weights are one matrix with orthonormal columns, UᵀU = I over the whole, as
  /// Keras draws its H × G·H kernel: a gate's share of h is 1/√G as large as with `orthogonal`.
  case orthogonalOverGates = "orthogonal_over_gates"
  /// Every gate's H × H block is the identity.
  case identity
  /// U(−√(3/H), √(3/H)): Glorot and Bengio's, as many outputs as inputs.
  case xavierUniform = "xavier_uniform"
  /// N(0, 1/H): Glorot and Bengio's.
  case xavierNormal = "xavier_normal"
  /// U(−√(6/H), √(6/H)): He et al.'s, for ReLU.
  case kaimingUniform = "kaiming_uniform"
  /// N(0, 2/H): He et al.'s, for ReLU.
  case kaimingNormal = "kaiming_normal"
  /// 0: units do not hear of each other until they have learnt to.
  case zeros

  /// Gives `weight` `[G·H, H]` its start, gate by gate or over all of them; uniform numbers stay as
  /// they are.
  func apply(to weight: Parameter, using random: inout Random) {
    guard self != .orthogonalOverGates else {
      return WeightInitializer.orthogonal.apply(to: weight, using: &random)
    }
    let start = WeightInitializer(rawValue: rawValue) ?? .standard
    start.apply(to: weight, blocks: weight.value.shape[0] / weight.value.shape[1], using: &random)
  }
}

/// How the biases of a recurrent layer start.
public enum BiasInitializer: String, CaseIterable, Sendable {
  /// U(−1/√n, 1/√n) as PyTorch draws them, n = H, or the numbers that a kernel sees.
  case uniform
  /// 0, as in Keras: a gate's bias is then exactly what is added to it.
  case zeros

  /// Gives `biases` their start; uniform numbers stay as they are.
  func apply(to biases: [Parameter]) {
    guard self == .zeros else { return }
    for bias in biases { bias.assign(.zeros(bias.value.shape)) }
  }
}

/// Biases of gates that keep a state for 1 to T time steps.
enum ChronoBias {
  /// ln U(1, T − 1), `[size]`; ln 1 where T is below 2.
  static func draw(_ size: Int, steps: Int, using random: inout Random) -> Tensor {
    let longest = max(1, Float(steps - 1))
    let times = Tensor.uniform(1...longest, [size], using: &random)
    return Tensor(times.scalars.map { Float(log(Double($0))) }, [size])
  }
}

extension Parameter {
  /// Replaces gate `gate` of stacked biases by `numbers`, one for each unit.
  func setGate(_ gate: Int, to numbers: Tensor) {
    var all = value.scalars
    all.replaceSubrange(gate * numbers.count..<(gate + 1) * numbers.count, with: numbers.scalars)
    assign(Tensor(all, value.shape))
  }

  /// Adds to gate `gate` of stacked biases, of `size` units.
  func addToGate(_ gate: Int, of size: Int, _ offset: Float) {
    var all = value.scalars
    for index in gate * size..<(gate + 1) * size { all[index] += offset }
    assign(Tensor(all, value.shape))
  }
}
