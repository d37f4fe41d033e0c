import Engine

/// A convolution over time (cross-correlation, as everywhere in this field).
///
///     yₜ = b + Σⱼ Wⱼ x at t · s − p + j · d,   j = 0 … k − 1
///
/// Shapes: B batch, T time steps, D input channels, O output channels, k kernel size, s stride,
/// d dilation, G groups. Input `[B, T, D]`, output `[B, T′, O]`, channels last, as for every layer of
/// sequences here; weights `[O, D/G, k]` and biases `[O]` under PyTorch's names, from
/// U(−1/√F, 1/√F) with F = k D/G.
///
/// Padding `same` and `causal` give T′ = ⌈T/s⌉ steps, with p = ⌊d (k − 1)/2⌋ or p = d (k − 1);
/// `valid` gives ⌊(T − d (k − 1) − 1)/s⌋ + 1, with p = 0. A sequence that is too short for the kernel
/// counts as padded at its end, so that one step comes out. What stands past a sequence's length is
/// padding, too, and the lengths shrink as T does.
public struct Conv1d: Layer {
  /// What the user edits of a convolution over time.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "conv1d"
    /// What it does, in one line.
    public static let summary = "convolution over time"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("out_channels", \.outChannels, in: 1...65_536, "output channels, O"),
      .integer("kernel_size", \.kernelSize, in: 1...4096, "time steps that an output sees, k"),
      .integer("stride", \.stride, in: 1...4096, "time steps between outputs, s"),
      .choice("padding", \.padding, "what stands before and after the sequence"),
      .integer("dilation", \.dilation, in: 1...4096, "time steps between taps, d"),
      .integer("groups", \.groups, in: 1...65_536, "groups of channels that see each other, G"),
      .flag("bias", \.bias, "whether to add b"),
    ]

    /// Output channels, O; at least 1.
    public var outChannels = 64
    /// Time steps that an output sees, k; at least 1.
    public var kernelSize = 3
    /// Time steps between outputs, s; at least 1.
    public var stride = 1
    /// What stands before and after the sequence.
    public var padding = TimePadding.same
    /// Time steps between taps, d; at least 1.
    public var dilation = 1
    /// Groups of channels that see each other, G; at least 1.
    public var groups = 1
    /// Whether to add b.
    public var bias = true

    /// 64 channels that see 3 steps.
    public init() {}

    /// `outChannels` channels that see `kernelSize` steps.
    public init(outChannels: Int, kernelSize: Int = 3) {
      self.outChannels = outChannels
      self.kernelSize = kernelSize
    }

    var sliding: Sliding { Sliding(kernelSize, stride: stride, dilation: dilation, padding) }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let size = try featureSize(of: input, sequence: true)
      try checkGroups(groups, channels: size, outChannels: outChannels, input)
      var output = input.withSize(outChannels)
      output.time = sliding.steps(input.time)
      return output
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      ConvolutionParameters.shapes(
        [outChannels, (input.size ?? 0) / groups, kernelSize], hasBias: bias)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * outChannels + 2 * (input.size ?? 0) }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Conv1d(self, inChannels: input.size ?? 0, using: &random)
    }
  }

  private let spec: Spec
  private let weights: ConvolutionParameters

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }

  /// Draws every parameter from U(−1/√F, 1/√F).
  public init(_ spec: Spec, inChannels: Int, using random: inout Random) {
    self.spec = spec
    weights = ConvolutionParameters(
      spec.parameterShapes(for: .sequence(inChannels)), using: &random)
  }

  /// A step sees its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    pass.lengths = lengths?.map(spec.sliding.steps(TimeSteps()).callAsFunction)
    return input.convolvedOverTime(
      weights.weight.beside(input), weights.bias?.beside(input),
      spec.sliding.window(over: input.shape[1]), groups: spec.groups, lengths: lengths)
  }
}
