import Engine

/// Larger images: s rows for every row and s columns for every column, alike or between neighbours.
///
/// Shapes: B batch, T time steps, C channels, H height, W width, factors r of rows and c of columns.
/// Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps grow alike; output `[B, C, r H, c W]` or
/// `[B, T, C, r H, c W]`, as PyTorch's `Upsample` with `align_corners=False` and modes `nearest` and
/// `bilinear`, which is `linear` here. See `Tensor.upsampled` for the weights.
public struct UpsampleOverImage: UpsampleLayer {
  /// What the user edits of it.
  public typealias Spec = UpsampleSpec<UpsampleOverImage>

  /// The name in session files and in the palette.
  public static let kind = "upsample2d"
  /// What it does, in one line.
  public static let summary = "larger images, of repeated or interpolated pixels"
  /// What can be set.
  public static let fields: [Field<Spec>] =
    [
      .integer("scale_factor", \.scaleFactor, in: 1...64, "rows and columns for every one, s"),
      .choice("mode", \.mode, "what comes between: the nearest pixel, or linear in both ways"),
    ]
    + Field.optional([
      .integer("height_factor", \.heightFactor, in: 0...64, "rows for every row; 0 for s"),
      .integer("width_factor", \.widthFactor, in: 0...64, "columns for every column; 0 for s"),
    ])
  /// It makes pixels.
  public static let isOverTime = false

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    let sizes = try spec.imageSizes(of: input)
    var output = input
    output.features = [sizes[0], sizes[1] * spec.factors.rows, sizes[2] * spec.factors.columns]
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    let (rows, columns) = spec.factors
    return outputs.sliding(
      KernelSight(rows: spec.sight(by: rows), columns: spec.sight(by: columns)), groups: nil,
      over: input)
  }

  private let spec: Spec

  /// The layer that `spec` describes.
  public init(_ spec: Spec) { self.spec = spec }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let sizes = input.shape.dimensions
    let (height, width) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
    let (rows, columns) = spec.factors
    return input.upsampled(
      spec.mode, over: (height, width), by: (rows, columns),
      to: Shape(sizes.dropLast(2) + [height * rows, width * columns]))
  }
}

/// Larger images.
public typealias Upsample2d = UpsampleOverImage
