import Engine

/// How one half of the channels gates the other.
public protocol HalfGate: Sendable {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// What comes of the first half a and the second half b.
  static func merged(_ a: Tensor, _ b: Tensor) -> Tensor
}

/// a ⊙ σ(b).
public enum SigmoidGate: HalfGate {
  /// The name in session files and in the palette.
  public static let kind = "glu"
  /// What it does, in one line.
  public static let summary = "activation: half of the channels, gated by the others' sigmoid"
  /// What comes of the first half a and the second half b.
  public static func merged(_ a: Tensor, _ b: Tensor) -> Tensor { a * sigmoid(b) }
}

/// silu(a) ⊙ b with silu(a) = a σ(a).
public enum SiLUGate: HalfGate {
  /// The name in session files and in the palette.
  public static let kind = "swiglu"
  /// What it does, in one line.
  public static let summary = "activation: silu of half of the channels times the others"
  /// What comes of the first half a and the second half b.
  public static func merged(_ a: Tensor, _ b: Tensor) -> Tensor { a.applying(.silu) * b }
}

/// A gated linear unit: the channels of a step are cut into a first half a and a second half b.
///
///     glu       y = a ⊙ σ(b)
///     swiglu    y = silu(a) ⊙ b,   silu(a) = a σ(a)
///
/// Shapes: B batch, T time steps, C channels, an even number. Input `[B, T, C]`, `[B, C]`, or images
/// `[B, C, H, W]` and sequences of them; the output has C/2 channels and is otherwise alike. On
/// vectors, whose channels are their last axis, `glu` is PyTorch's with its defaults, and on images
/// that with `dim=-3`. The layer before it, such as `linear`, makes both halves at once.
///
/// Sources: Dauphin et al. 2017, arXiv:1612.08083; Shazeer 2020, arXiv:2002.05202.
public struct GatedUnit<Gate: HalfGate>: Layer {
  /// What the user edits of a gated unit: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static var kind: String { Gate.kind }
    /// What it does, in one line.
    public static var summary: String { Gate.summary }
    /// What can be set.
    public static var fields: [Field<Spec>] { [] }

    /// A gated unit.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      var output = try featuresOnly(input)
      let channels = input.features[0]
      guard channels.isMultiple(of: 2) else {
        let what = input.isImage ? "channels" : "features"
        throw ShapeError(
          "\(Self.kind) needs an even number of \(what), of which one half gates the other, "
            + "got \(input). Let the layer before it put out \(channels + 1) \(what).")
      }
      output.features[0] = channels / 2
      return output
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.bothHalves(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * input.features.reduce(1, *) }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      GatedUnit(features: input.features)
    }
  }

  /// The feature axes of a step.
  private let features: [Int]

  /// A gated unit for steps of these `features`.
  public init(features: [Int]) { self.features = features }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let width = features.reduce(1, *)
    let halves = input.reshaped([input.count / width, width]).split(2)
    let leading = input.shape.dimensions.dropLast(features.count)
    return Gate.merged(halves[0], halves[1])
      .reshaped(Shape(leading + [features[0] / 2] + features.dropFirst()))
  }
}

/// A gated linear unit: the first half of the channels times the sigmoid of the second.
public typealias GLU = GatedUnit<SigmoidGate>
/// The silu of the first half of the channels times the second.
public typealias SwiGLU = GatedUnit<SiLUGate>
