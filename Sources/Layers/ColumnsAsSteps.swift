import Engine

/// The columns of an image as time steps, from left to right: what a recurrent layer reads of the
/// feature maps of a convolution.
///
///     y at (w, c H + h) = x at (c, h, w)
///
/// Shapes: B batch, C channels, H height, W width. Input `[B, C, H, W]`, output `[B, W, C·H]`; all W
/// steps are valid.
public struct ColumnsAsSteps: Layer {
  /// What the user edits: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "columns_as_steps"
    /// What it does, in one line.
    public static let summary = "the columns of an image as time steps"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// Columns from left to right.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      guard input.isImage, !input.isSequence else {
        let cure =
          input.isImage
          ? "Its steps are time already: put flatten before what reads vectors."
          : "Put it after a convolution or a pool over images."
        throw ShapeError(
          "columns_as_steps needs images [batch, channels, height, width], got \(input). " + cure)
      }
      var output = Signature.sequence(input.features[0] * input.features[1])
      output.time = .always(input.features[2])
      return output
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      let width = input.image.width
      var seen = CellSet(input)
      for column in 0..<width {
        for row in 0..<outputs.extent.width where outputs.contains(column, row) {
          seen.insert(0, row * width + column)
        }
      }
      return seen
    }

    /// Floats that one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * input.features.reduce(1, *) }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      ColumnsAsSteps()
    }
  }

  /// Columns from left to right.
  public init() {}

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    pass.lengths = nil
    let (batch, channels, height, width) = (
      input.shape[0], input.shape[1], input.shape[2], input.shape[3]
    )
    return input.reshaped([batch, channels * height, width]).timeFirst()
  }
}
