import Engine

/// A layer that makes more of time steps or pixels, over whatever axes.
public protocol UpsampleLayer: Layer {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// What can be set.
  static var fields: [Field<UpsampleSpec<Self>>] { get }
  /// Whether it makes more time steps.
  static var isOverTime: Bool { get }

  /// What the layer of `spec` makes of `input`, or why it does not fit.
  static func output(
    of spec: UpsampleSpec<Self>, for input: Signature
  ) throws(ShapeError) -> Signature

  /// What the numbers `outputs` of the layer of `spec` see of an example of `input`.
  static func field(
    of outputs: CellSet, _ spec: UpsampleSpec<Self>, over input: DataExtent
  ) -> CellSet

  /// The layer that `spec` describes.
  init(_ spec: UpsampleSpec<Self>)
}

/// What the user edits of a layer that makes more of time steps or pixels.
public struct UpsampleSpec<Kind: UpsampleLayer>: UntrainedSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Kind.kind }
  /// What it does, in one line.
  public static var summary: String { Kind.summary }
  /// What can be set.
  public static var fields: [Field<UpsampleSpec>] { Kind.fields }

  /// Outputs for every input along each axis, s; at least 1.
  public var scaleFactor = 2
  /// The same along the height or the width of images alone; 0 for s.
  public var heightFactor = 0, widthFactor = 0
  /// How numbers between the given ones are found.
  public var mode = Interpolation.nearest

  /// Twice as many, each as the nearest.
  public init() {}

  /// `scaleFactor` times as many.
  public init(scaleFactor: Int, mode: Interpolation = .nearest) {
    self.scaleFactor = scaleFactor
    self.mode = mode
  }

  /// The factors of rows and columns.
  var factors: (rows: Int, columns: Int) {
    (
      heightFactor == 0 ? scaleFactor : heightFactor, widthFactor == 0 ? scaleFactor : widthFactor
    )
  }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    try Kind.output(of: self, for: input)
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    Kind.field(of: outputs, self, over: input)
  }

  /// A step between two is known once the second is.
  public var seesLaterSteps: Bool { Kind.isOverTime && mode == .linear && scaleFactor > 1 }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int {
    2 * ((try? output(for: input))?.features.reduce(1, *) ?? 0)
  }

  /// The layer.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    Kind(self)
  }
}

extension UpsampleSpec {
  /// What an output of an axis with `factor` outputs for every input sees of it.
  func sight(by factor: Int) -> KernelSight.Axis {
    { [mode] output, inputs in
      let tap = InterpolationTap(mode, output: output, over: inputs, by: factor)
      return tap.share == 0 ? [tap.first] : Set([tap.first, tap.second]).sorted()
    }
  }
}
