import Engine

/// A layer that zeroes each of what it drops with one probability while training, and does nothing otherwise.
public protocol DropoutLayer: Layer {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }

  /// Why `input`, which is features, does not fit.
  static func check(_ input: Signature) throws(ShapeError)

  /// A layer with a probability in [0, 1).
  init(p: Float)
}

extension DropoutLayer {
  /// Every input of features fits.
  public static func check(_ input: Signature) throws(ShapeError) {}

  /// The layer as `spec` says; a probability that Float32 would round to 1 is the one below it.
  public init(_ spec: DropoutSpec<Self>) { self.init(p: min(Float(spec.p), Float(1).nextDown)) }
}

/// What the user edits of a layer that drops.
public struct DropoutSpec<Dropping: DropoutLayer>: UntrainedSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Dropping.kind }
  /// What it does, in one line.
  public static var summary: String { Dropping.summary }
  /// What can be set.
  public static var fields: [Field<DropoutSpec>] {
    [.decimal("p", \.p, in: 0...1, excludingUpper: true, "probability of zeroing, in [0, 1)")]
  }

  /// Probability of zeroing, in [0, 1).
  public var p = 0.1

  /// A probability of 0.1.
  public init() {}

  /// A probability of `p`.
  public init(p: Double) { self.p = p }

  /// The output's kind of data, or why the input does not fit.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    let features = try featuresOnly(input)
    try Dropping.check(features)
    return features
  }

  /// What the numbers `outputs` see of an example of `input`.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
    outputs.same(over: input)
  }

  /// Floats that one time step of one example keeps while training, roughly.
  public func activations(for input: Signature) -> Int { 3 * input.features.reduce(1, *) }

  /// The layer with freshly drawn parameters.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    Dropping(self)
  }
}
