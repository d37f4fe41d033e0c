import Engine
import Formats

/// A linear layer whose weights are the vectors of an embedding: scores of every id at once.
///
///     y = x Eᵀ + b      E the vectors of the embedding called `source`
///
/// Shapes: B batch, T time steps, V vocabulary, E vector size.
/// Input `[B, T, E]` or `[B, E]`, output `[B, T, V]` or `[B, V]`. Biases start from 0. The vectors stay
/// the embedding's: they are counted, saved and kept in mind by the optimiser once, there, and their
/// gradient is the sum of both uses. Dropout of the embedding does not act here, as in AWD-LSTM.
///
/// Source: Press and Wolf 2017, arXiv:1608.05859; Inan et al. 2017, arXiv:1611.01462. PyTorch's own
/// start of embeddings, N(0, 1), makes scores √E too large for it; lecun_normal does not.
public struct TiedLinear: Layer {
  /// What the user edits: whose vectors they are.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "tied_linear"
    /// What it does, in one line.
    public static let summary = "scores of every id, with the vectors of an embedding as weights"
    /// E acts on every vector.
    public static let weightUse = WeightUse.everyOutput
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      Field(
        "source", .text, "the embedding whose vectors are the weights", get: { .text($0.source) },
        set: { $0.source = $1.description }),
      .flag("bias", \.bias, "whether to add b"),
    ]

    /// The name of the embedding.
    public var source = Embedding.Spec.kind
    /// Whether to add b.
    public var bias = true
    /// The vectors of the embeddings before it, by their names.
    var tables: [String: VectorTable] = [:]

    /// The vectors of the layer `embedding`, with biases.
    public init() {}

    /// The vectors of the embedding called `source`.
    public init(source: String, bias: Bool = true) {
      self.source = source
      self.bias = bias
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      let width = try featureSize(of: input, sequence: false)
      let table = try table()
      guard width == table.width else {
        throw ShapeError(
          "tied_linear needs \(table.width) features, which the vectors of '\(source)' have, got "
            + "\(input). Put a linear layer with out_features \(table.width) before it.")
      }
      return input.withSize(table.vocabulary)
    }

    /// The vectors, or why there are none to share.
    private func table() throws(ShapeError) -> VectorTable {
      guard let table = tables[source] else {
        let known = tables.keys.sorted().map { SafeText.line($0) }
        throw ShapeError(
          "tied_linear needs source to be an embedding before it, got \(SafeText.quoted(source)). "
            + (known.isEmpty
              ? "Add an embedding, or use linear."
              : "Choose from \(known.joined(separator: ", ")) or use linear."))
      }
      guard !table.isPadded else {
        throw ShapeError(
          "tied_linear needs an embedding without padding_idx, whose vector has to stay 0, got "
            + "'\(source)'. Set its padding_idx to -1.")
      }
      return table
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeSteps(over: input)
    }

    /// The names and shapes of its own parameters, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      bias ? [ParameterShape("bias", [vocabulary])] : []
    }

    private var vocabulary: Int { tables[source]?.vocabulary ?? 0 }

    /// The weights that belong to the embedding: products with them are work of this layer.
    func sharedShapes() -> [ParameterShape] {
      tables[source].map { [ParameterShape("weight", [$0.vocabulary, $0.width])] } ?? []
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * vocabulary }

    /// The layer alone, with vectors of its own from zeros; in a network they are the embedding's.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      makeLayer(sharing: nil)
    }

    /// The layer with the vectors `table` `[V, E]`.
    func makeLayer(sharing table: Parameter?) -> any Layer {
      let own = sharedShapes().first?.shape ?? [0, 0]
      return TiedLinear(
        vectors: table ?? Parameter("weight", .zeros(own)),
        bias: bias ? Parameter("bias", .zeros([vocabulary])) : nil)
    }
  }

  /// The embedding's vectors, `[V, E]`.
  let vectors: Parameter
  /// Biases, `[V]`.
  public let bias: Parameter?

  /// Its own trainable parameters; the vectors belong to the embedding.
  public var parameters: [Parameter] { bias.map { [$0] } ?? [] }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.linear(vectors, bias)
  }
}

/// The vectors of an embedding, as far as the model knows them before they exist.
struct VectorTable: Equatable, Sendable {
  /// Number of ids, V.
  let vocabulary: Int
  /// Size of a vector, E.
  let width: Int
  /// Whether one of them has to stay 0.
  let isPadded: Bool
}
