import Engine
import Foundation

/// How recurrent weights start.
public enum RecurrentInitializer: String, CaseIterable, Sendable {
  /// U(−1/√H, 1/√H), as in PyTorch.
  case uniform
  /// Every gate's H × H block is orthogonal. Keras makes all gates one H × 4H orthogonal matrix.
  case orthogonal
  /// Every gate's H × H block is the identity.
  case identity

  /// Gives `weight` `[G·H, H]` its start; uniform numbers stay as they are.
  func apply(to weight: Parameter, using random: inout Random) {
    guard self != .uniform else { return }
    let size = weight.value.shape[1]
    let blocks = (0..<weight.value.shape[0] / size).map { _ in
      self == .identity ? Tensor.identity(size) : .orthogonal(size, using: &random)
    }
    weight.assign(Tensor(blocks.flatMap(\.scalars), weight.value.shape))
  }
}

/// How the parameters of an LSTM start, where that is not as in PyTorch.
///
/// The forget bias (Gers et al. 2000) goes to b_f only; were it given to both biases, it would count
/// twice. Chrono biases (Tallec and Ollivier 2018, arXiv:1804.11188) start b_f at ln U(1, T_max − 1),
/// b_i at −b_f, and d_f and d_i at 0, so that units forget over 1 to T_max time steps.
public struct LSTMStart: Equatable, Sendable {
  /// How recurrent weights start.
  public var recurrentInit = RecurrentInitializer.uniform
  /// What is added to the forget gate's input bias.
  public var forgetBias = 0.0
  /// The longest memory, in time steps, that the gates' biases start for; 0: no such start.
  public var chronoSteps = 0

  /// As in PyTorch.
  public init() {}

  /// Gives the biases `[G·H]` of a cell with gates i, f, … of `size` units each their start.
  func setBiases(
    _ biasIH: Parameter, _ biasHH: Parameter?, of size: Int, using random: inout Random
  ) {
    if chronoSteps > 0 {
      let memory = ChronoBias.draw(size, steps: chronoSteps, using: &random)
      biasIH.setGate(0, to: -memory)
      biasIH.setGate(1, to: memory)
      for gate in [0, 1] { biasHH?.setGate(gate, to: .zeros([size])) }
    }
    if forgetBias != 0 { biasIH.addToGate(1, of: size, Float(forgetBias)) }
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

/// A spec of a cell whose parameters start like an LSTM's.
protocol LSTMLikeSpec: RecurrentSpec {
  /// How the parameters start.
  var start: LSTMStart { get set }
}

extension LSTMLikeSpec {
  /// The settings of the start.
  static var startFields: [Field<Self>] {
    Field.optional([
      .decimal(
        "forget_bias", \.start.forgetBias, in: -10...10,
        "added to the forget gate's bias at the start"),
      .choice("recurrent_init", \.start.recurrentInit, "how recurrent weights start"),
      .integer(
        "chrono_steps", \.start.chronoSteps, in: 0...1_000_000,
        "longest memory that biases start for; 0: no such start"),
    ])
  }
}
