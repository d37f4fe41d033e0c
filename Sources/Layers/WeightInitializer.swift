import Engine
import Foundation

/// How the weights of a layer start.
///
///     xavier_uniform    U(−a, a), a = √(6 / (I + O))          Glorot and Bengio 2010
///     xavier_normal     N(0, 2 / (I + O))
///     kaiming_uniform   U(−a, a), a = √(6 / I)                 He et al. 2015, arXiv:1502.01852
///     kaiming_normal    N(0, 2 / I)                            both for ReLU
///     lecun_uniform     U(−a, a), a = √(3 / I)                 LeCun et al. 1998
///     lecun_normal      N(0, 1 / I)
///     truncated_normal  N(0, 1 / I) without what lies beyond 2σ, scaled to that variance: lecun_normal
///                       of Keras
///     truncated_normal_3sd   N(0, 1 / I) without what lies beyond 3σ, scaled to that variance
///     glorot_normal     N(0, 2 / (I + O)) without what lies beyond 2σ, scaled, as in Keras
///     he_normal         N(0, 2 / I) without what lies beyond 2σ, scaled, as in Keras
///     random_uniform    U(−0.05, 0.05), how embeddings of Keras start
///     random_normal     N(0, 0.05²), as in Keras
///     orthogonal        orthonormal rows, or columns where they are more
///     identity          1 on the diagonal
///     zeros             0
///
/// I and O count the inputs that a unit reads and the units that read an input. A kernel counts with
/// all its taps; of stacked gates and of groups of channels each counts for itself. With any of these
/// biases start from 0, as with Keras, whose own start is xavier_uniform; those of recurrent layers start
/// as their `bias_init` says, since they decide how long gates stay open.
public enum WeightInitializer: String, CaseIterable, Sendable {
  /// PyTorch's own start of the layer.
  case standard = "default"
  /// Uniform, for signals that are as large forwards as backwards.
  case xavierUniform = "xavier_uniform"
  /// Normal, for signals that are as large forwards as backwards.
  case xavierNormal = "xavier_normal"
  /// Uniform, for layers before a ReLU.
  case kaimingUniform = "kaiming_uniform"
  /// Normal, for layers before a ReLU.
  case kaimingNormal = "kaiming_normal"
  /// Uniform, for signals that are as large forwards.
  case lecunUniform = "lecun_uniform"
  /// Normal, for signals that are as large forwards.
  case lecunNormal = "lecun_normal"
  /// Normal without tails.
  case truncatedNormal = "truncated_normal"
  /// Normal with short tails.
  case truncatedNormal3SD = "truncated_normal_3sd"
  /// Normal without tails, for signals that are as large forwards as backwards.
  case glorotNormal = "glorot_normal"
  /// Normal without tails, for layers before a ReLU.
  case heNormal = "he_normal"
  /// Uniform and small, whatever the layer's size.
  case randomUniform = "random_uniform"
  /// Normal and small, whatever the layer's size.
  case randomNormal = "random_normal"
  /// Orthonormal.
  case orthogonal
  /// As many outputs as inputs are passed on as they are.
  case identity
  /// Nothing is passed on.
  case zeros

  /// Gives `weight` its start, which is `blocks` times `[O, I, taps…]`, or `[I, O, taps…]` if it is
  /// transposed; the standard one is there already.
  func apply(
    to weight: Parameter, blocks: Int = 1, isTransposed: Bool = false,
    using random: inout Random
  ) {
    guard self != .standard else { return }
    let shape = weight.value.shape
    let block = Shape([shape[0] / blocks] + shape.dimensions.dropFirst())
    let drawn = (0..<blocks).flatMap { _ in draw(block, isTransposed, using: &random).scalars }
    weight.assign(Tensor(drawn, shape))
  }

  /// Gives biases their start beside such weights: 0, and the standard one as it is.
  func apply(toBias bias: Parameter?) {
    guard self != .standard, let bias else { return }
    bias.assign(.zeros(bias.value.shape))
  }

  private func draw(_ shape: Shape, _ isTransposed: Bool, using random: inout Random) -> Tensor {
    let inputs = Float(shape.count / shape[isTransposed ? 1 : 0])
    let outputs = Float(shape.count / shape[isTransposed ? 0 : 1])
    func uniform(_ variance: Float, _ random: inout Random) -> Tensor {
      let bound = (3 * variance).squareRoot()
      return .uniform(-bound...bound, shape, using: &random)
    }
    func normal(_ variance: Float, _ random: inout Random) -> Tensor {
      .normal(shape, using: &random) * variance.squareRoot()
    }
    return switch self {
    case .standard, .zeros: .zeros(shape)
    case .xavierUniform: uniform(2 / (inputs + outputs), &random)
    case .xavierNormal: normal(2 / (inputs + outputs), &random)
    case .kaimingUniform: uniform(2 / inputs, &random)
    case .kaimingNormal: normal(2 / inputs, &random)
    case .lecunUniform: uniform(1 / inputs, &random)
    case .lecunNormal: normal(1 / inputs, &random)
    case .truncatedNormal: Self.truncated(shape, variance: 1 / inputs, using: &random)
    case .truncatedNormal3SD:
      Self.truncated(shape, variance: 1 / inputs, at: 3, using: &random)
    case .glorotNormal:
      Self.truncated(shape, variance: 2 / (inputs + outputs), using: &random)
    case .heNormal: Self.truncated(shape, variance: 2 / inputs, using: &random)
    case .randomUniform: .uniform(-0.05...0.05, shape, using: &random)
    case .randomNormal: normal(0.05 * 0.05, &random)
    case .orthogonal:
      Tensor.orthogonal([shape[0], shape.count / shape[0]], using: &random).reshaped(shape)
    case .identity: Self.identity(shape)
    }
  }

  /// A normal distribution that is cut at kσ has 1 − 2 k φ(k) / (2 Φ(k) − 1) of its variance, φ its
  /// density and Φ its distribution function: 0.7737 at 2σ, 0.9733 at 3σ.
  private static func truncated(
    _ shape: Shape, variance: Float, at cut: Float = 2, using random: inout Random
  ) -> Tensor {
    let k = Double(cut)
    let left =
      1 - 2 * k * exp(-k * k / 2) / (2 * Double.pi).squareRoot() / erf(k / 2.0.squareRoot())
    let deviation = (variance / Float(left)).squareRoot()
    let values = (0..<shape.count).map { _ in
      var value = random.normal()
      while abs(value) > cut { value = random.normal() }
      return value * deviation
    }
    return Tensor(values, shape)
  }

  /// 1 at row i, input i, and of a kernel at its middle tap.
  private static func identity(_ shape: Shape) -> Tensor {
    var values = [Float](repeating: 0, count: shape.count)
    let taps = shape.count / (shape[0] * shape[1])
    let middle = shape.dimensions.dropFirst(2).reduce(0) { $0 * $1 + ($1 - 1) / 2 }
    for index in 0..<min(shape[0], shape[1]) {
      values[(index * shape[1] + index) * taps + middle] = 1
    }
    return Tensor(values, shape)
  }
}
