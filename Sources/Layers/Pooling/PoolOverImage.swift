import Engine

/// A pool over images: one number of every window and channel.
///
///     y at (c, u, v) = max or mean of x at (c, u s − p + i, v s − p + j),   i, j = 0 … k − 1
///
/// Shapes: B batch, T time steps, C channels, H height, W width, k kernel size, s stride, p padding, of
/// each axis its own, if they differ.
/// Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are pooled alike; output
/// `[B, C, H′, W′]` or `[B, T, C, H′, W′]` with H′ = ⌊(H + 2p − k)/s⌋ + 1, as in PyTorch. The maximum
/// ignores padding, and the first of equals gets the gradient; the mean counts padding as 0.
public struct PoolOverImage<Kind: PoolKind>: PoolLayer {
  /// What the user edits of a pool over images.
  public typealias Spec = PoolSpec<PoolOverImage>

  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind + "2d" }
  /// What it does, in one line.
  public static var summary: String { Kind.summary + " a rectangle of pixels" }
  /// What the window counts in.
  public static var unit: String { "pixels" }
  /// The longest side of a window.
  public static var longest: Int { 63 }
  /// Height and width.
  public static var axes: Int { 2 }
  /// Its windows are of pixels.
  public static var isOverTime: Bool { false }

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.slide(
      spec.slidings, over: input, channels: try spec.imageSizes(of: input)[0],
      cure: "Use a smaller kernel_size or more padding.")
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(rows: spec.slidings[0].sight, columns: spec.slidings[1].sight), groups: nil,
      over: input)
  }

  private let window: Window

  /// The pool that `spec` describes, for images of `features` C, H, W.
  public init(_ spec: Spec, features: [Int]) {
    window = spec.slidings.window(over: Array(features.dropFirst()))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let leading = input.shape.dimensions.dropLast(2)
    return input.pooled(Kind.pooling, window, to: Shape(leading + window.output))
  }
}

/// The largest number of a square of pixels.
public typealias MaxPool2d = PoolOverImage<MaxPool>
/// The mean of a square of pixels.
public typealias AvgPool2d = PoolOverImage<AvgPool>
