import Engine

/// Root mean square normalisation: like layer normalisation, but without centring.
///
///     y = x / √(mean(x²) + ε) ⊙ g,   the mean over the features of the step
///
/// Shapes: B batch, T time steps, F the feature axes, `D` or `C, H, W`.
/// Input and output `[B, T, F]` or `[B, F]`; g has shape F, ones at the start.
///
/// Source: Zhang and Sennrich 2019, arXiv:1910.07467; names and defaults as in PyTorch, whose ε is
/// the spacing of Float32 at 1.
public struct RMSNorm: Layer {
  /// What the user edits of RMS normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "rms_norm"
    /// What it does, in one line.
    public static let summary = "mean square 1 over the features of a step"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .decimal("eps", \.eps, in: 0...1, "ε, added to the mean square")
    ]

    /// ε, added to the mean square, in [0, 1].
    public var eps = 1.1920929e-7

    /// An ε of 2⁻²³.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeSteps(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      [ParameterShape("weight", Shape(input.features))]
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      RMSNorm(self, features: Shape(input.features))
    }
  }

  /// The gain g, in the shape of the features.
  public let weight: Parameter
  private let epsilon: Double

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight] }

  /// A gain of ones for `features`.
  public init(_ spec: Spec, features: Shape) {
    epsilon = spec.eps
    weight = Parameter("weight", .ones(features))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.normalizedRows(of: weight.value.count, epsilon: epsilon, centered: false).output
      .scaledByChannel(weight.beside(input), inner: 1)
  }
}
