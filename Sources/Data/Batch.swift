import Engine

/// Some examples side by side.
public struct Batch: Sendable {
  /// Ids `[B, T]` or features `[B, T, D]`, `[B, D]`, `[B, C, H, W]`; past a sequence's length: zeros.
  public let input: Tensor
  /// What models with several inputs read besides, by name; as many examples as in `input`.
  public let namedInputs: [String: Tensor]
  /// What is to be predicted: B·T rows, row-major, when the target is per step, else B.
  public let targets: Targets
  /// The weight of every row of the targets, 0 for padding; nil: all 1.
  public let weights: [Float]?
  /// The valid time steps of every sequence; nil: all of them.
  public let lengths: [Int]?
  /// Whether the sequences go on where the previous batch ended, so that the state is carried over.
  public let continues: Bool
  /// The sequences that begin anew although others go on; nil: none.
  public let begins: [Bool]?

  /// A batch of inputs and targets.
  public init(
    input: Tensor, namedInputs: [String: Tensor] = [:], targets: Targets,
    weights: [Float]? = nil, lengths: [Int]? = nil, continues: Bool = false,
    begins: [Bool]? = nil
  ) {
    self.begins = begins
    self.input = input
    self.namedInputs = namedInputs
    self.targets = targets
    self.weights = weights
    self.lengths = lengths
    self.continues = continues
  }

  /// A batch of inputs and class numbers.
  public init(
    input: Tensor, targets: [Int32], weights: [Float]? = nil, lengths: [Int]? = nil,
    continues: Bool = false, begins: [Bool]? = nil
  ) {
    self.init(
      input: input, targets: .classes(targets), weights: weights, lengths: lengths,
      continues: continues, begins: begins)
  }

  /// The number of valid time steps of all sequences together.
  public var tokens: Int {
    lengths?.reduce(0, +) ?? input.shape[0] * (input.shape.rank > 1 ? input.shape[1] : 1)
  }
}

/// What is to be predicted, row by row.
public enum Targets: Sendable {
  /// A class number each.
  case classes([Int32])
  /// A row of numbers each, `[M, K]`: values as networks see them, or flags, each 0 or 1.
  case values(Tensor)

  /// The number of rows, M.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .values(let values): values.shape[0]
    }
  }

  /// The class numbers, none for values.
  public var classes: [Int32] {
    if case .classes(let classes) = self { classes } else { [] }
  }
}
