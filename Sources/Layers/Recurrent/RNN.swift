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
    public static let kind = "rnn"
    public static let summary = "Elman network, without gates"
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

    public func output(for input: Signature) throws(ShapeError) -> Signature {
      _ = try featureSize(of: input, sequence: true)
      return .sequence(hiddenSize)
    }

    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      CellParameters.shapes(gates: 1, inputSize: input.size ?? 0, hiddenSize: hiddenSize)
    }

    public func activations(for input: Signature) -> Int { 4 * hiddenSize }

    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      RNN(self, inputSize: input.size ?? 0, using: &random)
    }
  }

  /// The weights.
  public let weights: CellParameters
  public let hiddenSize: Int
  /// The function φ that makes the state.
  public let nonlinearity: RNNSequence.Activation

  public var parameters: [Parameter] { weights.all }
  public let stateNames = ["h"]
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

  public func step(_ x: Tensor, _ state: [Tensor]) -> RecurrentStep {
    let z =
      x.linear(weights.weightIH, weights.biasIH) + state[0].linear(weights.weightHH, weights.biasHH)
    let hidden = nonlinearity == .tanh ? tanh(z) : relu(z)
    return RecurrentStep(state: [hidden], signals: [hidden])
  }

  public func sequence(
    _ x: Tensor, from state: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    let fused = RNNSequence(
      x, h0: state[0], weights: weights.beside(x), activation: nonlinearity, probe: probe)
    return RecurrentSequence(
      output: fused.output, state: [fused.h], signals: [fused.output.detached])
  }
}
