import Engine

/// Batch normalisation of sequences with statistics of its own for every time step.
///
///     yₜ = (xₜ − μₜ) / √(σ²ₜ + ε) · g + b
///
/// While training, μₜ and σ²ₜ (biased) are those of the sequences that reach step t, and the running
/// statistics of the step move towards them, the variance towards the unbiased one; with fewer than 2 such
/// sequences, and in evaluation, they are the running ones. Steps beyond the last of the L with statistics
/// use its. Behind a recurrent layer it normalises what that puts out and leaves its state alone, as
/// Li et al. do after the activation of an IndRNN.
///
/// Shapes: B batch, T time steps, C channels. Input and output `[B, T, C]`; g and b are `[C]`, from ones and
/// zeros, the running statistics `[L, C]`.
///
/// Source: Cooijmans et al. 2016, arXiv:1603.09025; Li et al. 2018, arXiv:1803.04831.
public struct StepwiseBatchNormLayer: Layer {
  /// What the user edits of batch normalisation step by step.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "stepwise_batch_norm"
    /// What it does, in one line.
    public static let summary = "batch normalisation of every time step by itself"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("max_length", \.maxLength, in: 1...10_000, "time steps with own statistics"),
      .decimal("momentum", \.momentum, in: 0...1, "weight of a batch in the running statistics"),
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance"),
    ]

    /// The number of time steps with statistics of their own, L; at least 1.
    public var maxLength = 100
    /// Weight of a batch in the running statistics, in [0, 1].
    public var momentum = 0.1
    /// ε, added to the variance, in [0, 1].
    public var eps = 1e-5

    /// 100 time steps with statistics of their own.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      _ = try featureSize(of: input, sequence: true)
      return input
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      ["weight", "bias"].map { ParameterShape($0, [input.size ?? 0]) }
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 8 * (input.size ?? 0) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      StepwiseBatchNormLayer(self, channels: input.size ?? 0)
    }
  }

  private let norm: StepwiseBatchNorm
  private let shift: Parameter

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [norm.weight, shift] }
  /// What is saved and not trained: the running statistics of every time step, `[L, C]`.
  public var buffers: [Parameter] { norm.buffers }
  /// Statistics belong to time steps since the beginning.
  public var needsWholeSequences: Bool { true }

  /// The identity but for ε: running statistics of a standard normal distribution.
  public init(_ spec: Spec, channels: Int) {
    shift = Parameter("bias", .zeros([channels]))
    norm = StepwiseBatchNorm(
      weight: Parameter("weight", .ones([channels])), bias: shift,
      runningMean: Parameter("running_mean", .zeros([spec.maxLength, channels])),
      runningVariance: Parameter("running_var", .ones([spec.maxLength, channels])),
      momentum: Float(spec.momentum), epsilon: spec.eps)
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths ?? Array(repeating: input.shape[1], count: input.shape[0])
    var moved: [MovedRow] = []
    let steps = input.eachStep().enumerated().map { t, x in
      let reached = lengths.indices.filter { t < lengths[$0] }
      return norm(x, at: StepPlace(time: t, batch: pass.isTraining ? reached : nil), &moved)
    }
    pass.statistics += moved.merged
    return .sequence(of: steps)
  }
}
