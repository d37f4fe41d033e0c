import Engine

/// An LSTM with layer normalisation of both products and of the cell.
///
///     [i f g o]ₜ = LN(W xₜ; γ_x) + LN(U d(hₜ₋₁); γ_h) + b    over all 4H numbers at once
///     cₜ = σ(fₜ) ⊙ cₜ₋₁ + σ(iₜ) ⊙ d(tanh(gₜ))                cell state
///     hₜ = σ(oₜ) ⊙ tanh(LN(cₜ; γ_c, β_c))                    hidden state
///     LN(z; γ, β) = γ ⊙ (z − μ) / √(σ² + 10⁻⁵) + β
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state h and c `[B, H]` (zeros by default).
///
/// Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450, equations 20 to 22, with one shift b instead
/// of two that only add up; gates are stacked i, f, g, o. What is normalised of c goes into h only:
/// the cell that is carried on is not.
public struct LayerNormLSTM: LSTMCell {
  /// What the user edits of an LSTM with layer normalisation.
  public typealias Spec = LSTMSpec<LayerNormLSTM>

  /// The name in session files and in the palette.
  public static let kind = "layer_norm_lstm"
  /// What it does, in one line.
  public static let summary = "LSTM with layer normalisation"
  /// Floats that one hidden unit keeps at a time step while training, roughly.
  public static let activationsPerUnit = 60

  /// The names and shapes of one cell's parameters, in the order they are saved.
  public static func shapes(inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
    let stacked = 4 * hiddenSize
    return [
      ParameterShape("weight_ih_l0", [stacked, inputSize]),
      ParameterShape("weight_hh_l0", [stacked, hiddenSize]),
      ParameterShape("bias_l0", [stacked]),
      ParameterShape("norm_ih_weight_l0", [stacked]),
      ParameterShape("norm_hh_weight_l0", [stacked]),
      ParameterShape("norm_c_weight_l0", [hiddenSize]),
      ParameterShape("norm_c_bias_l0", [hiddenSize]),
    ]
  }

  /// What is added to every variance, ε.
  public static let epsilon = 1e-5

  /// Input weights `[4H, D]` and recurrent weights `[4H, H]`; gates stacked i, f, g, o.
  public let weightIH, weightHH: Parameter
  /// The shift of the gates, `[4H]`.
  public let bias: Parameter
  /// The gains γ_x and γ_h, `[4H]` each.
  public let gainIH, gainHH: Parameter
  /// The gain γ_c and the shift β_c of the cell, `[H]` each.
  public let gainC, biasC: Parameter
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weightIH, weightHH, bias, gainIH, gainHH, gainC, biasC] }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weightHH }

  /// Draws the weights and b from U(−1/√H, 1/√H), or as `spec` says; gains start at 1, β_c at 0.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    options = spec.options
    let bound = 1 / Float(spec.hiddenSize).squareRoot()
    let made = spec.cellShapes(inputSize: inputSize).enumerated().map { index, shape in
      Parameter(
        shape.name + lane.suffix,
        index < 3
          ? .uniform(-bound...bound, shape.shape, using: &random)
          : .filled(with: index == 6 ? 0 : 1, shape.shape))
    }
    (weightIH, weightHH, bias) = (made[0], made[1], made[2])
    (gainIH, gainHH, gainC, biasC) = (made[3], made[4], made[5], made[6])
    spec.start.recurrentInit.apply(to: weightHH, using: &random)
    options.biasInit.apply(to: [bias])
    spec.start.setBiases(bias, nil, of: hiddenSize, using: &random)
  }

  /// W x of every step.
  public func fromInput(_ x: Tensor) -> Tensor { x.linear(weightIH) }

  /// One time step from W x, `[B, 4H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let (h, c) = (state[0], state[1])
    let fromInput = normalized(fromInput, gainIH, bias)
    let fromState = normalized(noise.hidden(h).linear(noise.weight(weightHH, beside: h)), gainHH)
    let gates = (fromInput + fromState).split(4)  // 4 × [B, H]
    let input = noise.held("i", sigmoid(gates[0]))
    let forget = noise.held("f", sigmoid(gates[1]))
    let candidate = noise.held("g", tanh(gates[2]))
    let output = noise.held("o", sigmoid(gates[3]))
    let cell = noise.held("c", forget * c + input * noise.candidate(candidate))
    let hidden = noise.held("h", output * tanh(normalized(cell, gainC, biasC)))
    return RecurrentStep(
      state: [hidden, cell], signals: [input, forget, candidate, output, cell, hidden])
  }

  /// γ ⊙ (z − μ) / √(σ² + ε) + β over the last axis.
  private func normalized(_ z: Tensor, _ gain: Parameter, _ shift: Parameter? = nil) -> Tensor {
    z.normalizedRows(of: z.shape.last, epsilon: Self.epsilon).output
      .scaledByChannel(gain.beside(z), shift?.beside(z), inner: 1)
  }
}
