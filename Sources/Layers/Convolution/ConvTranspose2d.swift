import Engine

/// A transposed convolution over images: every pixel spreads over k × k pixels, s after the one
/// before it.
///
///     y at (o, u s − p + i d, v s − p + j d)  gets  W_coij x at (c, u, v);   then b_o is added
///
/// Shapes: B batch, T time steps, C input channels, O output channels, H height, W width, k kernel
/// size, s stride, d dilation, G groups. Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are
/// taken alike; output `[B, O, H′, W′]` or `[B, T, O, H′, W′]`. Weights `[C, O/G, k, k]` and biases
/// `[O]` under PyTorch's names, from U(−1/√F, 1/√F) with F = k² O/G, as there.
///
/// Padding `same` gives H′ = s H: what is more is cut off around, the smaller half in front; `valid`
/// keeps all (H − 1) s + d (k − 1) + 1 rows; a number p cuts off as much at both ends, and
/// `output_padding` rows are more behind, as in PyTorch.
public struct ConvTranspose2d: ConvolutionLayer {
  /// What the user edits of a transposed convolution over images.
  public typealias Spec = ConvolutionSpec<ConvTranspose2d>
  /// What may be cut off around an image.
  public typealias Ends = Padding

  /// The name in session files and in the palette.
  public static let kind = "conv_transpose2d"
  /// What it does, in one line.
  public static let summary = "transposed convolution over images: more pixels"
  /// The output channels that a new one has.
  public static let usualChannels = 16
  /// Pixels.
  public static let ground = KernelGround(
    unit: "pixels", kernel: "pixels on a side that an input spreads over, k",
    around: "or is cut off around the image", longest: 255)
  /// Height and width.
  public static let axes = 2
  /// Inputs spread over outputs.
  public static let isTransposed = true

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    let sizes = try spec.imageSizes(of: input)
    try spec.checkGroups(channels: sizes[0], input)
    var output = input
    output.features =
      [spec.outChannels] + zip(spec.spreadings, sizes.dropFirst()).map { $0.outputs(over: $1) }
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(rows: spec.spreadings[0].sight, columns: spec.spreadings[1].sight),
      groups: spec.groups, over: input)
  }

  private let groups: Int
  private let weights: ConvolutionParameters
  private let window: Window

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }

  /// The layer that `spec` describes with these weights, for images like `input`.
  public init(_ spec: Spec, for input: Signature, _ weights: ConvolutionParameters) {
    groups = spec.groups
    window = spec.spreadings.window(over: Array(input.features.dropFirst()))
    self.weights = weights
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.convolvedTransposed(
      weights.weight.beside(input), weights.bias?.beside(input), window, groups: groups)
  }
}
