import Engine

/// Instance normalisation: every channel of every image by itself.
///
///     y = (x − μ) / √(σ² + ε) · g + b,   μ and σ² (biased) over the channel's pixels
///
/// Shapes: B batch, T time steps, C channels, H height, W width.
/// Input and output `[B, C, H, W]`, or as sequences; g and b are `[C]`, ones and zeros at the start,
/// and there only with `affine`.
///
/// Source: Ulyanov et al. 2016, arXiv:1607.08022; names and defaults as in PyTorch, without running
/// statistics.
public struct InstanceNorm: Layer {
  /// What the user edits of instance normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "instance_norm"
    /// What it does, in one line.
    public static let summary = "mean 0 and variance 1 over the pixels of a channel"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .flag("affine", \.affine, "whether to learn g and b"),
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance"),
    ]

    /// Whether to learn g and b.
    public var affine = false
    /// ε, added to the variance, in [0, 1].
    public var eps = 1e-5

    /// Without g and b.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let sizes = try imageSizes(of: input)
      guard sizes[1] * sizes[2] > 1 else {
        throw ShapeError(
          "instance_norm needs 2 or more pixels, got \(input). Use layer_norm for vectors.")
      }
      return input
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeGroups(input.features[0], over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      guard affine else { return [] }
      return ["weight", "bias"].map { ParameterShape($0, [input.features.first ?? 0]) }
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      InstanceNorm(self, features: input.features)
    }
  }

  /// The gain g and the offset b of every channel, `[C]`, if there are.
  public let parameters: [Parameter]
  private let pixels: Int
  private let epsilon: Double

  /// A gain of ones and an offset of zeros, if `spec` has them, for images of `features` C, H, W.
  public init(_ spec: Spec, features: [Int]) {
    epsilon = spec.eps
    pixels = features.dropFirst().reduce(1, *)
    let channels: Shape = [features[0]]
    parameters =
      spec.affine
      ? [Parameter("weight", .ones(channels)), Parameter("bias", .zeros(channels))] : []
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let normal = input.normalizedRows(of: pixels, epsilon: epsilon).output
    guard let weight = parameters.first, let bias = parameters.last else { return normal }
    return normal.scaledByChannel(weight.beside(input), bias.beside(input), inner: pixels)
  }
}
