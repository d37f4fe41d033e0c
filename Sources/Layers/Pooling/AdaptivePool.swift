import Engine

/// A pool to a given number of cells, over whatever axes.
public protocol AdaptivePoolLayer: Layer {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// What the number of cells means.
  static var cells: String { get }
  /// Whether cells are of time steps.
  static var isOverTime: Bool { get }

  /// What `cells` cells of `input` are, or why it does not fit.
  static func output(
    of spec: AdaptivePoolSpec<Self>, for input: Signature
  ) throws(ShapeError) -> Signature

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  static func field(
    of outputs: CellSet, _ spec: AdaptivePoolSpec<Self>, over input: DataExtent
  ) -> CellSet

  /// The pool that `spec` describes.
  init(_ spec: AdaptivePoolSpec<Self>)
}

/// What the user edits of a pool to a given number of cells.
public struct AdaptivePoolSpec<Kind: AdaptivePoolLayer>: UntrainedSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind }
  /// What it does, in one line.
  public static var summary: String { Kind.summary }
  /// What can be set.
  public static var fields: [Field<AdaptivePoolSpec>] {
    [.integer("output_size", \.outputSize, in: 1...4096, Kind.cells)]
  }

  /// Cells on a side, n; at least 1.
  public var outputSize = 1

  /// One cell: the whole.
  public init() {}

  /// `outputSize` cells on a side.
  public init(outputSize: Int) { self.outputSize = outputSize }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    try Kind.output(of: self, for: input)
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    Kind.field(of: outputs, self, over: input)
  }

  /// A part of a sequence is known at its end.
  public var seesLaterSteps: Bool { Kind.isOverTime }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int {
    let outputs = (try? output(for: input))?.features.reduce(1, *) ?? 0
    return input.features.reduce(1, *) + 2 * outputs
  }

  /// The layer.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    Kind(self)
  }
}

/// The mean or the largest number of each cell of a grid over images, whatever their size; a grid of 1
/// is global pooling.
///
/// Shapes: B batch, T time steps, C channels, H height, W width, n cells on a side.
/// Input `[B, C, H, W]`, or `[B, T, C, H, W]`, whose steps are pooled alike; output `[B, C, n, n]` or
/// `[B, T, C, n, n]`. Cell i covers rows ⌊i H/n⌋ to ⌈(i + 1) H/n⌉ − 1, as in PyTorch. Of equals the
/// first gets the gradient of a maximum.
public struct AdaptivePoolOverImage<Kind: PoolKind>: AdaptivePoolLayer {
  /// What the user edits of an adaptive pool over images.
  public typealias Spec = AdaptivePoolSpec<AdaptivePoolOverImage>

  /// The name in session files and in the palette.
  public static var kind: String { "adaptive_" + Kind.kind + "2d" }
  /// What it does, in one line.
  public static var summary: String { Kind.summary + " each cell of a grid over an image" }
  /// What the number of cells means.
  public static var cells: String { "cells on a side, n; 1 is global" }
  /// Its cells are of pixels.
  public static var isOverTime: Bool { false }

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    var output = input
    output.features = [try spec.imageSizes(of: input)[0], spec.outputSize, spec.outputSize]
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    let cells = spec.outputSize
    return outputs.sliding(
      KernelSight(image: { sight(of: $0, of: cells, among: $1) }), groups: nil, over: input)
  }

  private let cells: Int

  /// The pool that `spec` describes.
  public init(_ spec: Spec) { cells = spec.outputSize }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let sizes = input.shape.dimensions
    return input.pooledAdaptively(
      Kind.pooling, over: (sizes[sizes.count - 2], sizes[sizes.count - 1]), to: (cells, cells),
      to: Shape(sizes.dropLast(2) + [cells, cells]))
  }
}

/// The mean or the largest number of each of n parts of a sequence, whatever its length; 1 part is
/// global pooling.
///
/// Shapes: B batch, T time steps, D channels, n parts.
/// Input `[B, T, D]`, output `[B, n, D]`. Part i of a sequence with L valid steps covers steps
/// ⌊i L/n⌋ to ⌈(i + 1) L/n⌉ − 1, as in PyTorch (there with channels first and L = T for all), so padding
/// takes no part, and all n parts are valid afterwards.
public struct AdaptivePoolOverTime<Kind: PoolKind>: AdaptivePoolLayer {
  /// What the user edits of an adaptive pool over time.
  public typealias Spec = AdaptivePoolSpec<AdaptivePoolOverTime>

  /// The name in session files and in the palette.
  public static var kind: String { "adaptive_" + Kind.kind + "1d" }
  /// What it does, in one line.
  public static var summary: String { Kind.summary + " each of some parts of a sequence" }
  /// What the number of cells means.
  public static var cells: String { "parts, n; 1 is global" }
  /// Its parts are of time steps.
  public static var isOverTime: Bool { true }

  /// The output's kind of data, or why the input does not fit.
  public static func output(
    of spec: Spec, for input: Signature
  ) throws(ShapeError) -> Signature {
    var output = input.withSize(try spec.featureSize(of: input, sequence: true))
    output.time = .always(spec.outputSize)
    return output
  }

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  public static func field(
    of outputs: CellSet, _ spec: Spec, over input: DataExtent
  ) -> CellSet {
    let parts = spec.outputSize
    return outputs.sliding(
      KernelSight(time: { sight(of: $0, of: parts, among: $1) }), groups: nil, over: input)
  }

  private let parts: Int

  /// The pool that `spec` describes.
  public init(_ spec: Spec) { parts = spec.outputSize }

  /// A part is known once the sequence has ended.
  public var needsWholeSequences: Bool { true }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2])
    let lengths = pass.lengths
    pass.lengths = lengths?.map { _ in parts }
    return input.pooledAdaptively(
      Kind.pooling, over: (time, 1), to: (parts, 1), inner: width, lengths: lengths,
      to: [batch, parts, width])
  }
}

/// The mean of each cell of a grid over an image.
public typealias AdaptiveAvgPool2d = AdaptivePoolOverImage<AvgPool>
/// The largest number of each cell of a grid over an image.
public typealias AdaptiveMaxPool2d = AdaptivePoolOverImage<MaxPool>
/// The mean of each of some parts of a sequence.
public typealias AdaptiveAvgPool1d = AdaptivePoolOverTime<AvgPool>
/// The largest number of each of some parts of a sequence.
public typealias AdaptiveMaxPool1d = AdaptivePoolOverTime<MaxPool>
