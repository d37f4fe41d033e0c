import Engine

/// What a pool over a sliding window makes of it.
public protocol PoolKind: Sendable {
  /// The beginning of the name in session files and in the palette.
  static var kind: String { get }
  /// The beginning of what it does.
  static var summary: String { get }
  /// The largest number or the mean.
  static var pooling: Pooling { get }
}

/// The largest number of a window.
public enum MaxPool: PoolKind {
  /// The beginning of the name in session files and in the palette.
  public static let kind = "max_pool"
  /// The beginning of what it does.
  public static let summary = "the largest number of"
  /// The largest number.
  public static let pooling = Pooling.maximum
}

/// The mean of a window.
public enum AvgPool: PoolKind {
  /// The beginning of the name in session files and in the palette.
  public static let kind = "avg_pool"
  /// The beginning of what it does.
  public static let summary = "the mean of"
  /// The mean.
  public static let pooling = Pooling.mean
}

/// A pool over a sliding window, over whatever axes.
public protocol PoolLayer: Layer {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// What the window counts in: `pixels`.
  static var unit: String { get }
  /// The largest window.
  static var longest: Int { get }
  /// The number of axes that windows move over.
  static var axes: Int { get }
  /// Whether windows are of time steps.
  static var isOverTime: Bool { get }

  /// What the pool of `spec` makes of `input`, or why it does not fit.
  static func output(of spec: PoolSpec<Self>, for input: Signature) throws(ShapeError) -> Signature

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  static func field(
    of outputs: CellSet, _ spec: PoolSpec<Self>, over input: DataExtent
  ) -> CellSet

  /// The pool that `spec` describes, for data of these `features`.
  init(_ spec: PoolSpec<Self>, features: [Int])
}

/// What the user edits of a pool over a sliding window.
public struct PoolSpec<Kind: PoolLayer>: UntrainedSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind }
  /// What it does, in one line.
  public static var summary: String { Kind.summary }
  /// What can be set.
  public static var fields: [Field<PoolSpec>] {
    let (unit, longest, axes) = (Kind.unit, Kind.longest, Kind.axes)
    return [
      .sizes("kernel_size", \.kernelSize, axes: axes, in: 1...longest, "\(unit) along a window, k"),
      .sizes(
        "stride", \.stride, axes: axes, in: 0...longest, "\(unit) between windows, s; 0 for k"),
      .sizes("padding", \.padding, axes: axes, in: 0...longest / 2, "padding at every end, p"),
    ]
  }

  /// Inputs along the sides of a window, k; at least 1.
  public var kernelSize: AxisSizes = 2
  /// Inputs between windows, s; 0 for k.
  public var stride: AxisSizes = 0
  /// Padding at every end, p; at most half of k.
  public var padding: AxisSizes = 0

  /// Windows of 2 on a side, next to each other.
  public init() {}

  /// Windows of `kernelSize` on a side, next to each other.
  public init(kernelSize: AxisSizes) { self.kernelSize = kernelSize }

  /// The window along every axis.
  var slidings: [Sliding] {
    (0..<Kind.axes).map { axis in
      let kernel = kernelSize[axis]
      return Sliding(
        kernel, stride: stride[axis] == 0 ? kernel : stride[axis], bothSides: padding[axis])
    }
  }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    for axis in 0..<Kind.axes where 2 * padding[axis] > kernelSize[axis] {
      // A window could see nothing but padding.
      throw ShapeError(
        "\(Self.kind) needs padding of at most half of kernel_size \(kernelSize), got \(padding). "
          + "Use \(kernelSize[axis] / 2) or less.")
    }
    return try Kind.output(of: self, for: input)
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    Kind.field(of: outputs, self, over: input)
  }

  /// A window of time steps that reaches beyond the first of them does.
  public var seesLaterSteps: Bool { Kind.isOverTime && slidings[0].seesLaterSteps }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int { 2 * input.features.reduce(1, *) }

  /// The layer.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    Kind(self, features: input.features)
  }
}
