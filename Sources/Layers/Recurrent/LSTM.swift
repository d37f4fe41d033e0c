import Engine

/// A long short-term memory (LSTM).
///
///     iₜ = σ(W_i xₜ + b_i + U_i hₜ₋₁ + d_i)       input gate
///     fₜ = σ(W_f xₜ + b_f + U_f hₜ₋₁ + d_f)       forget gate
///     gₜ = tanh(W_g xₜ + b_g + U_g hₜ₋₁ + d_g)    cell candidate
///     oₜ = σ(W_o xₜ + b_o + U_o hₜ₋₁ + d_o)       output gate
///     cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ                    cell state
///     hₜ = oₜ ⊙ tanh(cₜ)                          hidden state
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state h and c `[B, H]` (zeros by default).
///
/// Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. Gates are
/// stacked i, f, g, o and both biases are kept, as in PyTorch, so its weights load as they are.
/// With dropout of the candidate (Semeniuta et al. 2016) cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ d(gₜ).
public struct LSTM: LSTMCell {
  /// What the user edits of an LSTM.
  public typealias Spec = LSTMSpec<LSTM>

  /// The name in session files and in the palette.
  public static let kind = "lstm"
  /// What it does, in one line.
  public static let summary = "long short-term memory"
  /// Floats that one hidden unit keeps at a time step while training, roughly.
  public static let activationsPerUnit = 13

  /// The names and shapes of one cell's parameters, in the order they are saved.
  public static func shapes(inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
    CellParameters.shapes(gates: 4, inputSize: inputSize, hiddenSize: hiddenSize)
  }

  /// The weights; gates stacked i, f, g, o.
  public let weights: CellParameters
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weights.weightHH }

  /// Draws every parameter as `spec` says.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    options = spec.options
    weights = CellParameters(
      gates: 4, inputSize: inputSize, hiddenSize: spec.hiddenSize,
      recurrent: spec.start.recurrentInit, biases: options.biasInit, lane: lane, using: &random)
    spec.start.setBiases(weights.biasIH, weights.biasHH, of: hiddenSize, using: &random)
  }

  /// W x + b of every step.
  public func fromInput(_ x: Tensor) -> Tensor { weights.input(x) }

  /// One time step from W x + b, `[B, 4H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let (h, c) = (state[0], state[1])
    let gates = (fromInput + weights.recurrent(h, noise)).split(4)  // 4 × [B, H]
    let input = noise.held("i", sigmoid(gates[0]))
    let forget = noise.held("f", sigmoid(gates[1]))
    let candidate = noise.held("g", tanh(gates[2]))
    let output = noise.held("o", sigmoid(gates[3]))
    let cell = noise.held("c", forget * c + input * noise.candidate(candidate))
    let hidden = noise.held("h", output * tanh(cell))
    return RecurrentStep(
      state: [hidden, cell], signals: [input, forget, candidate, output, cell, hidden])
  }

  /// All time steps at once, by the fused kernel.
  public func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    guard noise.fitsFusedKernel else {
      return stepByStep(x, from: state, noise: noise, probe: probe)
    }
    let fused = LSTMSequence(
      x, h0: state[0], c0: state[1], weights: weights.beside(x, noise), probe: probe)
    return RecurrentSequence(
      output: fused.output, state: [fused.h, fused.c], signals: fused.signals)
  }
}
