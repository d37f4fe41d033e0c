import Engine

/// Zeroes features of whole sequences at random while training: what is dropped at one time step is dropped
/// at all of them.
///
///     yₜ = m ⊙ xₜ / (1 − p),   m ~ Bernoulli(1 − p) for each sequence while training;   y = x otherwise
///
/// Between recurrent layers a mask that changes from step to step is noise that a state sums up; one that
/// stays the same takes features away, which the layer after it can allow for. Input `[B, T, …]` and output
/// have the same shape, the mask is `[B, …]`. Source: Gal and Ghahramani 2016, arXiv:1512.05287.
public struct VariationalDropout: Layer {
  /// What the user edits of variational dropout.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "variational_dropout"
    /// What it does, in one line.
    public static let summary = "zeroes features of whole sequences"
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
      guard try featuresOnly(input).isSequence else {
        throw ShapeError(
          "\(Self.kind) needs input with a time axis, over which its mask stays the same, got \(input). "
            + "Use dropout.")
      }
      return input
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 3 * input.features.reduce(1, *) }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      VariationalDropout(self)
    }
  }

  /// Probability of zeroing a feature, in [0, 1).
  public let p: Float

  /// Dropout as `spec` says; a probability that Float32 would round to 1 is the one below it.
  public init(_ spec: Spec) { p = min(Float(spec.p), Float(1).nextDown) }

  /// Maps a batch. The mask depends on neither the step nor where a window is cut.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    guard pass.isTraining else { return input }
    let stream = Random.stream(.dropout, pass.position, step: pass.step, seed: pass.seed)
    let axes = input.shape.dimensions
    let features = Tensor.ones(Shape([axes[0]] + axes.dropFirst(2))).dropout(p, stream)
    let mask = features.repeatedOverTime(axes[1])
    pass.keep(mask: mask, Signal("m", "kept (1) or dropped", .mask))
    return input * mask
  }
}
