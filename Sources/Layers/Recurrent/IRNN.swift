import Engine

/// An Elman network of rectified units that starts as a copy of its state (IRNN).
///
///     hₜ = relu(W xₜ + b + U hₜ₋₁ + d),   U = g I,  b = d = 0,  W ~ N(0, 0.001²)  at the start
///
/// It is an `RNN` in everything but the start of its parameters; the gain g is 1 unless
/// `recurrent_gain` says otherwise.
///
/// Source: Le, Jaitly and Hinton 2015, arXiv:1504.00941.
public enum IRNN {
  /// What the user edits of an IRNN.
  public struct Spec: VectorCellSpec {
    /// The name in session files and in the palette.
    public static let kind = "irnn"
    /// What it does, in one line.
    public static let summary = "relu network from the identity"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [.integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H")] + gainFields
      + sharedFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units.
    public init() {}

    /// `hiddenSize` hidden units.
    public init(hiddenSize: Int) { self.hiddenSize = hiddenSize }

    /// The width of the state and of one direction's output.
    public var outputSize: Int { hiddenSize }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      CellParameters.shapes(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize)
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { 4 * hiddenSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      var rnn = RNN.Spec(hiddenSize: hiddenSize, nonlinearity: .relu)
      rnn.recurrentInit = .identity
      rnn.options = options
      rnn.options.biasInit = .zeros
      let cell = RNN(rnn, inputSize: inputSize, lane: lane, using: &random)
      let weight = cell.weights.weightIH
      weight.assign(.normal(deviation: 0.001, weight.value.shape, using: &random))
      return cell
    }
  }
}
