import Engine

/// A pool over images: one number of every window and channel.
///
///     y at (c, u, v) = max or mean of x at (c, u s − p + i, v s − p + j),   i, j = 0 … k − 1
///
/// Shapes: B batch, T time steps, C channels, H height, W width, k kernel size, s stride, p padding.
/// Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are pooled alike; output
/// `[B, C, H′, W′]` or `[B, T, C, H′, W′]` with H′ = ⌊(H + 2p − k)/s⌋ + 1, as in PyTorch. The maximum
/// ignores padding, and the first of equals gets the gradient; the mean counts padding as 0.
public struct PoolOverImage<Kind: PoolKind>: Layer {
  /// What the user edits of a pool over images.
  public struct Spec: PoolSettings {
    /// The name in session files and in the palette.
    public static var kind: String { Kind.kind + "2d" }
    /// What it does, in one line.
    public static var summary: String { Kind.summary + " a square of pixels" }
    /// What can be set.
    public static var fields: [Field<Spec>] {
      [
        .integer("kernel_size", \.kernelSize, in: 1...63, "pixels on a side of a window, k"),
        .integer("stride", \.stride, in: 0...63, "pixels between windows, s; 0 for k"),
        .integer("padding", \.padding, in: 0...31, "padding on every side, p"),
      ]
    }

    /// Pixels on a side of a window, k; at least 1.
    public var kernelSize = 2
    /// Pixels between windows, s; 0 for k.
    public var stride = 0
    /// Padding on every side, p; at most half of k.
    public var padding = 0

    /// Windows of 2 × 2 pixels, side by side.
    public init() {}

    /// Windows of `kernelSize` × `kernelSize` pixels, side by side.
    public init(kernelSize: Int) { self.kernelSize = kernelSize }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try checkPadding()
      return try slide(
        sliding, over: input, channels: try imageSizes(of: input)[0],
        cure: "Use a smaller kernel_size or more padding.")
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] { [] }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * input.features.reduce(1, *) }

    /// The layer, for an `input` that fits.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      PoolOverImage(self, features: input.features)
    }
  }

  private let window: Window

  /// The pool that `spec` describes, for images of `features` C, H, W.
  public init(_ spec: Spec, features: [Int]) {
    window = spec.sliding.window(over: Array(features.dropFirst()))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let leading = input.shape.dimensions.dropLast(2)
    return input.pooled(Kind.pooling, window, to: Shape(leading + window.output))
  }
}

/// The largest number of a window.
public enum MaxPool: PoolKind {
  /// The beginning of the name in session files and in the palette.
  public static let kind = "max_pool"
  /// The beginning of what it does.
  public static let summary = "the largest number of"
  /// The largest number.
  public static let pooling = Pooling.maximum
}

/// The mean of a window.
public enum AvgPool: PoolKind {
  /// The beginning of the name in session files and in the palette.
  public static let kind = "avg_pool"
  /// The beginning of what it does.
  public static let summary = "the mean of"
  /// The mean.
  public static let pooling = Pooling.mean
}

/// The largest number of some time steps.
public typealias MaxPool1d = PoolOverTime<MaxPool>
/// The mean of some time steps.
public typealias AvgPool1d = PoolOverTime<AvgPool>
/// The largest number of a square of pixels.
public typealias MaxPool2d = PoolOverImage<MaxPool>
/// The mean of a square of pixels.
public typealias AvgPool2d = PoolOverImage<AvgPool>
