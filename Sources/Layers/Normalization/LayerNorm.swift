import Engine

/// Layer normalisation: every step of every example by itself, over all its features.
///
///     y = (x − μ) / √(σ² + ε) ⊙ g + b,   μ and σ² (biased) over the features of the step
///
/// Shapes: B batch, T time steps, F the feature axes, `D` or `C, H, W`.
/// Input and output `[B, T, F]` or `[B, F]`; g and b have shape F, ones and zeros at the start.
///
/// Source: Ba et al. 2016, arXiv:1607.06450; names and defaults as in PyTorch.
public struct LayerNorm: Layer {
  /// What the user edits of layer normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "layer_norm"
    /// What it does, in one line.
    public static let summary = "mean 0 and variance 1 over the features of a step"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .decimal("eps", \.eps, in: 0...1, "ε, added to the variance")
    ]

    /// ε, added to the variance, in [0, 1].
    public var eps = 1e-5

    /// An ε of 1e-5.
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
      ["weight", "bias"].map { ParameterShape($0, Shape(input.features)) }
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      LayerNorm(self, features: Shape(input.features))
    }
  }

  /// The gain g and the offset b, in the shape of the features.
  public let weight, bias: Parameter
  private let epsilon: Double

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight, bias] }

  /// A gain of ones and an offset of zeros for `features`.
  public init(_ spec: Spec, features: Shape) {
    epsilon = spec.eps
    weight = Parameter("weight", .ones(features))
    bias = Parameter("bias", .zeros(features))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.normalizedRows(of: weight.value.count, epsilon: epsilon).output
      .scaledByChannel(weight.beside(input), bias.beside(input), inner: 1)
  }
}
