import Engine

/// A cell of the LSTM family: gates i, f, o and a candidate g, stacked in this order, over a state
/// of h and c.
public protocol LSTMCell: RecurrentLayer {
  /// The name in session files and in the palette.
  static var kind: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// Floats that one hidden unit keeps at a time step while training, roughly.
  static var activationsPerUnit: Int { get }

  /// The names and shapes of one cell's parameters, in the order they are saved.
  static func shapes(inputSize: Int, hiddenSize: Int) -> [ParameterShape]

  /// A cell with freshly drawn parameters, named for `lane`.
  init(_ spec: LSTMSpec<Self>, inputSize: Int, lane: Lane, using random: inout Random)
}

extension LSTMCell {
  /// The parts of the state.
  public var stateNames: [String] { ["h", "c"] }
  /// What is shown over time.
  public var signals: [Signal] { Signal.ofLSTM }
  /// The forget gate keeps the cell.
  public var keeper: CellMemory.Keeper { .gate("f") }
}

extension Signal {
  /// What every LSTM shows over time.
  static let ofLSTM = [
    Signal("i", "input gate", .gate), Signal("f", "forget gate", .gate),
    Signal("g", "cell candidate", .signed), Signal("o", "output gate", .gate),
    Signal("c", "cell state", .unbounded), Signal("h", "hidden state", .signed),
  ]
}

/// What the user edits of a cell of the LSTM family.
public struct LSTMSpec<Cell: LSTMCell>: VectorCellSpec {
  /// The name in session files and in the palette.
  public static var kind: String { Cell.kind }
  /// What it does, in one line.
  public static var summary: String { Cell.summary }
  /// What can be set.
  public static var fields: [Field<LSTMSpec>] {
    [.integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H")]
      + startFields + gainFields + biasFields + sharedFields + cellStateFields
  }

  private static var startFields: [Field<LSTMSpec>] {
    Field.optional([
      .decimal(
        "forget_bias", \.start.forgetBias, in: -10...10,
        "added to the forget gate's bias at the start"),
      .choice("recurrent_init", \.start.recurrentInit, "how recurrent weights start"),
      .integer(
        "chrono_steps", \.start.chronoSteps, in: 0...1_000_000,
        "longest memory that biases start for; 0: no such start"),
    ])
  }

  /// Number of hidden units, H; at least 1.
  public var hiddenSize = 64
  /// How the parameters start.
  public var start = LSTMStart()
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
    Cell.shapes(inputSize: inputSize, hiddenSize: hiddenSize)
  }

  /// Floats that one time step of one example keeps while training, roughly.
  public var cellActivations: Int { Cell.activationsPerUnit * hiddenSize }

  /// A cell with freshly drawn parameters, named for `lane`.
  public func makeCell(
    inputSize: Int, lane: Lane, using random: inout Random
  ) -> any RecurrentLayer {
    Cell(self, inputSize: inputSize, lane: lane, using: &random)
  }
}

/// How the parameters of an LSTM start, where that is not as in PyTorch.
///
/// The forget bias (Gers et al. 2000) goes to b_f only; were it given to both biases, it would count
/// twice. Chrono biases (Tallec and Ollivier 2018, arXiv:1804.11188) start b_f at ln U(1, T_max − 1),
/// b_i at −b_f, and d_f and d_i at 0, so that units forget over 1 to T_max time steps.
public struct LSTMStart: Equatable, Sendable {
  /// How recurrent weights start.
  public var recurrentInit = RecurrentInitializer.uniform
  /// What is added to the forget gate's input bias.
  public var forgetBias = 0.0
  /// The longest memory, in time steps, that the gates' biases start for; 0: no such start.
  public var chronoSteps = 0

  /// As in PyTorch.
  public init() {}

  /// Gives the biases `[G·H]` of a cell with gates i, f, … of `size` units each their start.
  func setBiases(
    _ biasIH: Parameter, _ biasHH: Parameter?, of size: Int, using random: inout Random
  ) {
    if chronoSteps > 0 {
      let memory = ChronoBias.draw(size, steps: chronoSteps, using: &random)
      biasIH.setGate(0, to: -memory)
      biasIH.setGate(1, to: memory)
      for gate in [0, 1] { biasHH?.setGate(gate, to: .zeros([size])) }
    }
    if forgetBias != 0 { biasIH.addToGate(1, of: size, Float(forgetBias)) }
  }
}
