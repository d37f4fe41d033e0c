import Engine

/// An LSTM with batch normalisation of both products and of the cell.
///
///     [i f g o]ₜ = BN(W xₜ; γ_x) + BN(U d(hₜ₋₁); γ_h) + b
///     cₜ = σ(fₜ) ⊙ cₜ₋₁ + σ(iₜ) ⊙ d(tanh(gₜ))  cell state
///     hₜ = σ(oₜ) ⊙ tanh(BN(cₜ; γ_c, β_c))      hidden state
///
/// Every one of the first `max_length` time steps has statistics of its own, and later ones use
/// those of the last: early in a sequence the state is smaller than later on. Steps are counted from
/// the beginning of what a pass reads, so every pass starts from a state of zeros and none is carried
/// on. Padding takes no part in the statistics. A cell that reads backwards counts its steps from the
/// last valid one of each sequence and has statistics of its own. What is dropped or kept at random
/// moves the statistics like the rest of a batch; zoneout in evaluation mixes states that the statistics
/// have not seen mixed, which makes it rougher here than in cells that normalise nothing.
///
/// Shapes: B batch, T time steps, D input features, H hidden units, L steps with statistics.
/// Input `[B, T, D]`, output `[B, T, H]`.
///
/// Source: Cooijmans et al. 2016, arXiv:1603.09025; gates are stacked i, f, g, o here. Gains start
/// at 0.1, so that tanh and σ start in their linear range. Running variances are unbiased, as in
/// PyTorch.
public struct BNLSTM: RecurrentLayer {
  /// What the user edits of an LSTM with batch normalisation.
  public struct Spec: VectorCellSpec {
    /// The name in session files and in the palette.
    public static let kind = "bn_lstm"
    /// What it does, in one line.
    public static let summary = "LSTM with batch normalisation"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [
        .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
        .integer("max_length", \.maxLength, in: 1...10_000, "time steps with own statistics"),
        .choice("recurrent_init", \.recurrentInit, "how recurrent weights start").optional,
        .decimal("forget_bias", \.forgetBias, in: -10...10, "the forget gate's bias at the start")
          .optional,
        .decimal("momentum", \.momentum, in: 0...1, "how far running statistics move").optional,
        .decimal("eps", \.eps, in: 0...1, "ε, added to the variance").optional,
      ] + gainFields + sharedFields + cellStateFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// The number of time steps with statistics of their own, L; at least 1.
    public var maxLength = 100
    /// How recurrent weights start.
    public var recurrentInit = RecurrentInitializer.orthogonal
    /// What the forget gate's bias starts from; the others start from 0.
    public var forgetBias = 0.0
    /// How far running statistics move towards those of a batch, in [0, 1].
    public var momentum = 0.1
    /// What is added to every variance, above 0; larger keeps channels calm that hardly vary at a step.
    public var eps = 1e-5
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units and 100 time steps with statistics of their own.
    public init() {}

    /// `hiddenSize` hidden units and `maxLength` time steps with statistics of their own.
    public init(hiddenSize: Int, maxLength: Int) {
      self.hiddenSize = hiddenSize
      self.maxLength = maxLength
    }

    /// The width of the state and of one direction's output.
    public var outputSize: Int { hiddenSize }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      LayerNormLSTM.shapes(inputSize: inputSize, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { 70 * hiddenSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      BNLSTM(self, inputSize: inputSize, lane: lane, using: &random)
    }
  }

  /// Input weights `[4H, D]` and recurrent weights `[4H, H]`; gates stacked i, f, g, o.
  public let weightIH, weightHH: Parameter
  /// The shift of the gates, `[4H]`.
  public let bias: Parameter
  private let normIH, normHH, normC: StepwiseBatchNorm
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] {
    [weightIH, weightHH, bias, normIH.weight, normHH.weight, normC.weight]
      + (normC.bias.map { [$0] } ?? [])
  }
  /// What is saved and not trained: the running statistics of every time step, `[L, 4H]`, `[L, H]`.
  public var buffers: [Parameter] {
    [normIH, normHH, normC].flatMap { [$0.runningMean, $0.runningVariance] }
  }
  /// Statistics belong to time steps since the beginning.
  public var needsWholeSequences: Bool { true }
  /// What is shown over time.
  public let signals = Signal.ofLSTM
  /// The parts of the state.
  public var stateNames: [String] { ["h", "c"] }
  /// The forget gate keeps the cell, which is normalised only on its way into h.
  public var keeper: CellMemory.Keeper { .gate("f") }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weightHH }

  /// Draws the weights from U(−1/√H, 1/√H), the recurrent ones as `spec` says; biases start at 0 and
  /// gains at 0.1.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    options = spec.options
    func named(_ name: String, _ value: Tensor) -> Parameter {
      Parameter(name + lane.suffix, value)
    }
    let stacked = 4 * spec.hiddenSize
    let bound = 1 / Float(spec.hiddenSize).squareRoot()
    weightIH = named(
      "weight_ih_l0", .uniform(-bound...bound, [stacked, inputSize], using: &random))
    weightHH = named(
      "weight_hh_l0", .uniform(-bound...bound, [stacked, spec.hiddenSize], using: &random))
    spec.recurrentInit.apply(to: weightHH, using: &random)
    bias = named("bias_l0", .zeros([stacked]))
    bias.addToGate(1, of: spec.hiddenSize, Float(spec.forgetBias))
    func norm(_ part: String, _ size: Int, hasBias: Bool) -> StepwiseBatchNorm {
      StepwiseBatchNorm(
        weight: named("norm_\(part)_weight_l0", .filled(with: 0.1, [size])),
        bias: hasBias ? named("norm_\(part)_bias_l0", .zeros([size])) : nil,
        runningMean: named("norm_\(part)_running_mean_l0", .zeros([spec.maxLength, size])),
        runningVariance: named("norm_\(part)_running_var_l0", .ones([spec.maxLength, size])),
        momentum: Float(spec.momentum), epsilon: spec.eps)
    }
    normIH = norm("ih", stacked, hasBias: false)
    normHH = norm("hh", stacked, hasBias: false)
    normC = norm("c", spec.hiddenSize, hasBias: true)
  }

  /// W x of every step.
  public func fromInput(_ x: Tensor) -> Tensor { x.linear(weightIH) }

  /// One time step from W x, `[B, 4H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let (h, c) = (state[0], state[1])
    var moved: [MovedRow] = []
    let fromInput = normIH(fromInput, at: noise.place, &moved)
    let product = noise.hidden(h).linear(noise.weight(weightHH, beside: h))
    let fromState = normHH(product, at: noise.place, &moved)
    let ones = Tensor.ones([4 * hiddenSize])
    let gates = (fromInput + fromState).scaledByChannel(ones, bias.beside(h), inner: 1).split(4)
    let input = noise.held("i", sigmoid(gates[0]))
    let forget = noise.held("f", sigmoid(gates[1]))
    let candidate = noise.held("g", tanh(gates[2]))
    let output = noise.held("o", sigmoid(gates[3]))
    let cell = noise.held("c", forget * c + input * noise.candidate(candidate))
    let hidden = noise.held("h", output * tanh(normC(cell, at: noise.place, &moved)))
    return RecurrentStep(
      state: [hidden, cell], signals: [input, forget, candidate, output, cell, hidden], moved: moved
    )
  }
}
