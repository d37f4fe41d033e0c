import Engine

/// A table of vectors, one for each id.
///
///     yₜ = W[xₜ]
///     yₜ = wₜ mₓₜ / (1 − p) ⊙ W[xₜ]   while training, m one for each id and sequence, w one a step
///
/// Shapes: B batch, T time steps, V vocabulary, E vector size.
/// Input ids `[B, T]`, output `[B, T, E]`. Initial weights are N(0, 1), as in PyTorch. The vector of
/// `padding_idx` starts from zeros and has no gradient, so it stays there.
///
/// With `dropout` p an id is dropped wherever it stands in a sequence: m ~ Bernoulli(1 − p), so whole
/// rows of W are (Gal and Ghahramani 2016, arXiv:1512.05287, section 4.2). With `word_dropout` p every
/// step by itself reads the vector of the padding, zeros, in place of its own: w ~ Bernoulli(1 − p),
/// not scaled, since it stands for an unknown word (Dai and Le 2015, arXiv:1511.01432; Bowman et al.
/// 2016, arXiv:1511.06349). Masks are functions of the seed, the training step and the layer.
///
/// With `sparse` an update touches only the vectors that the batch used: the others keep their weights
/// and moments, where otherwise Adam goes on moving them and weight decay shrinks them. That is another
/// rule, PyTorch's `sparse=True` with `SparseAdam`, and much less work with many ids. A tied layer that
/// uses every vector ends it.
public struct Embedding: Layer {
  /// What the user edits of an embedding.
  public struct Spec: LayerSpec {
    /// The name in session files and in the palette.
    public static let kind = "embedding"
    /// What it does, in one line.
    public static let summary = "a vector for each id"
    /// What can be set.
    public static let fields: [Field<Spec>] = [
      .integer("embedding_dim", \.embeddingDim, in: 1...65_536, "size of a vector, E"),
      .integer("padding_idx", \.paddingIndex, in: -1...16_777_215, "id of zeros; −1: none"),
      .choice("weight_init", \.weightInit, "how vectors start").optional,
      .decimal(
        "dropout", \.dropout, in: 0...1, excludingUpper: true,
        "of ids, one mask a sequence for all their places"
      ).optional,
      .decimal(
        "word_dropout", \.wordDropout, in: 0...1, excludingUpper: true,
        "of single time steps, which read zeros"
      ).optional,
      .flag("sparse", \.sparse, "whether an update moves only vectors that were used").optional,
    ]

    /// Size of a vector, E; at least 1.
    public var embeddingDim = 64
    /// The id whose vector is zero and stays so; −1: none.
    public var paddingIndex = -1
    /// How vectors start.
    public var weightInit = WeightInitializer.standard
    /// Probability of dropping an id from a whole sequence, in [0, 1).
    public var dropout = 0.0
    /// Probability of dropping the word of one time step, in [0, 1).
    public var wordDropout = 0.0
    /// Whether an update moves only vectors that the batch used.
    public var sparse = false

    /// Vectors of size 64.
    public init() {}

    /// Vectors of size `embeddingDim`.
    public init(embeddingDim: Int, paddingIndex: Int = -1) {
      self.embeddingDim = embeddingDim
      self.paddingIndex = paddingIndex
    }

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      guard let vocabulary = input.vocabulary else {
        throw ShapeError(
          "embedding needs ids [batch, time], got \(input). Remove it, or use a linear layer.")
      }
      guard paddingIndex < vocabulary else {
        throw ShapeError(
          "embedding needs ids that include padding_idx \(paddingIndex), got \(input). "
            + "Choose one from 0 to \(vocabulary - 1), or -1 for none.")
      }
      return input.withSize(embeddingDim)
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      outputs.wholeSteps(over: input)
    }

    /// The parameters' names and shapes, in the order they are saved.
    public func parameterShapes(for input: Signature) -> [ParameterShape] {
      [ParameterShape("weight", [input.vocabulary ?? 0, embeddingDim])]
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { 2 * embeddingDim }

    /// The vectors for ids like `input`.
    func table(for input: Signature) -> VectorTable? {
      input.vocabulary.map {
        VectorTable(vocabulary: $0, width: embeddingDim, isPadded: paddingIndex >= 0)
      }
    }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      Embedding(self, vocabulary: input.vocabulary ?? 0, using: &random)
    }
  }

  /// The vectors, `[V, E]`.
  public let weight: Parameter

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { [weight] }

  /// The id whose vector is zero and stays so.
  private let padding: Int?
  /// Probabilities of dropping an id from a sequence, and the word of a step.
  private let dropout, wordDropout: Float

  /// Draws every vector but that of the padding from N(0, 1), unless `spec` says otherwise.
  public init(_ spec: Spec, vocabulary: Int, using random: inout Random) {
    let padding = spec.paddingIndex < 0 ? nil : spec.paddingIndex
    let width = spec.embeddingDim
    weight = Parameter(
      "weight", .normal([vocabulary, width], using: &random), isSparse: spec.sparse)
    spec.weightInit.apply(to: weight, using: &random)
    if let padding {
      let values = weight.value.scalars.enumerated().map { $0 / width == padding ? 0 : $1 }
      weight.assign(Tensor(values, weight.value.shape))
    }
    self.padding = padding
    // What Float32 would round to 1 is the number below it.
    dropout = min(Float(spec.dropout), Float(1).nextDown)
    wordDropout = min(Float(spec.wordDropout), Float(1).nextDown)
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let masks = masks(over: input, &pass)
    let scales = masks.dropFirst().reduce(masks.first) { product, mask in product.map { $0 * mask }
    }
    return input.embedded(in: weight, fixed: padding, scaledBy: scales)
  }

  /// wₜ and mₓₜ / (1 − p) for every id of `input` `[B, T]`, of its shape, as far as there are any.
  private func masks(over input: Tensor, _ pass: inout Pass) -> [Tensor] {
    guard pass.isTraining else { return [] }
    var masks: [Tensor] = []
    if dropout > 0 {
      let mask = input.dropout(dropout, ofIDsBelow: weight.value.shape[0], stream(.ids, pass))
      pass.keep(mask: mask, Signal("m_id", "ids kept (1)", .mask))
      masks.append(mask)
    }
    if wordDropout > 0 {
      let stream = stream(.words, pass)
      let mask = pass.mask(input.shape) { .mask(dropping: wordDropout, $0, stream) }
      pass.keep(mask: mask, Signal("m_word", "words kept (1)", .mask))
      masks.append(mask)
    }
    return masks
  }

  /// Which number stream of the layer a mask is drawn from.
  private enum Mask: Int { case ids, words }

  private func stream(_ mask: Mask, _ pass: Pass) -> Random {
    .stream(
      .embeddingMask, pass.position << 1 | mask.rawValue, step: pass.step, seed: pass.seed)
  }
}
