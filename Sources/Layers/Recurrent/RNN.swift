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
  public struct Spec: VectorCellSpec {
    /// The name in session files and in the palette.
    public static let kind = "rnn"
    /// What it does, in one line.
    public static let summary = "Elman network, without gates"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [
        .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
        .choice("nonlinearity", \.nonlinearity, "the function of the state, φ"),
        .choice("recurrent_init", \.recurrentInit, "how recurrent weights start").optional,
      ] + gainFields + biasFields + sharedFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// The function φ that makes the state.
    public var nonlinearity = RNNSequence.Activation.tanh
    /// How recurrent weights start.
    public var recurrentInit = RecurrentInitializer.uniform
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units with tanh.
    public init() {}

    /// `hiddenSize` hidden units.
    public init(hiddenSize: Int, nonlinearity: RNNSequence.Activation = .tanh) {
      self.hiddenSize = hiddenSize
      self.nonlinearity = nonlinearity
    }

    /// The width of the state and of one direction's output.
    public var outputSize: Int { hiddenSize }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      CellParameters.shapes(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { 4 * hiddenSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      RNN(self, inputSize: inputSize, lane: lane, using: &random)
    }
  }

  /// The weights.
  public let weights: CellParameters
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// The function φ that makes the state.
  public let nonlinearity: RNNSequence.Activation
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weights.weightHH }
  /// The parts of the state.
  public let stateNames = ["h"]
  /// What is shown over time.
  public var signals: [Signal] {
    [Signal("h", "hidden state", nonlinearity == .tanh ? .signed : .positive)]
  }

  /// Draws every parameter from U(−1/√H, 1/√H), the recurrent weights as `spec` says.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    nonlinearity = spec.nonlinearity
    options = spec.options
    weights = CellParameters(
      gates: 1, inputSize: inputSize, hiddenSize: spec.hiddenSize, recurrent: spec.recurrentInit,
      biases: options.biasInit, lane: lane, using: &random)
  }

  /// W x + b of every step.
  public func fromInput(_ x: Tensor) -> Tensor { weights.input(x) }

  /// One time step from W x + b, `[B, H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let z = fromInput + weights.recurrent(state[0], noise)
    let hidden = noise.held("h", nonlinearity == .tanh ? tanh(z) : relu(z))
    return RecurrentStep(state: [hidden], signals: [hidden])
  }

  /// All time steps at once, by the fused kernel.
  public func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    guard noise.fitsFusedKernel else {
      return stepByStep(x, from: state, noise: noise, probe: probe)
    }
    let fused = RNNSequence(
      x, h0: state[0], weights: weights.beside(x, noise), activation: nonlinearity, probe: probe)
    return RecurrentSequence(
      output: fused.output, state: [fused.h], signals: [fused.output.detached])
  }
}
