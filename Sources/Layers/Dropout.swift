import Engine

/// Zeroes features at random while training, so that no unit relies on another.
///
///     y = m ⊙ x / (1 − p),   m ~ Bernoulli(1 − p) while training;   y = x otherwise
///
/// Input and output have the same shape. Source: Srivastava et al. 2014; scaled while training, as
/// in PyTorch.
public struct Dropout: Layer {
  /// What the user edits of dropout.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "dropout"
    /// What it does, in one line.
    public static let summary = "zeroes features at random while training"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .decimal("p", \.p, in: 0...1, excludingUpper: true, "probability of zeroing, in [0, 1)")
    ]

    /// Probability of zeroing a feature, in [0, 1).
    public var p = 0.1

    /// A probability of 0.1.
    public init() {}

    /// A probability of `p`.
    public init(p: Double) { self.p = p }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 3 * input.features.reduce(1, *) }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Dropout(self)
    }
  }

  /// Probability of zeroing a feature, in [0, 1).
  public let p: Float

  /// Dropout as `spec` says; a probability that Float32 would round to 1 is the one below it.
  public init(_ spec: Spec) { p = min(Float(spec.p), Float(1).nextDown) }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    guard pass.isTraining else { return input }
    let stream = Random.stream(.dropout, pass.position, step: pass.step, seed: pass.seed)
    guard pass.part != nil || pass.recordsMasks else { return input.dropout(p, stream) }
    let mask = pass.mask(input.shape) { .ones($0).dropout(p, stream) }
    pass.keep(mask: mask, Signal("m", "kept (1) or dropped", .mask))
    return input * mask
  }
}
