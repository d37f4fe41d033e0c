import Engine

/// What a pool over a sliding window makes of it.
public protocol PoolKind: Sendable {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// The largest number or the mean.
  static var pooling: Pooling { get }
}

/// What the user edits of a pool: its window.
protocol PoolSettings: LayerSpec {
  /// Inputs along a side of the window, k; at least 1.
  var kernelSize: Int { get }
  /// Inputs between windows, s; 0 for k.
  var stride: Int { get }
  /// Padding at every end, p; at most half of k.
  var padding: Int { get }
}

extension PoolSettings {
  var sliding: Sliding {
    Sliding(kernelSize, stride: stride == 0 ? kernelSize : stride, bothSides: padding)
  }

  /// Throws when a window could see nothing but padding.
  func checkPadding() throws(ShapeError) {
    guard 2 * padding <= kernelSize else {
      throw ShapeError(
        "\(Self.kind) needs padding of at most half of kernel_size \(kernelSize), got \(padding). "
          + "Use \(kernelSize / 2) or less.")
    }
  }
}

/// A pool over time: one number of every window and channel.
///
///     yₜ = max or mean of x at t · s − p + j,   j = 0 … k − 1
///
/// Shapes: B batch, T time steps, D channels, k kernel size, s stride, p padding.
/// Input `[B, T, D]`, output `[B, ⌊(T + 2p − k)/s⌋ + 1, D]`, as in PyTorch (there with channels
/// first). The maximum ignores padding, and the first of equals gets the gradient; the mean counts
/// padding as 0. Steps past a sequence's length are padding, and the lengths shrink as T does; a
/// sequence that is too short for the window counts as padded at its end.
public struct PoolOverTime<Kind: PoolKind>: Layer {
  /// What the user edits of a pool over time.
  public struct Spec: PoolSettings {
    /// The name in session files and in the palette.
    public static var kind: String { Kind.kind + "1d" }
    /// What it does, in one line.
    public static var summary: String { Kind.summary + " some time steps" }
    /// What can be set.
    public static var fields: [Field<Spec>] {
      [
        .integer("kernel_size", \.kernelSize, in: 1...4096, "time steps in a window, k"),
        .integer("stride", \.stride, in: 0...4096, "time steps between windows, s; 0 for k"),
        .integer("padding", \.padding, in: 0...2048, "padding at both ends, p"),
      ]
    }

    /// Time steps in a window, k; at least 1.
    public var kernelSize = 2
    /// Time steps between windows, s; 0 for k.
    public var stride = 0
    /// Padding at both ends, p; at most half of k.
    public var padding = 0

    /// Windows of 2 steps, one after another.
    public init() {}

    /// Windows of `kernelSize` steps, one after another.
    public init(kernelSize: Int) { self.kernelSize = kernelSize }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try checkPadding()
      var output = input.withSize(try featureSize(of: input, sequence: true))
      output.time = sliding.steps(input.time)
      return output
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] { [] }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * (input.size ?? 0) }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      PoolOverTime(self)
    }
  }

  private let sliding: Sliding

  /// The pool that `spec` describes.
  public init(_ spec: Spec) { sliding = spec.sliding }

  /// A step sees its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2])
    let window = sliding.window(over: time)
    let lengths = pass.lengths
    pass.lengths = lengths?.map(sliding.steps(TimeSteps()).callAsFunction)
    return input.pooled(
      Kind.pooling, window, inner: width, lengths: lengths,
      to: [batch, window.output[0], width])
  }
}
