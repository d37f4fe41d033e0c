import Engine

/// A pool over time, height and width of videos: one number of every window and channel.
///
///     y at (t, c, u, v) = max or mean of x at (t s − p + a, c, u s − p + i, v s − p + j)
///
/// for a, i, j = 0 … k − 1. The windows of every frame are pooled first, then their numbers over time,
/// which is the same.
///
/// Shapes: B batch, T time steps, C channels, H height, W width, k kernel size, s stride, p padding, of
/// each axis its own, if they differ. Input `[B, T, C, H, W]`, output `[B, T′, C, H′, W′]`, sizes as in
/// PyTorch (there with channels first). The maximum ignores padding, and the first of equals gets the
/// gradient; the mean counts padding as 0. Steps past a sequence's length are padding, and the lengths
/// shrink as T does.
public struct PoolOverVideo<Kind: PoolKind>: PoolLayer {
  /// What the user edits of a pool over videos.
  public typealias Spec = PoolSpec<PoolOverVideo>

  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind + "3d" }
  /// What it does, in one line.
  public static var summary: String { Kind.summary + " a box of frames and pixels" }
  /// What the window counts in.
  public static var unit: String { "frames and pixels" }
  /// The longest side of a window.
  public static var longest: Int { 63 }
  /// Time, height and width.
  public static var axes: Int { 3 }
  /// Its windows are of time steps, too.
  public static var isOverTime: Bool { true }

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.requireVideo(input)
    var output = try spec.slide(
      Array(spec.slidings.dropFirst()), over: input, channels: input.features[0],
      cure: "Use a smaller kernel_size or more padding.")
    output.time = spec.slidings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    let axes = spec.slidings
    return outputs.sliding(
      KernelSight(time: axes[0].sight, rows: axes[1].sight, columns: axes[2].sight), groups: nil,
      over: input)
  }

  private let overTime: Sliding
  private let overImage: Window

  /// The pool that `spec` describes, for videos of `features` C, H, W.
  public init(_ spec: Spec, features: [Int]) {
    overTime = spec.slidings[0]
    overImage = Array(spec.slidings.dropFirst()).window(over: Array(features.dropFirst()))
  }

  /// A step sees its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    pass.lengths = lengths?.map(overTime.steps(TimeSteps()).callAsFunction)
    let frame = [input.shape[2]] + overImage.output
    let window = overTime.window(over: input.shape[1])
    return input.pooled(
      Kind.pooling, overImage, to: Shape([input.shape[0], input.shape[1]] + frame)
    ).pooled(
      Kind.pooling, window, inner: frame.reduce(1, *), lengths: lengths,
      to: Shape([input.shape[0], window.output[0]] + frame))
  }
}

/// The largest number of a box of frames and pixels.
public typealias MaxPool3d = PoolOverVideo<MaxPool>
/// The mean of a box of frames and pixels.
public typealias AvgPool3d = PoolOverVideo<AvgPool>
