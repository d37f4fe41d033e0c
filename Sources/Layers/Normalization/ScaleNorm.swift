import Engine

/// Scale normalisation: every step has one length, which is learned.
///
///     y = g x / √(‖x‖² + D ε),   ‖x‖ over all D features of the step
///
/// Shapes: B batch, T time steps, F the feature axes with D numbers in all.
/// Input and output `[B, T, F]` or `[B, F]`; g is `[1]` and starts at √D, where y is what RMS
/// normalisation makes.
///
/// Source: Nguyen and Salazar 2019, arXiv:1910.05895, whose max(‖x‖, ε) is a root here, so that the
/// gradient has no kink.
public struct ScaleNorm: Layer {
  /// What the user edits of scale normalisation.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "scale_norm"
    /// What it does, in one line.
    public static let summary = "one learned length for the features of every step"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .decimal("eps", \.eps, in: 0...1, "ε, added to the mean square")
    ]

    /// ε, added to the mean square, in [0, 1].
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
      [ParameterShape("g", [1])]
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 5 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      ScaleNorm(self, size: input.features.reduce(1, *))
    }
  }

  /// The length g, `[1]`.
  public let gain: Parameter
  private let size: Int
  private let epsilon: Double

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [gain] }

  /// A length of √`size` for steps of `size` features.
  public init(_ spec: Spec, size: Int) {
    self.size = size
    epsilon = spec.eps
    gain = Parameter("g", .filled(with: Float(size).squareRoot(), [1]))
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let normal = input.normalizedRows(of: size, epsilon: epsilon, centered: false).output
    let unit = normal * (1 / Float(size).squareRoot())
    return unit.scaledByChannel(gain.beside(input), inner: size)
  }
}
