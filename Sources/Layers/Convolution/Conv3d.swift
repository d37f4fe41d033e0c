import Engine

/// A convolution over time, height and width of videos (cross-correlation, as everywhere in this
/// field).
///
///     y at (t, o, u, v) = b_o + Σ_c Σₐᵢⱼ W_ocaij x at (t s − q + a d, c, u s − p + i d, v s − p + j d)
///
/// Shapes: B batch, T time steps, C input channels, O output channels, H height, W width, k kernel
/// size, s stride, d dilation (of each axis its own, if they differ), G groups. Input `[B, T, C, H, W]`, output `[B, T′, O, H′, W′]`. Weights
/// `[O, C/G, k, k, k]` and biases `[O]` under PyTorch's names (there inputs are `[B, C, T, H, W]`), from
/// U(−1/√F, 1/√F) with F = k³ C/G.
///
/// Time is padded as by `conv1d` and images as by `conv2d`; `causal` is causal in time and `same` over
/// images. What stands past a sequence's length is padding, too, and the lengths shrink as T does.
///
/// Source: Tran et al. 2015, arXiv:1412.0767 (C3D).
public struct Conv3d: ConvolutionLayer {
  /// What the user edits of a convolution over videos.
  public typealias Spec = ConvolutionSpec<Conv3d>
  /// How the kernel may treat the ends of a sequence.
  public typealias Ends = TimePadding

  /// The name in session files and in the palette.
  public static let kind = "conv3d"
  /// What it does, in one line.
  public static let summary = "convolution over time and images together"
  /// The output channels that a new one has.
  public static let usualChannels = 8
  /// Frames and pixels.
  public static let ground = KernelGround(
    unit: "frames and pixels", kernel: "frames and pixels on a side of the kernel, k",
    around: "around the video", longest: 63)
  /// Time, height and width.
  public static let axes = 3

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.requireVideo(input)
    try spec.checkGroups(channels: input.features[0], input)
    var output = try spec.slide(
      Array(spec.slidings.dropFirst()), over: input, channels: spec.outChannels,
      cure: "Use a smaller kernel_size or dilation, or padding same.")
    output.time = spec.slidings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(
        time: spec.slidings[0].sight, rows: spec.slidings[1].sight, columns: spec.slidings[2].sight),
      groups: spec.groups, over: input)
  }

  private let spec: Spec
  private let weights: ConvolutionParameters

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// A step sees its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// The layer that `spec` describes with these weights.
  public init(_ spec: Spec, for input: Signature, _ weights: ConvolutionParameters) {
    self.spec = spec
    self.weights = weights
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    pass.lengths = lengths?.map(spec.slidings[0].steps(TimeSteps()).callAsFunction)
    let overTime = spec.slidings[0].window(over: input.shape[1])
    let overImage = Array(spec.slidings.dropFirst())
      .window(over: Array(input.shape.dimensions.suffix(2)))
    return input.channelsFirst(lengths: lengths)
      .convolved(
        weights.weight.beside(input), weights.bias?.beside(input), overTime.before(overImage),
        groups: spec.groups
      ).timeFirst()
  }
}

extension Window {
  /// The axes of this window, then those of `other`.
  fileprivate func before(_ other: Window) -> Window {
    Window(
      over: input + other.input, to: output + other.output, kernel: kernel + other.kernel,
      stride: stride + other.stride, padding: padding + other.padding,
      dilation: dilation + other.dilation)
  }
}
