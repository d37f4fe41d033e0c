import Engine

/// More time steps: s for every one, alike or on a line between neighbours.
///
/// Shapes: B batch, T time steps, D features, s factor. Input `[B, T, D]`, output `[B, s T, D]`, as
/// PyTorch's `Upsample` with `align_corners=False` (there with channels first): step t is
///
///     nearest   x at ⌊t / s⌋
///     linear    (1 − λ) x at i + λ x at i + 1,   i + λ = (t + ½)/s − ½, held inside the sequence
///
/// The end of a sequence is that of its length, which grows as T does: padding is read by no step.
public struct UpsampleOverTime: UpsampleLayer {
  /// What the user edits of it.
  public typealias Spec = UpsampleSpec<UpsampleOverTime>

  /// The name in session files and in the palette.
  public static let kind = "upsample1d"
  /// What it does, in one line.
  public static let summary = "more time steps, repeated or interpolated"
  /// What can be set.
  public static let fields: [Field<Spec>] = [
    .integer("scale_factor", \.scaleFactor, in: 1...4096, "steps for every step, s"),
    .choice("mode", \.mode, "what comes between: the nearest step, or a line"),
  ]
  /// It makes time steps.
  public static let isOverTime = true

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    var output = input.withSize(try spec.featureSize(of: input, sequence: true))
    output.time = input.time.then(times: spec.scaleFactor, adding: 0)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    outputs.sliding(
      KernelSight(time: spec.sight(by: spec.scaleFactor)), groups: nil, over: input)
  }

  private let spec: Spec

  /// The layer that `spec` describes.
  public init(_ spec: Spec) { self.spec = spec }

  /// One step becomes several, and may need the next.
  public var needsWholeSequences: Bool { spec.scaleFactor > 1 }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2])
    let lengths = pass.lengths
    pass.lengths = lengths?.map { $0 * spec.scaleFactor }
    return input.upsampled(
      spec.mode, over: (time, 1), by: (spec.scaleFactor, 1), inner: width, lengths: lengths,
      to: [batch, time * spec.scaleFactor, width])
  }
}

/// More time steps.
public typealias Upsample1d = UpsampleOverTime
