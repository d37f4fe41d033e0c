import Engine

/// An LSTM with batch normalisation of both products and of the cell.
///
///     [i f g o]ₜ = BN(W xₜ; γ_x) + BN(U hₜ₋₁; γ_h) + b
///     cₜ = σ(fₜ) ⊙ cₜ₋₁ + σ(iₜ) ⊙ tanh(gₜ)     cell state
///     hₜ = σ(oₜ) ⊙ tanh(BN(cₜ; γ_c, β_c))      hidden state
///
/// Every one of the first `max_length` time steps has statistics of its own, and later ones use
/// those of the last: early in a sequence the state is smaller than later on. Steps are counted from
/// the beginning of what a pass reads, so every pass starts from a state of zeros and none is carried
/// on. Padding takes no part in the statistics.
///
/// Shapes: B batch, T time steps, D input features, H hidden units, L steps with statistics.
/// Input `[B, T, D]`, output `[B, T, H]`.
///
/// Source: Cooijmans et al. 2016, arXiv:1603.09025; gates are stacked i, f, g, o here. Gains start
/// at 0.1, so that tanh and σ start in their linear range. Running variances are unbiased, as in
/// PyTorch.
public struct BNLSTM: Layer {
  /// What the user edits of an LSTM with batch normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "bn_lstm"
    /// What it does, in one line.
    public static let summary = "LSTM with batch normalisation"
    /// Every matrix at every time step.
    public static let weightUse = WeightUse.everyOutput
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
      .integer("max_length", \.maxLength, in: 1...10_000, "time steps with own statistics"),
      .choice("recurrent_init", \.recurrentInit, "how recurrent weights start").optional,
      .decimal("forget_bias", \.forgetBias, in: -10...10, "the forget gate's bias at the start")
        .optional,
      .decimal("momentum", \.momentum, in: 0...1, "how far running statistics move").optional,
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance").optional,
    ]

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

    /// 64 hidden units and 100 time steps with statistics of their own.
    public init() {}

    /// `hiddenSize` hidden units and `maxLength` time steps with statistics of their own.
    public init(hiddenSize: Int, maxLength: Int) {
      self.hiddenSize = hiddenSize
      self.maxLength = maxLength
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      _ = try featureSize(of: input, sequence: true)
      return input.withSize(hiddenSize)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.past(of: 0..<hiddenSize, over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      LayerNormLSTM.shapes(inputSize: input.size ?? 0, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 70 * hiddenSize }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      BNLSTM(self, inputSize: input.size ?? 0, using: &random)
    }
  }

  /// Input weights `[4H, D]` and recurrent weights `[4H, H]`; gates stacked i, f, g, o.
  public let weightIH, weightHH: Parameter
  /// The shift of the gates, `[4H]`.
  public let bias: Parameter
  private let normIH, normHH, normC: StepwiseBatchNorm
  private let hiddenSize: Int

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
  /// The forget gate keeps the cell, which is normalised only on its way into h.
  public let memories = [CellMemory(of: "c", keptBy: .gate("f"))]

  /// Draws the weights from U(−1/√H, 1/√H), the recurrent ones as `spec` says; biases start at 0 and
  /// gains at 0.1.
  public init(_ spec: Spec, inputSize: Int, using random: inout Random) {
    hiddenSize = spec.hiddenSize
    let stacked = 4 * spec.hiddenSize
    let bound = 1 / Float(spec.hiddenSize).squareRoot()
    weightIH = Parameter(
      "weight_ih_l0", .uniform(-bound...bound, [stacked, inputSize], using: &random))
    weightHH = Parameter(
      "weight_hh_l0", .uniform(-bound...bound, [stacked, spec.hiddenSize], using: &random))
    spec.recurrentInit.apply(to: weightHH, using: &random)
    bias = Parameter("bias_l0", .zeros([stacked]))
    bias.addToGate(1, of: spec.hiddenSize, Float(spec.forgetBias))
    func norm(_ part: String, _ size: Int, hasBias: Bool) -> StepwiseBatchNorm {
      StepwiseBatchNorm(
        weight: Parameter("norm_\(part)_weight_l0", .filled(with: 0.1, [size])),
        bias: hasBias ? Parameter("norm_\(part)_bias_l0", .zeros([size])) : nil,
        runningMean: Parameter("norm_\(part)_running_mean_l0", .zeros([spec.maxLength, size])),
        runningVariance: Parameter("norm_\(part)_running_var_l0", .ones([spec.maxLength, size])),
        momentum: Float(spec.momentum), epsilon: spec.eps)
    }
    normIH = norm("ih", stacked, hasBias: false)
    normHH = norm("hh", stacked, hasBias: false)
    normC = norm("c", spec.hiddenSize, hasBias: true)
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let (batch, time) = (input.shape[0], input.shape[1])
    let probe = pass.probesGradients ? GradientProbe() : nil
    let gathered = probe.map { StepGradients(time: time, probe: $0) }
    let zeros = Tensor.zeros([batch, hiddenSize])
    var (h, c) = (input.tape?.constant(zeros) ?? zeros, input.tape?.constant(zeros) ?? zeros)
    var moving = Moving(ih: normIH.moving, hh: normHH.moving, c: normC.moving)
    var outputs: [Tensor] = []
    var recorded: [[Tensor]] = signals.map { _ in [] }
    for t in 0..<time {
      let reach = (0..<batch).filter { t < pass.lengths?[$0] ?? time }
      let made = step(input.step(t), h, c, t, over: pass.isTraining ? reach : nil, &moving)
      (h, c) = (gathered?.watch(made[5], t) ?? made[5], made[4])
      outputs.append(h)
      for (index, value) in made.enumerated() { recorded[index].append(value.detached) }
    }
    if pass.isTraining {
      pass.statistics +=
        normIH.moved(moving.ih) + normHH.moved(moving.hh) + normC.moved(moving.c)
    }
    pass.keep(probe, suffix: "")
    pass.keep(signals, recorded.map(Tensor.sequence(of:)))
    return .sequence(of: outputs)
  }

  private struct Moving {
    var ih, hh, c: StepwiseBatchNorm.Moving
  }

  /// Step `t` normalised over `rows`: i, f, g, o, c and h, `[B, H]` each.
  private func step(
    _ x: Tensor, _ h: Tensor, _ c: Tensor, _ t: Int, over rows: [Int]?, _ moving: inout Moving
  ) -> [Tensor] {
    let fromInput = normIH(x.linear(weightIH), at: t, over: rows, &moving.ih)
    let fromState = normHH(h.linear(weightHH), at: t, over: rows, &moving.hh)
    let ones = Tensor.ones([4 * hiddenSize])
    let gates = (fromInput + fromState).scaledByChannel(ones, bias.beside(h), inner: 1).split(4)
    let input = sigmoid(gates[0])
    let forget = sigmoid(gates[1])
    let candidate = tanh(gates[2])
    let output = sigmoid(gates[3])
    let cell = forget * c + input * candidate
    let hidden = output * tanh(normC(cell, at: t, over: rows, &moving.c))
    return [input, forget, candidate, output, cell, hidden]
  }
}
