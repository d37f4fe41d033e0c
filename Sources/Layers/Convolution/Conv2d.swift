import Engine

/// A convolution over images (cross-correlation, as everywhere in this field).
///
///     y at (o, u, v) = b_o + Σ_c Σᵢⱼ W_ocij x at (c, u s − p + i d, v s − p + j d)
///
/// Shapes: B batch, T time steps, C input channels, O output channels, H height, W width, k kernel
/// size, s stride, d dilation (of each axis its own, if they differ), G groups. Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are
/// convolved alike; output `[B, O, H′, W′]` or `[B, T, O, H′, W′]`. Weights `[O, C/G, k, k]` and biases
/// `[O]` under PyTorch's names, from U(−1/√F, 1/√F) with F = k² C/G.
///
/// Padding `same` gives H′ = ⌈H/s⌉, with p = ⌊d (k − 1)/2⌋ zeros in front; `valid` gives
/// H′ = ⌊(H − d (k − 1) − 1)/s⌋ + 1, with p = 0; a number p, or one for each axis, stands at both ends, as
/// in PyTorch.
public struct Conv2d: ConvolutionLayer {
  /// What the user edits of a convolution over images.
  public typealias Spec = ConvolutionSpec<Conv2d>
  /// How the kernel may treat the borders of an image.
  public typealias Ends = Padding

  /// The name in session files and in the palette.
  public static let kind = "conv2d"
  /// What it does, in one line.
  public static let summary = "convolution over images, on every time step alike"
  /// The output channels that a new one has.
  public static let usualChannels = 16
  /// Pixels.
  public static let ground = KernelGround.image
  /// Height and width.
  public static let axes = 2

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.checkGroups(channels: try spec.imageSizes(of: input)[0], input)
    return try spec.slide(
      spec.slidings, over: input, channels: spec.outChannels,
      cure: "Use a smaller kernel_size or dilation, or padding same.")
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(rows: spec.slidings[0].sight, columns: spec.slidings[1].sight),
      groups: spec.groups,
      over: input)
  }

  private let groups: Int
  private let weights: ConvolutionParameters
  private let window: Window

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }

  /// The layer that `spec` describes with these weights, for images like `input`.
  public init(_ spec: Spec, for input: Signature, _ weights: ConvolutionParameters) {
    groups = spec.groups
    window = spec.slidings.window(over: Array(input.features.dropFirst()))
    self.weights = weights
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.convolved(
      weights.weight.beside(input), weights.bias?.beside(input), window, groups: groups)
  }
}
