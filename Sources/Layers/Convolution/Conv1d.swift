import Engine

/// A convolution over time (cross-correlation, as everywhere in this field).
///
///     yₜ = b + Σⱼ Wⱼ x at t · s − p + j · d,   j = 0 … k − 1
///
/// Shapes: B batch, T time steps, D input channels, O output channels, k kernel size, s stride,
/// d dilation, G groups. Input `[B, T, D]`, output `[B, T′, O]`, channels last, as for every layer of
/// sequences here; weights `[O, D/G, k]` and biases `[O]` under PyTorch's names, from
/// U(−1/√F, 1/√F) with F = k D/G.
///
/// Padding `same` and `causal` give T′ = ⌈T/s⌉ steps, with p = ⌊d (k − 1)/2⌋ or p = d (k − 1);
/// `valid` gives ⌊(T − d (k − 1) − 1)/s⌋ + 1, with p = 0. A sequence that is too short for the kernel
/// counts as padded at its end, so that one step comes out. What stands past a sequence's length is
/// padding, too, and the lengths shrink as T does.
public struct Conv1d: ConvolutionLayer {
  /// What the user edits of a convolution over time.
  public typealias Spec = ConvolutionSpec<Conv1d>
  /// How the kernel may treat the ends of a sequence.
  public typealias Ends = TimePadding

  /// The name in session files and in the palette.
  public static let kind = "conv1d"
  /// What it does, in one line.
  public static let summary = "convolution over time"
  /// The output channels that a new one has.
  public static let usualChannels = 64
  /// Time steps.
  public static let ground = KernelGround.time
  /// Time.
  public static let axes = 1

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    try spec.checkGroups(channels: try spec.featureSize(of: input, sequence: true), input)
    var output = input.withSize(spec.outChannels)
    output.time = spec.slidings[0].steps(input.time)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(time: spec.slidings[0].sight), groups: spec.groups, over: input)
  }

  private let spec: Spec
  private let weights: ConvolutionParameters

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { weights.all }

  /// The layer that `spec` describes with these weights.
  public init(_ spec: Spec, for input: Signature, _ weights: ConvolutionParameters) {
    self.spec = spec
    self.weights = weights
  }

  /// A step sees its neighbours, and none are carried on.
  public var needsWholeSequences: Bool { true }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    pass.lengths = lengths?.map(spec.slidings[0].steps(TimeSteps()).callAsFunction)
    return input.convolvedOverTime(
      weights.weight.beside(input), weights.bias?.beside(input),
      spec.slidings[0].window(over: input.shape[1]), groups: spec.groups, lengths: lengths)
  }
}
