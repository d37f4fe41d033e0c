import Engine

/// What the user edits, undoes and saves of a layer; it holds no weights.
///
/// A layer is one file: its spec with the shape rule, and the layer itself with its parameters,
/// forward pass and signals.
public protocol LayerSpec: Configurable {
  /// What the layer does, in one line.
  static var summary: String { get }

  /// How often it multiplies with its matrices of weights, which is what its work is counted by.
  static var weightUse: WeightUse { get }

  /// The defaults.
  init()

  /// What this layer makes of `input`, or why it cannot take it.
  func output(for input: Signature) throws(ShapeError) -> Signature

  /// The receptive field of some numbers: what the numbers `outputs` of this layer's output depend on,
  /// in evaluation, of an example of `input` that fits. Padding is not part of it.
  func field(of outputs: CellSet, over input: DataExtent) -> CellSet

  /// Whether a time step of what it puts out depends on later steps of what it reads, in evaluation:
  /// then it is not causal. With a stride s between outputs, step t stands at step s t.
  var seesLaterSteps: Bool { get }

  /// The names and shapes of the parameters for an `input` that fits, in the order they are saved.
  func parameterShapes(for input: Signature) -> [ParameterShape]

  /// Floats that one time step of one example keeps during a training step, roughly.
  func activations(for input: Signature) -> Int

  /// The layer with freshly drawn parameters, for an `input` that fits.
  func makeLayer(for input: Signature, using random: inout Random) -> any Layer
}

/// A layer without parameters of its own or inside.
public protocol UntrainedSpec: LayerSpec {}

extension UntrainedSpec {
  /// None.
  public func parameterShapes(for input: Signature) -> [ParameterShape] { [] }
}

/// The name and shape of a parameter, known before it exists.
public struct ParameterShape: Hashable, Sendable {
  /// The name inside its layer.
  public let name: String
  /// The sizes of its axes.
  public let shape: Shape

  /// A parameter called `name` of `shape`.
  public init(_ name: String, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

extension LayerSpec {
  /// Most layers see the present and the past.
  public var seesLaterSteps: Bool { false }

  /// `input` itself, if it holds features of any shape, or why it does not fit.
  func featuresOnly(_ input: Signature) throws(ShapeError) -> Signature {
    guard input.vocabulary == nil, !input.features.isEmpty else {
      throw ShapeError("\(Self.kind) needs features, got \(input). Put an embedding before it.")
    }
    return input
  }

  /// The settings that a file names, in their order: all but optional ones that have their default.
  public var savedSettings: [(name: String, value: FieldValue)] { settings(unlessAs: Self()) }

  /// The size of the input's only feature axis, or why there is none; `sequence` asks for a time
  /// axis, too.
  func featureSize(of input: Signature, sequence: Bool) throws(ShapeError) -> Int {
    let wanted = sequence ? "[batch, time, features]" : "features on one last axis"
    if input.vocabulary != nil {
      throw ShapeError(
        "\(Self.kind) needs input \(wanted), got \(input). Put an embedding before it.")
    }
    guard let size = input.size, input.isSequence || !sequence else {
      let cure =
        if input.isSequence || !sequence { "Put flatten before it." } else if input.isImage {
          "Put columns_as_steps before it, which makes every column of an image a time step."
        } else {
          "Keep the time axis: take out what removes it, such as last_step. An image has none: put "
            + "columns_as_steps in place of flatten."
        }
      throw ShapeError("\(Self.kind) needs input \(wanted), got \(input). \(cure)")
    }
    return size
  }
}
