import Engine

/// A gated recurrent unit (GRU).
///
///     rₜ = σ(W_r xₜ + b_r + U_r hₜ₋₁ + d_r)              reset gate
///     zₜ = σ(W_z xₜ + b_z + U_z hₜ₋₁ + d_z)              update gate
///     nₜ = tanh(W_n xₜ + b_n + rₜ ⊙ (U_n hₜ₋₁ + d_n))    candidate
///     hₜ = (1 − zₜ) ⊙ nₜ + zₜ ⊙ hₜ₋₁                     hidden state
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state `[B, H]` (zeros by default).
///
/// Source: Cho et al. 2014, arXiv:1406.1078, with the reset gate applied after the recurrent
/// product (as cuDNN and PyTorch do), so their weights load as they are; gates stacked r, z, n.
public struct GRU: RecurrentLayer {
  /// What the user edits of a GRU.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "gru"
    /// What it does, in one line.
    public static let summary = "gated recurrent unit"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H")
    ]

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64

    /// 64 hidden units.
    public init() {}

    /// `hiddenSize` hidden units.
    public init(hiddenSize: Int) { self.hiddenSize = hiddenSize }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      _ = try featureSize(of: input, sequence: true)
      return .sequence(hiddenSize)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      CellParameters.shapes(gates: 3, inputSize: input.size ?? 0, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 13 * hiddenSize }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      GRU(self, inputSize: input.size ?? 0, using: &random)
    }
  }

  /// The weights; gates stacked r, z, n.
  public let weights: CellParameters
  /// Number of hidden units, H.
  public let hiddenSize: Int

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// The parts of the state.
  public let stateNames = ["h"]
  /// What is shown over time.
  public let signals = [
    Signal("r", "reset gate", .gate), Signal("z", "update gate", .gate),
    Signal("n", "candidate", .signed), Signal("h", "hidden state", .signed),
  ]

  /// Draws every parameter from U(−1/√H, 1/√H).
  public init(_ spec: Spec, inputSize: Int, using random: inout Random) {
    hiddenSize = spec.hiddenSize
    weights = CellParameters(
      gates: 3, inputSize: inputSize, hiddenSize: spec.hiddenSize, using: &random)
  }

  /// One time step: `x` `[B, D]`, every part of the state `[B, H]`.
  public func step(_ x: Tensor, _ state: [Tensor]) -> RecurrentStep {
    let h = state[0]
    let i = x.linear(weights.weightIH, weights.biasIH).split(3)  // 3 × [B, H]
    let u = h.linear(weights.weightHH, weights.biasHH).split(3)  // 3 × [B, H]
    let reset = sigmoid(i[0] + u[0])
    let update = sigmoid(i[1] + u[1])
    let candidate = tanh(i[2] + reset * u[2])
    let hidden = (1 - update) * candidate + update * h
    return RecurrentStep(state: [hidden], signals: [reset, update, candidate, hidden])
  }

  /// All time steps at once, by the fused kernel.
  public func sequence(
    _ x: Tensor, from state: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    let fused = GRUSequence(x, h0: state[0], weights: weights.beside(x), probe: probe)
    let s = fused.signals
    return RecurrentSequence(
      output: fused.output, state: [fused.h], signals: [s.r, s.z, s.n, s.h])
  }
}
