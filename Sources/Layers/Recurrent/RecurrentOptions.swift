import Engine

/// What every recurrent layer offers besides its cell: a second direction, and regularisers.
///
///     d(x) = m ⊙ x / (1 − p)              dropout of the input, one mask a sequence
///     d(h) = m ⊙ h / (1 − p)              dropout of h in recurrent products, one mask a sequence
///     d(g) = m ⊙ g / (1 − p)              dropout of the candidate, one mask a time step
///     s ← m ⊙ sₜ₋₁ + (1 − m) ⊙ sₜ         zoneout while training, m ~ Bernoulli(z) a time step
///     s ← z sₜ₋₁ + (1 − z) sₜ             zoneout in evaluation: its expectation
///     U ← m ⊙ U / (1 − p)                 weight drop, one mask a batch
///
/// Masks are functions of the seed, the training step and the layer, so they can be replayed.
///
/// Sources: Gal and Ghahramani 2016, arXiv:1512.05287 (variational dropout); Semeniuta et al. 2016,
/// arXiv:1603.05118 (candidate); Krueger et al. 2017, arXiv:1606.01305 (zoneout); Merity et al.
/// 2018, arXiv:1708.02182 (weight drop).
public struct RecurrentOptions: Equatable, Sendable {
  /// Whether a second cell reads each sequence from its end, and how both outputs become one.
  public enum Bidirectional: String, CaseIterable, Sendable {
    /// One direction.
    case off
    /// Both outputs side by side, 2H features.
    case concat
    /// The sum of both outputs, H features.
    case sum
  }

  /// Whether sequences are read in both directions.
  public var bidirectional = Bidirectional.off
  /// Probability of zeroing an input feature for a whole sequence, in [0, 1).
  public var dropout = 0.0
  /// Probability of zeroing a unit of h in recurrent products for a whole sequence, in [0, 1).
  public var recurrentDropout = 0.0
  /// Probability of dropping the candidate of a unit at a time step, in [0, 1).
  public var candidateDropout = 0.0
  /// Probability z that a unit of h keeps its previous value, in [0, 1].
  public var zoneout = 0.0
  /// Probability z that a unit of c keeps its previous value, in [0, 1].
  public var zoneoutCell = 0.0
  /// Probability of dropping a recurrent weight for a batch, in [0, 1).
  public var weightDrop = 0.0

  /// How the weights of the input start.
  public var weightInit = WeightInitializer.standard
  /// How biases start, before a forget bias or chrono biases.
  public var biasInit = BiasInitializer.uniform
  /// What recurrent weights are multiplied by at the start; at least 0.
  public var recurrentGain = 1.0

  /// One direction, nothing dropped.
  public init() {}

  /// z of a part of the state.
  func zoneout(of part: String) -> Double {
    switch part {
    case "c": zoneoutCell
    default: zoneout
    }
  }
}

extension RecurrentSpec {
  /// The settings of what every recurrent layer offers.
  static var sharedFields: [Field<Self>] {
    Field.optional([
      .choice("bidirectional", \.options.bidirectional, "read from both ends; merge by"),
      .decimal(
        "dropout", \.options.dropout, in: 0...1, excludingUpper: true,
        "of inputs, one mask a sequence"),
      .decimal(
        "recurrent_dropout", \.options.recurrentDropout, in: 0...1, excludingUpper: true,
        "of h in products, one mask a sequence"),
      .decimal(
        "zoneout", \.options.zoneout, in: 0...1, "chance that a unit of h keeps its value"),
      .decimal(
        "weight_drop", \.options.weightDrop, in: 0...1, excludingUpper: true,
        "of recurrent weights, one mask a batch"),
      .choice("weight_init", \.options.weightInit, "how the weights of the input start"),
    ])
  }

  /// The setting of layers that draw their biases.
  static var biasFields: [Field<Self>] {
    Field.optional([.choice("bias_init", \.options.biasInit, "how biases start")])
  }

  /// The setting of layers whose recurrent weights are matrices.
  static var gainFields: [Field<Self>] {
    Field.optional([
      .decimal(
        "recurrent_gain", \.options.recurrentGain, in: 0...4,
        "recurrent weights at the start, times this")
    ])
  }

  /// The settings of layers with a cell state and a candidate besides.
  static var cellStateFields: [Field<Self>] {
    Field.optional([
      .decimal(
        "zoneout_cell", \.options.zoneoutCell, in: 0...1,
        "chance that a unit of c keeps its value"),
      .decimal(
        "candidate_dropout", \.options.candidateDropout, in: 0...1, excludingUpper: true,
        "of the candidate g at a time step"),
    ])
  }
}
