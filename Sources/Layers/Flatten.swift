import Engine

/// All features of a step on one axis.
///
/// Shapes: B batch, T time steps, C channels, H height, W width.
/// Input `[B, C, H, W]` or `[B, T, C, H, W]`, output `[B, C·H·W]` or `[B, T, C·H·W]`, in row-major
/// order; time steps stay apart.
public struct Flatten: Layer {
  /// What the user edits: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "flatten"
    /// What it does, in one line.
    public static let summary = "all features of a step on one axis"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// One axis of features.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      try featuresOnly(input).withSize(input.features.reduce(1, *))
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { input.features.reduce(1, *) }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Flatten(axes: input.isSequence ? 2 : 1)
    }
  }

  /// The axes before the features.
  private let axes: Int

  /// Keeps the first `axes` axes and makes one of the others.
  public init(axes: Int) { self.axes = axes }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let sizes = input.shape.dimensions
    return input.reshaped(Shape(sizes.prefix(axes) + [sizes.dropFirst(axes).reduce(1, *)]))
  }
}
