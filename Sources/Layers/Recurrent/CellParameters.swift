import Engine

/// The weights that RNN, LSTM and GRU share, under PyTorch's names.
///
/// Every one starts from U(−1/√H, 1/√H).
public struct CellParameters: Sendable {
  /// Input weights, `[G·H, D]`; gates stacked in rows.
  public let weightIH: Parameter
  /// Recurrent weights, `[G·H, H]`; gates stacked in rows.
  public let weightHH: Parameter
  /// Input and recurrent biases, `[G·H]` each.
  public let biasIH, biasHH: Parameter

  /// Draws the weights of a cell with `gates` stacked gates.
  init(gates: Int, inputSize: Int, hiddenSize: Int, using random: inout Random) {
    let bound = 1 / Float(hiddenSize).squareRoot()
    let drawn = Self.shapes(gates: gates, inputSize: inputSize, hiddenSize: hiddenSize).map {
      Parameter($0.name, .uniform(-bound...bound, $0.shape, using: &random))
    }
    (weightIH, weightHH, biasIH, biasHH) = (drawn[0], drawn[1], drawn[2], drawn[3])
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

  /// The weights as operands of a fused sequence over `input`.
  func beside(_ input: Tensor) -> CellWeights {
    CellWeights(ih: weightIH, hh: weightHH, biasIH: biasIH, biasHH: biasHH, beside: input)
  }
}
