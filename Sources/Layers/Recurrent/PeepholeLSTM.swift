import Engine

/// An LSTM whose gates see the cell state through peepholes.
///
///     iₜ = σ(W_i xₜ + b_i + U_i hₜ₋₁ + d_i + p_i ⊙ cₜ₋₁)    input gate
///     fₜ = σ(W_f xₜ + b_f + U_f hₜ₋₁ + d_f + p_f ⊙ cₜ₋₁)    forget gate
///     gₜ = tanh(W_g xₜ + b_g + U_g hₜ₋₁ + d_g)              cell candidate
///     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ d(gₜ)                           cell state
///     oₜ = σ(W_o xₜ + b_o + U_o hₜ₋₁ + d_o + p_o ⊙ cₜ)      output gate: sees the new cell
///     hₜ = oₜ ⊙ tanh(cₜ)                                    hidden state
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state h and c `[B, H]` (zeros by default).
///
/// Source: Gers, Schraudolph and Schmidhuber 2002, "Learning precise timing with LSTM recurrent
/// networks". Gates are stacked i, f, g, o with two biases, as in PyTorch, which has no peepholes;
/// with p = 0 it is the LSTM bit for bit.
public struct PeepholeLSTM: LSTMCell {
  /// What the user edits of a peephole LSTM.
  public typealias Spec = LSTMSpec<PeepholeLSTM>

  /// The name in session files and in the palette.
  public static let kind = "peephole_lstm"
  /// What it does, in one line.
  public static let summary = "LSTM whose gates see the cell"
  /// Floats that one hidden unit keeps at a time step while training, roughly.
  public static let activationsPerUnit = 34

  /// The names and shapes of one cell's parameters, in the order they are saved.
  public static func shapes(inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
    CellParameters.shapes(gates: 4, inputSize: inputSize, hiddenSize: hiddenSize)
      + peepholeNames.map { ParameterShape($0, [hiddenSize]) }
  }

  private static let peepholeNames = ["weight_ci_l0", "weight_cf_l0", "weight_co_l0"]

  /// The weights; gates stacked i, f, g, o.
  public let weights: CellParameters
  /// The peepholes p_i, p_f and p_o, `[H]` each.
  public let peepholes: [Parameter]
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all + peepholes }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weights.weightHH }

  /// Draws every parameter as `spec` says, and the peepholes from U(−1/√H, 1/√H).
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    options = spec.options
    weights = CellParameters(
      gates: 4, inputSize: inputSize, hiddenSize: spec.hiddenSize,
      recurrent: spec.start.recurrentInit, biases: options.biasInit, lane: lane, using: &random)
    spec.start.setBiases(weights.biasIH, weights.biasHH, of: hiddenSize, using: &random)
    let bound = 1 / Float(spec.hiddenSize).squareRoot()
    peepholes = Self.peepholeNames.map {
      Parameter($0 + lane.suffix, .uniform(-bound...bound, [spec.hiddenSize], using: &random))
    }
  }

  /// W x + b of every step.
  public func fromInput(_ x: Tensor) -> Tensor { weights.input(x) }

  /// One time step from W x + b, `[B, 4H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let (h, c) = (state[0], state[1])
    let p = peepholes.map { $0.beside(h) }  // 3 × [H]
    let gates = (fromInput + weights.recurrent(h, noise)).split(4)  // 4 × [B, H]
    let input = noise.held("i", sigmoid(gates[0] + c.scaledByChannel(p[0], inner: 1)))
    let forget = noise.held("f", sigmoid(gates[1] + c.scaledByChannel(p[1], inner: 1)))
    let candidate = noise.held("g", tanh(gates[2]))
    let cell = noise.held("c", forget * c + input * noise.candidate(candidate))
    let output = noise.held("o", sigmoid(gates[3] + cell.scaledByChannel(p[2], inner: 1)))
    let hidden = noise.held("h", output * tanh(cell))
    return RecurrentStep(
      state: [hidden, cell], signals: [input, forget, candidate, output, cell, hidden])
  }
}
