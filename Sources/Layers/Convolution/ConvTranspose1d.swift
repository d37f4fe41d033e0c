import Engine

/// A transposed convolution over time: every step spreads over k steps, s after the one before it.
///
///     y at t s − p + j d  gets  Wⱼ xₜ,   j = 0 … k − 1;   then b is added
///
/// Shapes: B batch, T time steps, D input channels, O output channels, k kernel size, s stride,
/// d dilation, G groups. Input `[B, T, D]`, output `[B, T′, O]`; weights `[D, O/G, k]` and biases `[O]`
/// under PyTorch's names, from U(−1/√F, 1/√F) with F = k O/G, as there.
///
/// Padding `same` and `causal` give T′ = s T: what is more is cut off at both ends, the smaller half
/// in front, or at the end only; `valid` keeps all (T − 1) s + d (k − 1) + 1 steps. What stands past a
/// sequence's length spreads nothing, and the lengths grow as T does.
public struct ConvTranspose1d: ConvolutionLayer {
  /// What the user edits of a transposed convolution over time.
  public typealias Spec = ConvolutionSpec<ConvTranspose1d>
  /// What may be cut off at the ends of a sequence.
  public typealias Ends = TimePadding

  /// The name in session files and in the palette.
  public static let kind = "conv_transpose1d"
  /// What it does, in one line.
  public static let summary = "transposed convolution over time: more steps"
  /// The output channels that a new one has.
  public static let usualChannels = 64
  /// Time steps.
  public static let ground = KernelGround(
    unit: "time steps", kernel: "time steps that an input spreads over, k",
    around: "or is cut off at the ends", longest: 4096)
  /// Time.
  public static let axes = 1
  /// Inputs spread over outputs.
  public static let isTransposed = true

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.checkGroups(channels: try spec.featureSize(of: input, sequence: true), input)
    var output = input.withSize(spec.outChannels)
    output.time = spec.spreadings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(time: spec.spreadings[0].sight), groups: spec.groups, over: input)
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
