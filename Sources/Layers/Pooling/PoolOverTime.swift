import Engine

/// A pool over time: one number of every window and channel.
///
///     yₜ = max or mean of x at t · s − p + j,   j = 0 … k − 1
///
/// Shapes: B batch, T time steps, D channels, k kernel size, s stride, p padding.
/// Input `[B, T, D]`, output `[B, ⌊(T + 2p − k)/s⌋ + 1, D]`, as in PyTorch (there with channels
/// first). The maximum ignores padding, and the first of equals gets the gradient; the mean counts
/// padding as 0. Steps past a sequence's length are padding, and the lengths shrink as T does; a
/// sequence that is too short for the window counts as padded at its end.
public struct PoolOverTime<Kind: PoolKind>: PoolLayer {
  /// What the user edits of a pool over time.
  public typealias Spec = PoolSpec<PoolOverTime>

  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind + "1d" }
  /// What it does, in one line.
  public static var summary: String { Kind.summary + " some time steps" }
  /// What the window counts in.
  public static var unit: String { "time steps" }
  /// The longest window.
  public static var longest: Int { 4096 }
  /// Time.
  public static var axes: Int { 1 }
  /// Its windows are of time steps.
  public static var isOverTime: Bool { true }

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    var output = input.withSize(try spec.featureSize(of: input, sequence: true))
    output.time = spec.slidings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(KernelSight(time: spec.slidings[0].sight), groups: nil, over: input)
  }

  private let sliding: Sliding

  /// The pool that `spec` describes, for sequences of any features.
  public init(_ spec: Spec, features: [Int]) { sliding = spec.slidings[0] }

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

/// The largest number of some time steps.
public typealias MaxPool1d = PoolOverTime<MaxPool>
/// The mean of some time steps.
public typealias AvgPool1d = PoolOverTime<AvgPool>
