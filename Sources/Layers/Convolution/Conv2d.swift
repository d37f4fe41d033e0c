import Engine

/// A convolution over images (cross-correlation, as everywhere in this field).
///
///     y at (o, u, v) = b_o + Σ_c Σᵢⱼ W_ocij x at (c, u s − p + i d, v s − p + j d)
///
/// Shapes: B batch, T time steps, C input channels, O output channels, H height, W width, k kernel
/// size, s stride, d dilation, G groups. Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are
/// convolved alike; output `[B, O, H′, W′]` or `[B, T, O, H′, W′]`. Weights `[O, C/G, k, k]` and biases
/// `[O]` under PyTorch's names, from U(−1/√F, 1/√F) with F = k² C/G.
///
/// Padding `same` gives H′ = ⌈H/s⌉, with p = ⌊d (k − 1)/2⌋ zeros in front; `valid` gives
/// H′ = ⌊(H − d (k − 1) − 1)/s⌋ + 1, with p = 0.
public struct Conv2d: Layer {
  /// What the user edits of a convolution over images.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "conv2d"
    /// What it does, in one line.
    public static let summary = "convolution over images, on every time step alike"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("out_channels", \.outChannels, in: 1...65_536, "output channels, O"),
      .integer("kernel_size", \.kernelSize, in: 1...255, "pixels on a side of the kernel, k"),
      .integer("stride", \.stride, in: 1...255, "pixels between outputs, s"),
      .choice("padding", \.padding, "what stands around the image"),
      .integer("dilation", \.dilation, in: 1...255, "pixels between taps, d"),
      .integer("groups", \.groups, in: 1...65_536, "groups of channels that see each other, G"),
      .flag("bias", \.bias, "whether to add b"),
    ]

    /// Output channels, O; at least 1.
    public var outChannels = 16
    /// Pixels on a side of the kernel, k; at least 1.
    public var kernelSize = 3
    /// Pixels between outputs, s; at least 1.
    public var stride = 1
    /// What stands around the image.
    public var padding = Padding.same
    /// Pixels between taps, d; at least 1.
    public var dilation = 1
    /// Groups of channels that see each other, G; at least 1.
    public var groups = 1
    /// Whether to add b.
    public var bias = true

    /// 16 channels with kernels of 3 × 3.
    public init() {}

    /// `outChannels` channels with kernels of `kernelSize` × `kernelSize`.
    public init(outChannels: Int, kernelSize: Int = 3) {
      self.outChannels = outChannels
      self.kernelSize = kernelSize
    }

    var sliding: Sliding {
      Sliding(
        kernelSize, stride: stride, dilation: dilation, padding == .same ? .same : .valid)
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let sizes = try imageSizes(of: input)
      try checkGroups(groups, channels: sizes[0], outChannels: outChannels, input)
      return try slide(
        sliding, over: input, channels: outChannels,
        cure: "Use a smaller kernel_size or dilation, or padding same.")
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      ConvolutionParameters.shapes(
        [outChannels, (input.features.first ?? 0) / groups, kernelSize, kernelSize], hasBias: bias)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int {
      let outputs = input.features.dropFirst().reduce(outChannels) {
        $0 * sliding.outputs(over: $1)
      }
      return 2 * outputs + 2 * input.features.reduce(1, *)
    }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Conv2d(self, features: input.features, using: &random)
    }
  }

  private let spec: Spec
  private let weights: ConvolutionParameters
  private let window: Window

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }

  /// For images of `features` C, H, W; draws every parameter from U(−1/√F, 1/√F).
  public init(_ spec: Spec, features: [Int], using random: inout Random) {
    self.spec = spec
    window = spec.sliding.window(over: Array(features.dropFirst()))
    weights = ConvolutionParameters(
      spec.parameterShapes(for: Signature(isSequence: false, features: features)), using: &random)
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.convolved(
      weights.weight.beside(input), weights.bias?.beside(input), window, groups: spec.groups)
  }
}
