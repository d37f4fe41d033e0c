import Engine
import Formats

/// A spec of a layer that holds other layers.
///
/// Its shape rule, parameters and memory depend on what the layers inside put out. As a `LayerSpec`
/// by itself it stands for the layer with nothing inside.
public protocol CompositeSpec: LayerSpec {
  /// Whether the layers inside are branches, which all get the same input; if not, each gets what
  /// the one before it puts out.
  static var hasBranches: Bool { get }

  /// Whether the layers inside get every time step as an example of its own.
  static var foldsTime: Bool { get }

  /// What the layers inside get, or why `input` does not fit.
  func innerInput(for input: Signature) throws(ShapeError) -> Signature

  /// What this layer makes of `input`, or why that cannot be. `parts` are its branches, or the last
  /// of its layers; empty when it holds none.
  func output(for input: Signature, from parts: [Part]) throws(ShapeError) -> Signature

  /// What the numbers `outputs` see of its branches, or of the last of its layers: of `parts`, in
  /// their order.
  func partFields(of outputs: CellSet, over parts: [DataExtent]) -> [CellSet]

  /// The names and shapes of its own parameters for an `input` that fits, in the order they are
  /// saved.
  func parameterShapes(for input: Signature, from parts: [Part]) -> [ParameterShape]

  /// Floats that it keeps itself of one time step of one example during a training step, roughly.
  func activations(for input: Signature, from parts: [Part]) -> Int

  /// The layer around `children` with freshly drawn parameters, for an `input` that fits.
  func makeLayer(
    for input: Signature, from parts: [Part], around children: [Network.Element],
    using random: inout Random
  ) -> any Layer
}

/// What a branch, or a series of layers, puts out.
public struct Part: Sendable {
  /// The name of its last layer.
  public let name: String
  /// What it puts out.
  public let output: Signature
  /// Whether a layer can be put behind its last one: in a branch that is a single layer there is no
  /// room for one.
  let isSeries: Bool
  /// Whether a factor on the last weights and biases inside is one on what they make: those of a
  /// linear layer, a convolution or a norm, and not those of a recurrent layer.
  let isScaledByItsWeights: Bool

  /// Says to put `layer` behind it, as the end of a sentence's cure.
  func ending(with layer: String) -> String {
    let name = SafeText.quoted(name)
    return isSeries
      ? "Put \(layer) at the end of \(name)."
      : "Wrap \(name) in sequential, and add \(layer) there."
  }
}

extension CompositeSpec {
  /// Most hold layers that follow one another.
  public static var hasBranches: Bool { false }
  /// Most give whole sequences to the layers inside.
  public static var foldsTime: Bool { false }

  /// Most give their input to the layers inside as it is.
  public func innerInput(for input: Signature) throws(ShapeError) -> Signature { input }

  /// Most put out what their last layer does.
  public func partFields(of outputs: CellSet, over parts: [DataExtent]) -> [CellSet] {
    parts.map { _ in outputs }
  }

  /// What the numbers `outputs` see past the layers inside: of most kinds nothing.
  public func field(of outputs: CellSet, over input: DataExtent) -> CellSet { CellSet(input) }

  /// Most have no parameters of their own.
  public func parameterShapes(for input: Signature, from parts: [Part]) -> [ParameterShape] { [] }

  /// What it makes of `input` with nothing inside, or why it cannot.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    try output(for: input, from: [])
  }

  /// Its parameters with nothing inside.
  public func parameterShapes(for input: Signature) -> [ParameterShape] {
    parameterShapes(for: input, from: [])
  }

  /// What it keeps with nothing inside.
  public func activations(for input: Signature) -> Int { activations(for: input, from: []) }

  /// The layer with nothing inside.
  public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
    makeLayer(for: input, from: [], around: [], using: &random)
  }
}
