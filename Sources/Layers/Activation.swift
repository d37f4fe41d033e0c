import Engine

/// A function of every feature by itself; softmax one of all features of a step together.
///
///     relu          max(0, x)
///     leaky_relu    x for x ≥ 0, else negative_slope · x
///     elu           x for x ≥ 0, else α (eˣ − 1)
///     selu          1.0507 · elu(x) with α = 1.6733
///     gelu          x Φ(x), Φ the distribution function of the normal distribution
///     gelu_tanh     x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
///     silu          x σ(x)
///     mish          x tanh(softplus(x))
///     softplus      ln(1 + eˣ)
///     sigmoid       1 / (1 + e⁻ˣ)
///     log_sigmoid   −ln(1 + e⁻ˣ)
///     tanh          (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)
///     hard_sigmoid  x/6 + 1/2, within 0 and 1
///     hard_tanh     x, within −1 and 1
///     softsign      x / (1 + |x|)
///     softmax       eˣ / Σ eˣ over the features of a step
///
/// Input and output have the same shape. Formulas, defaults and the gradients at kinks are PyTorch's.
public struct Activation: Layer {
  /// The functions.
  public enum Function: String, CaseIterable, Sendable {
    /// A function, by the name that users know it by.
    case relu, elu, selu, gelu, silu, mish, softplus, sigmoid, tanh, softsign, softmax
    /// A function, by the name that users know it by.
    case leakyReLU = "leaky_relu"
    /// A function, by the name that users know it by.
    case logSigmoid = "log_sigmoid"
    /// A function, by the name that users know it by.
    case geluTanh = "gelu_tanh"
    /// A function, by the name that users know it by.
    case hardSigmoid = "hard_sigmoid"
    /// A function, by the name that users know it by.
    case hardTanh = "hard_tanh"
  }

  /// What the user edits of an activation.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "activation"
    /// What it does, in one line.
    public static let summary = "a function of every feature, such as relu"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .choice("function", \.function, "the function"),
      .decimal("negative_slope", \.negativeSlope, in: 0...1, "slope of leaky_relu below 0"),
      .decimal("alpha", \.alpha, in: 0...100, "where elu ends below 0, as −α"),
    ]

    /// The function.
    public var function = Function.relu
    /// Slope of leaky_relu below 0, in [0, 1].
    public var negativeSlope = 0.01
    /// α of elu, in [0, 100].
    public var alpha = 1.0

    /// The rectifier.
    public init() {}

    /// The function called `function`.
    public init(_ function: Function) { self.function = function }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let features = try featuresOnly(input)
      if function == .softmax && input.size == nil {
        throw ShapeError(
          "activation needs features on one last axis for softmax, got \(input). "
            + "Put flatten before it.")
      }
      return features
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      function == .softmax ? outputs.wholeSteps(over: input) : outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * input.features.reduce(1, *) }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Activation(self)
    }
  }

  private let spec: Spec

  /// The function that `spec` says.
  public init(_ spec: Spec) { self.spec = spec }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    switch spec.function {
    case .relu: relu(input)
    case .leakyReLU: input.applying(.leakyReLU(slope: Float(spec.negativeSlope)))
    case .elu: input.applying(.elu(alpha: Float(spec.alpha)))
    case .selu: input.applying(.selu)
    case .gelu: input.applying(.gelu)
    case .geluTanh: input.applying(.geluTanh)
    case .silu: input.applying(.silu)
    case .mish: input.applying(.mish)
    case .softplus: input.applying(.softplus)
    case .sigmoid: sigmoid(input)
    case .logSigmoid: -(-input).applying(.softplus)
    case .tanh: tanh(input)
    case .hardSigmoid: input.applying(.hardSigmoid)
    case .hardTanh: input.applying(.hardTanh)
    case .softsign: input.applying(.softsign)
    case .softmax: input.softmax()
    }
  }
}
