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
/// With `reset_after` false it is applied before, as Cho et al. and Keras's `reset_after=False` do:
///
///     nₜ = tanh(W_n xₜ + b_n + U_n (rₜ ⊙ hₜ₋₁) + d_n)    candidate
///
/// With `bias_init` zeros and `gate_bias` 1 it starts as TensorFlow 1's GRU, which keeps most of its state at
/// first. Chrono biases (Tallec and Ollivier 2018, arXiv:1804.11188) start b_z at ln U(1, T_max − 1) and
/// d_z at 0, so that units forget over 1 to T_max time steps.
public struct GRU: RecurrentLayer {
  /// What the user edits of a GRU.
  public struct Spec: VectorCellSpec {
    /// The name in session files and in the palette.
    public static let kind = "gru"
    /// What it does, in one line.
    public static let summary = "gated recurrent unit"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [
        .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
        .flag("reset_after", \.resetAfter, "reset acts after the recurrent product").optional,
        .choice("recurrent_init", \.recurrentInit, "how recurrent weights start").optional,
        .integer(
          "chrono_steps", \.chronoSteps, in: 0...1_000_000,
          "longest memory that biases start for; 0: no such start"
        ).optional,
        .decimal(
          "gate_bias", \.gateBias, in: -10...10, "added to the biases of r and z at the start"
        ).optional,
      ] + gainFields + biasFields + sharedFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// Whether the reset gate acts after the recurrent product, as in PyTorch.
    public var resetAfter = true
    /// How recurrent weights start.
    public var recurrentInit = RecurrentInitializer.uniform
    /// The longest memory, in time steps, that the update gate's biases start for; 0: PyTorch's.
    public var chronoSteps = 0
    /// What is added to the biases of the reset and the update gate at the start; 1 in TensorFlow 1.
    public var gateBias = 0.0
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units.
    public init() {}

    /// `hiddenSize` hidden units.
    public init(hiddenSize: Int, resetAfter: Bool = true) {
      self.hiddenSize = hiddenSize
      self.resetAfter = resetAfter
    }

    /// The width of the state and of one direction's output.
    public var outputSize: Int { hiddenSize }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      CellParameters.shapes(gates: 3, inputSize: inputSize, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { (resetAfter ? 13 : 18) * hiddenSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      GRU(self, inputSize: inputSize, lane: lane, using: &random)
    }
  }

  /// The weights; gates stacked r, z, n.
  public let weights: CellParameters
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// Whether the reset gate acts after the recurrent product.
  public let resetAfter: Bool
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weights.weightHH }
  /// The parts of the state.
  public let stateNames = ["h"]
  /// The update gate keeps the state: hₜ = zₜ ⊙ hₜ₋₁ + …
  public var keeper: CellMemory.Keeper { .gate("z") }
  /// What is shown over time.
  public let signals = [
    Signal("r", "reset gate", .gate), Signal("z", "update gate", .gate),
    Signal("n", "candidate", .signed), Signal("h", "hidden state", .signed),
  ]

  /// Draws every parameter from U(−1/√H, 1/√H), but for what `spec` starts otherwise.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    resetAfter = spec.resetAfter
    options = spec.options
    weights = CellParameters(
      gates: 3, inputSize: inputSize, hiddenSize: spec.hiddenSize, recurrent: spec.recurrentInit,
      biases: options.biasInit, lane: lane, using: &random)
    if spec.chronoSteps > 0 {
      let biases = ChronoBias.draw(hiddenSize, steps: spec.chronoSteps, using: &random)
      weights.biasIH.setGate(1, to: biases)
      weights.biasHH.setGate(1, to: .zeros([hiddenSize]))
    }
    if spec.gateBias != 0 {
      for gate in 0..<2 { weights.biasIH.addToGate(gate, of: hiddenSize, Float(spec.gateBias)) }
    }
  }

  /// W x + b of every step.
  public func fromInput(_ x: Tensor) -> Tensor { weights.input(x) }

  /// One time step from W x + b, `[B, 3H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let h = state[0]
    guard resetAfter else { return stepResettingBefore(fromInput, h, noise) }
    let i = fromInput.split(3)  // 3 × [B, H]
    let u = weights.recurrent(h, noise).split(3)  // 3 × [B, H]
    let reset = noise.held("r", sigmoid(i[0] + u[0]))
    let update = noise.held("z", sigmoid(i[1] + u[1]))
    let candidate = noise.held("n", tanh(i[2] + reset * u[2]))
    let hidden = noise.held("h", (1 - update) * candidate + update * h)
    return RecurrentStep(state: [hidden], signals: [reset, update, candidate, hidden])
  }

  /// One time step with the reset gate before the recurrent product.
  private func stepResettingBefore(
    _ fromInput: Tensor, _ h: Tensor, _ noise: StepNoise
  ) -> RecurrentStep {
    let size = hiddenSize
    let (weight, bias) = (noise.weight(weights.weightHH, beside: h), weights.biasHH.beside(h))
    let seen = noise.hidden(h)
    let i = fromInput.split(3)  // 3 × [B, H]
    let u = seen.linear(weight.rows(0..<2 * size), bias.rows(0..<2 * size)).split(2)
    let reset = noise.held("r", sigmoid(i[0] + u[0]))
    let update = noise.held("z", sigmoid(i[1] + u[1]))
    let fromReset = (reset * seen).linear(
      weight.rows(2 * size..<3 * size), bias.rows(2 * size..<3 * size))
    let candidate = noise.held("n", tanh(i[2] + fromReset))
    let hidden = noise.held("h", (1 - update) * candidate + update * h)
    return RecurrentStep(state: [hidden], signals: [reset, update, candidate, hidden])
  }

  /// All time steps at once, by the fused kernel.
  public func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    guard resetAfter && noise.fitsFusedKernel else {
      return stepByStep(x, from: state, noise: noise, probe: probe)
    }
    let fused = GRUSequence(x, h0: state[0], weights: weights.beside(x, noise), probe: probe)
    return RecurrentSequence(output: fused.output, state: [fused.h], signals: fused.signals)
  }
}
