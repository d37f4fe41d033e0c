import Engine

/// The weights that RNN, LSTM and GRU share, under PyTorch's names.
///
/// All start from U(−1/√H, 1/√H), as in PyTorch, unless the spec names another start.
public struct CellParameters: Sendable {
  /// Input weights, `[G·H, D]`; gates stacked in rows.
  public let weightIH: Parameter
  /// Recurrent weights, `[G·H, H]`; gates stacked in rows.
  public let weightHH: Parameter
  /// Input and recurrent biases, `[G·H]` each.
  public let biasIH, biasHH: Parameter

  /// Draws the weights of a cell with `gates` stacked gates.
  init(
    gates: Int, inputSize: Int, hiddenSize: Int, recurrent: RecurrentInitializer,
    biases: BiasInitializer, lane: Lane, using random: inout Random
  ) {
    let bound = 1 / Float(hiddenSize).squareRoot()
    let drawn = Self.shapes(gates: gates, inputSize: inputSize, hiddenSize: hiddenSize).map {
      Parameter($0.name + lane.suffix, .uniform(-bound...bound, $0.shape, using: &random))
    }
    (weightIH, weightHH, biasIH, biasHH) = (drawn[0], drawn[1], drawn[2], drawn[3])
    recurrent.apply(to: weightHH, using: &random)
    biases.apply(to: [biasIH, biasHH])
  }

  /// The names and shapes, in the order they are saved.
  static func shapes(gates: Int, inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
    let stacked = gates * hiddenSize
    return [
      ParameterShape("weight_ih_l0", [stacked, inputSize]),
      ParameterShape("weight_hh_l0", [stacked, hiddenSize]),
      ParameterShape("bias_ih_l0", [stacked]),
      ParameterShape("bias_hh_l0", [stacked]),
    ]
  }

  /// Every parameter, in the order they are saved.
  var all: [Parameter] { [weightIH, weightHH, biasIH, biasHH] }

  /// W x + b for every gate, `[B, G·H]`.
  func input(_ x: Tensor) -> Tensor { x.linear(weightIH, biasIH) }

  /// U d(h) + d for every gate, `[B, G·H]`, with the mask of h and the dropped weights of `noise`.
  func recurrent(_ h: Tensor, _ noise: StepNoise) -> Tensor {
    noise.hidden(h).linear(noise.weight(weightHH, beside: h), biasHH.beside(h))
  }

  /// The weights as operands of a fused sequence over `input`.
  func beside(_ input: Tensor, _ noise: SequenceNoise) -> CellWeights {
    CellWeights(
      ih: weightIH, hh: weightHH, biasIH: biasIH, biasHH: biasHH, droppedHH: noise.weight,
      beside: input)
  }
}

/// Which way a cell reads its sequences.
public enum Lane: Int, Sendable {
  /// From the first time step to the last.
  case forward
  /// From the last time step of each sequence to the first.
  case backward

  /// What follows the names of parameters and signals, as in PyTorch.
  public var suffix: String { self == .forward ? "" : "_reverse" }

  /// The lane of the cell that a parameter or a signal called `name` belongs to.
  public init(of name: String) {
    self = name.hasSuffix(Lane.backward.suffix) ? .backward : .forward
  }
}
