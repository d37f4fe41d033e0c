import Engine

/// Batch normalisation: every channel over the whole batch.
///
///     y = (x − μ) / √(σ² + ε) · g + b
///
/// While training, μ and σ² (biased) are those of the channel over the batch, the valid time steps
/// and the pixels, and the running statistics move towards them: m ← (1 − p) m + p μ with the
/// momentum p, and likewise the running variance, towards the unbiased σ². Otherwise, and where
/// fewer than 2 numbers of a channel are valid, μ and σ² are the running statistics.
///
/// Shapes: B batch, T time steps, C channels, H height, W width.
/// Input and output `[B, C]`, `[B, C, H, W]`, or these as sequences; steps past a sequence's length
/// do not count. Everything else is `[C]`: g and the running variance start from ones, b and the
/// running mean from zeros.
///
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167; names and defaults as in PyTorch. (In Keras
/// the momentum is the weight of the old value.)
public struct BatchNorm: Layer {
  /// What the user edits of batch normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "batch_norm"
    /// What it does, in one line.
    public static let summary = "mean 0 and variance 1 of every channel over the batch"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .decimal("momentum", \.momentum, in: 0...1, "weight of a batch in the running statistics"),
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance"),
    ]

    /// Weight of a batch in the running statistics, in [0, 1].
    public var momentum = 0.1
    /// ε, added to the variance, in [0, 1].
    public var eps = 1e-5

    /// A momentum of 0.1.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      ["weight", "bias"].map { ParameterShape($0, [input.features.first ?? 0]) }
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 6 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      BatchNorm(self, features: input.features, isSequence: input.isSequence)
    }
  }

  /// The gain g and the offset b of every channel, `[C]`.
  public let weight, bias: Parameter
  /// The running statistics of every channel, `[C]`.
  public let runningMean, runningVariance: Parameter
  private let spec: Spec
  /// Numbers of one channel in one step.
  private let inner: Int
  private let isSequence: Bool

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight, bias] }
  /// What is saved and not trained: the running statistics.
  public var buffers: [Parameter] { [runningMean, runningVariance] }

  /// The identity but for ε: running statistics of a standard normal distribution.
  public init(_ spec: Spec, features: [Int], isSequence: Bool) {
    self.spec = spec
    self.isSequence = isSequence
    inner = features.dropFirst().reduce(1, *)
    let channels: Shape = [features[0]]
    weight = Parameter("weight", .ones(channels))
    bias = Parameter("bias", .zeros(channels))
    runningMean = Parameter("running_mean", .zeros(channels))
    runningVariance = Parameter("running_var", .ones(channels))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let rows = isSequence ? pass.validRows(of: input) : Array(0..<input.shape[0])
    let usesBatch = pass.isTraining && rows.count * inner > 1
    let normal = usesBatch ? byBatch(input, rows, &pass) : byRunningStatistics(input)
    return normal.scaledByChannel(weight.beside(input), bias.beside(input), inner: inner)
  }

  private func byBatch(_ input: Tensor, _ rows: [Int], _ pass: inout Pass) -> Tensor {
    let channels = weight.value.count
    let found = input.channelsTogether(channels, inner: inner, rows: rows)
      .normalizedRows(of: rows.count * inner, epsilon: spec.eps)
    let (count, momentum) = (Float(rows.count * inner), Float(spec.momentum))
    for (buffer, value) in [
      (runningMean, found.mean), (runningVariance, found.variance * (count / (count - 1))),
    ] {
      pass.statistics.append((buffer, buffer.value * (1 - momentum) + value * momentum))
    }
    return found.output.channelsApart(input.shape, inner: inner, rows: rows)
  }

  private func byRunningStatistics(_ input: Tensor) -> Tensor {
    let epsilon = spec.eps
    let scale = Tensor(
      runningVariance.value.scalars.map { Float(1 / (Double($0) + epsilon).squareRoot()) },
      runningVariance.value.shape)
    return input.scaledByChannel(scale, -(runningMean.value * scale), inner: inner)
  }
}
