import Engine

/// A rectifier that learns its slope below 0.
///
///     y = max(0, x) + a ⊙ min(0, x)
///
/// Input and output have the same shape: B batch, T time steps, then features, of which the first axis
/// is channels C; those of a vector are its features. The slopes a are `weight` `[1]`, or `[C]` with one
/// for every channel, and start from .25, as in PyTorch; the gradient at 0 is that of the side below.
/// Weight decay leaves them alone: it would pull them towards a plain rectifier.
///
/// Source: He et al. 2015, arXiv:1502.01852.
public struct PReLU: Layer {
  /// How many slopes are learned.
  public enum Slopes: String, CaseIterable, Sendable {
    /// One for all numbers.
    case one
    /// One for every channel.
    case perChannel = "per_channel"
  }

  /// What the user edits of a rectifier with learned slopes.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "prelu"
    /// What it does, in one line.
    public static let summary = "activation: relu that learns its slope below 0"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .choice("num_parameters", \.numParameters, "slopes: one, or one for every channel"),
      .decimal("init", \.initial, in: -10...10, "what slopes start from"),
    ]

    /// How many slopes are learned.
    public var numParameters = Slopes.one
    /// What slopes start from, in [−10, 10].
    public var initial = 0.25

    /// One slope, from .25.
    public init() {}

    /// So many slopes, from .25.
    public init(numParameters: Slopes) { self.numParameters = numParameters }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      [ParameterShape("weight", [numParameters == .one ? 1 : input.features.first ?? 0])]
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 4 * input.features.reduce(1, *) }

    /// The layer with fresh parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      PReLU(self, features: input.features)
    }
  }

  /// The slopes a below 0, `[1]` or `[C]`.
  public let weight: Parameter
  /// Neighbouring numbers of a step that share a slope.
  private let inner: Int

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight] }

  /// The slopes that `spec` says, for steps of these `features`.
  public init(_ spec: Spec, features: [Int]) {
    let slopes = spec.numParameters == .one ? 1 : features[0]
    weight = Parameter("weight", .filled(with: Float(spec.initial), [slopes]))
    inner = features.reduce(1, *) / slopes
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let positive = relu(input)
    let negative = input - positive
    return positive + negative.scaledByChannel(weight.beside(input), inner: inner)
  }
}
