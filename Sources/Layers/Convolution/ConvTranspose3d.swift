import Engine

/// A transposed convolution over time, height and width of videos: every number spreads over k × k × k,
/// s after the one before it.
///
///     y at (t s − q + a d, o, u s − p + i d, v s − p + j d)  gets  W_coaij x at (t, c, u, v);
///     then b_o is added
///
/// Shapes: B batch, T time steps, C input channels, O output channels, H height, W width, k kernel
/// size, s stride, d dilation (of each axis its own, if they differ), G groups. Input
/// `[B, T, C, H, W]`, output `[B, T′, O, H′, W′]`. Weights `[C, O/G, k, k, k]` and biases `[O]` under
/// PyTorch's names (there inputs are `[B, C, T, H, W]`), from U(−1/√F, 1/√F) with F = k³ O/G, as there.
///
/// Time is cut as by `conv_transpose1d` and images as by `conv_transpose2d`; `causal` is causal in time
/// and `same` over images. What stands past a sequence's length spreads nothing, and the lengths grow
/// as T does.
public struct ConvTranspose3d: ConvolutionLayer {
  /// What the user edits of a transposed convolution over videos.
  public typealias Spec = ConvolutionSpec<ConvTranspose3d>
  /// What may be cut off at the ends of a sequence.
  public typealias Ends = TimePadding

  /// The name in session files and in the palette.
  public static let kind = "conv_transpose3d"
  /// What it does, in one line.
  public static let summary = "transposed convolution over videos: more steps and pixels"
  /// The output channels that a new one has.
  public static let usualChannels = 8
  /// Frames and pixels.
  public static let ground = KernelGround(
    unit: "frames and pixels", kernel: "frames and pixels on a side that an input spreads over, k",
    around: "or is cut off around the video", longest: 63)
  /// Time, height and width.
  public static let axes = 3
  /// Inputs spread over outputs.
  public static let isTransposed = true

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.requireVideo(input)
    try spec.checkGroups(channels: input.features[0], input)
    var output = input
    output.features =
      [spec.outChannels]
      + zip(spec.spreadings.dropFirst(), input.features.dropFirst()).map { $0.outputs(over: $1) }
    output.time = spec.spreadings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    let axes = spec.spreadings
    return outputs.sliding(
      KernelSight(time: axes[0].sight, rows: axes[1].sight, columns: axes[2].sight),
      groups: spec.groups, over: input)
  }

  private let spec: Spec
  private let weights: ConvolutionParameters

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }
  /// A step spreads over its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// The layer that `spec` describes with these weights.
  public init(_ spec: Spec, for input: Signature, _ weights: ConvolutionParameters) {
    self.spec = spec
    self.weights = weights
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    spec.spreadOverTime(input, weights, &pass)
  }
}
