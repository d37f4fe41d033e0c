import Engine

/// Nothing: the way around, as a branch.
///
///     y = x
public struct Identity: Layer {
  /// What the user edits: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "identity"
    /// What it does, in one line.
    public static let summary = "passes on what it gets, as a branch"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// Nothing.
    public init() {}

    /// The same.
    public func output(for input: Signature) throws(ShapeError) -> Signature { input }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 0 }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Identity()
    }
  }

  /// Nothing.
  public init() {}

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor { input }
}
