import Engine
import Formats

/// One of the data's inputs, in place of what flows: where a branch with an input of its own starts.
///
///     y = the batch's input called `source`
///
/// The data's first input is called `input`; data sets with several inputs name the others. Sequences
/// of every input have the batch's lengths.
public struct NamedInput: Layer {
  /// What the data's first input is called.
  public static let main = "input"

  /// What the user edits: which input.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "input"
    /// What it does, in one line.
    public static let summary = "one of the data's inputs, in place of what flows"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      Field(
        "source", .text, "the name of the input", get: { .text($0.source) },
        set: { $0.source = $1.description })
    ]

    /// The name of the input.
    public var source = NamedInput.main

    /// The data's first input.
    public init() {}

    /// The input called `source`.
    public init(source: String) { self.source = source }

    /// What flows: which inputs there are, the model knows, and asks the data instead of this.
    public func output(for input: Signature) throws(ShapeError) -> Signature { input }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.same(over: input)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { input.features.reduce(1, *) }

    /// The layer.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      NamedInput(source: source)
    }
  }

  /// The name of the input.
  public let source: String

  /// The pass's input; `pass.namedInputs` holds it.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    pass.lengths = pass.lengthsOfInput
    if source == Self.main, let main = pass.mainInput { return main }
    guard let found = pass.namedInputs[source] else {
      preconditionFailure("A pass holds every input that its network reads.")
    }
    return input.tape?.constant(found) ?? found
  }

  static func unknown(_ source: String, known: [String]) -> ShapeError {
    let list = known.map { SafeText.line($0) }.joined(separator: ", ")
    return ShapeError("input needs source to be one of \(list), got \(SafeText.quoted(source)).")
  }
}
