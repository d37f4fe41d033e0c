import Engine

/// Group normalisation: every step of every example by itself, over groups of channels.
///
///     y = (x − μ) / √(σ² + ε) · g + b,   μ and σ² (biased) over a group's channels and pixels
///
/// Shapes: B batch, T time steps, C channels, H height, W width.
/// Input and output `[B, C, H, W]`, `[B, C]`, or these as sequences; g and b are `[C]`, ones and
/// zeros at the start. As many groups as channels is instance normalisation.
///
/// Source: Wu and He 2018, arXiv:1803.08494; names and defaults as in PyTorch.
public struct GroupNorm: Layer {
  /// What the user edits of group normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "group_norm"
    /// What it does, in one line.
    public static let summary = "mean 0 and variance 1 over groups of channels of a step"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("num_groups", \.numGroups, in: 1...65_536, "groups of channels"),
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance"),
    ]

    /// Groups of channels; at least 1.
    public var numGroups = 1
    /// ε, added to the variance, in [0, 1].
    public var eps = 1e-5

    /// One group.
    public init() {}

    /// `numGroups` groups.
    public init(numGroups: Int) { self.numGroups = numGroups }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let fitting = try featuresOnly(input)
      let channels = input.features[0]
      guard channels % numGroups == 0 else {
        throw ShapeError(
          "group_norm needs channels in \(numGroups) equal groups, got \(input). "
            + "Choose num_groups so that it divides \(channels).")
      }
      guard input.features.reduce(1, *) > numGroups else {
        throw ShapeError(
          "group_norm needs 2 or more numbers in a group, got \(input). Use fewer num_groups.")
      }
      return fitting
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeGroups(numGroups, over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      ["weight", "bias"].map { ParameterShape($0, [input.features.first ?? 0]) }
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      GroupNorm(self, features: input.features)
    }
  }

  /// The gain g and the offset b of every channel, `[C]`.
  public let weight, bias: Parameter
  /// Numbers in one group, and in one channel.
  private let groupSize, inner: Int
  private let epsilon: Double

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight, bias] }

  /// A gain of ones and an offset of zeros for the channels of `features`.
  public init(_ spec: Spec, features: [Int]) {
    epsilon = spec.eps
    groupSize = features.reduce(1, *) / spec.numGroups
    inner = features.dropFirst().reduce(1, *)
    weight = Parameter("weight", .ones([features[0]]))
    bias = Parameter("bias", .zeros([features[0]]))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.normalizedRows(of: groupSize, epsilon: epsilon).output
      .scaledByChannel(weight.beside(input), bias.beside(input), inner: inner)
  }
}
