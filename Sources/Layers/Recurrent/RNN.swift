import Engine

/// An Elman recurrent network.
///
///     hₜ = φ(W xₜ + b + U hₜ₋₁ + d)    hidden state, φ = tanh or relu
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state `[B, H]` (zeros by default).
///
/// Source: Elman 1990, "Finding structure in time"; both biases are kept, as in PyTorch.
public struct RNN: RecurrentLayer {
  /// What the user edits of an Elman network.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "rnn"
    /// What it does, in one line.
    public static let summary = "Elman network, without gates"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
      .choice("nonlinearity", \.nonlinearity, "the function of the state, φ"),
    ]

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// The function φ that makes the state.
    public var nonlinearity = RNNSequence.Activation.tanh

    /// 64 hidden units with tanh.
    public init() {}

    /// `hiddenSize` hidden units.
    public init(hiddenSize: Int, nonlinearity: RNNSequence.Activation = .tanh) {
      self.hiddenSize = hiddenSize
      self.nonlinearity = nonlinearity
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      _ = try featureSize(of: input, sequence: true)
      return .sequence(hiddenSize)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      CellParameters.shapes(gates: 1, inputSize: input.size ?? 0, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * hiddenSize }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      RNN(self, inputSize: input.size ?? 0, using: &random)
    }
  }

  /// The weights.
  public let weights: CellParameters
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// The function φ that makes the state.
  public let nonlinearity: RNNSequence.Activation

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// The parts of the state.
  public let stateNames = ["h"]
  /// What is shown over time.
  public var signals: [Signal] {
    [Signal("h", "hidden state", nonlinearity == .tanh ? .signed : .positive)]
  }

  /// Draws every parameter from U(−1/√H, 1/√H).
  public init(_ spec: Spec, inputSize: Int, using random: inout Random) {
    hiddenSize = spec.hiddenSize
    nonlinearity = spec.nonlinearity
    weights = CellParameters(
      gates: 1, inputSize: inputSize, hiddenSize: spec.hiddenSize, using: &random)
  }

  /// One time step: `x` `[B, D]`, every part of the state `[B, H]`.
  public func step(_ x: Tensor, _ state: [Tensor]) -> RecurrentStep {
    let z =
      x.linear(weights.weightIH, weights.biasIH) + state[0].linear(weights.weightHH, weights.biasHH)
    let hidden = nonlinearity == .tanh ? tanh(z) : relu(z)
    return RecurrentStep(state: [hidden], signals: [hidden])
  }

  /// All time steps at once, by the fused kernel.
  public func sequence(
    _ x: Tensor, from state: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    let fused = RNNSequence(
      x, h0: state[0], weights: weights.beside(x), activation: nonlinearity, probe: probe)
    return RecurrentSequence(
      output: fused.output, state: [fused.h], signals: [fused.output.detached])
  }
}
