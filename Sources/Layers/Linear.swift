import Engine

/// A fully connected layer over the last axis.
///
///     y = x Wᵀ + b
///
/// Shapes: B batch, T time steps, D input features, N output features.
/// Input `[B, T, D]` or `[B, D]`, output `[B, T, N]` or `[B, N]`. Weights and biases start from
/// U(−1/√D, 1/√D), as in PyTorch.
public struct Linear: Layer {
  /// What the user edits of a linear layer.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "linear"
    /// What it does, in one line.
    public static let summary = "dense: fully connected, on every time step alike"
    /// W acts on every vector.
    public static let weightUse = WeightUse.everyOutput
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("out_features", \.outFeatures, in: 1...1_048_576, "output features, N"),
      .flag("bias", \.bias, "whether to add b"),
      .choice("weight_init", \.weightInit, "how weights start").optional,
      .integer(
        "in_features", \.inFeatures, in: 0...1_048_576, "input features, D; 0: as many as come"
      ).optional,
    ]

    /// Output features, N; at least 1.
    public var outFeatures = 64
    /// Whether to add b.
    public var bias = true
    /// How weights start.
    public var weightInit = WeightInitializer.standard
    /// Input features, D, that a model is held to; 0: as many as come.
    public var inFeatures = 0
    /// What features of concatenated branches come from, as users read it: `100 of 'order'`.
    var branches: [String] = []

    /// 64 output features with biases.
    public init() {}

    /// `outFeatures` output features.
    public init(outFeatures: Int, bias: Bool = true) {
      self.outFeatures = outFeatures
      self.bias = bias
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let size = try featureSize(of: input, sequence: false)
      guard inFeatures == 0 || inFeatures == size else {
        let origin = branches.isEmpty ? "" : "These are \(branches.joined(separator: " and ")). "
        throw ShapeError(
          "linear needs \(inFeatures) features, as its in_features says, got \(input). \(origin)"
            + "Set in_features to \(size), or to 0 for as many as come.")
      }
      return input.withSize(outFeatures)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeSteps(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      [ParameterShape("weight", [outFeatures, input.size ?? 0])]
        + (bias ? [ParameterShape("bias", [outFeatures])] : [])
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * outFeatures }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Linear(self, inFeatures: input.size ?? 0, using: &random)
    }
  }

  /// Weights, `[N, D]`.
  public let weight: Parameter
  /// Biases, `[N]`.
  public let bias: Parameter?

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// Draws every parameter from U(−1/√D, 1/√D), unless `spec` says otherwise.
  public init(_ spec: Spec, inFeatures: Int, using random: inout Random) {
    let bound = 1 / Float(inFeatures).squareRoot()
    let range = -bound...bound
    weight = Parameter("weight", .uniform(range, [spec.outFeatures, inFeatures], using: &random))
    bias = spec.bias ? Parameter("bias", .uniform(range, [spec.outFeatures], using: &random)) : nil
    spec.weightInit.apply(to: weight, using: &random)
    spec.weightInit.apply(toBias: bias)
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.linear(weight, bias)
  }
}
