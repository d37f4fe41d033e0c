import Engine

/// A Jordan network: what it remembers is its previous output.
///
///     hₜ = tanh(W xₜ + b + U d(yₜ₋₁) + d)    hidden units
///     yₜ = φ(V hₜ + e)                       output, φ = tanh, sigmoid or the identity
///
/// Shapes: B batch, T time steps, D input features, H hidden units, N outputs.
/// Input `[B, T, D]`, output `[B, T, N]`, state `[B, N]` (zeros by default).
///
/// Source: Jordan 1986, "Serial order: a parallel distributed processing approach", without the
/// decaying memory that his state units add. Parameters follow PyTorch's names for an Elman network,
/// with `weight_ho_l0` and `bias_ho_l0` for V and e; PyTorch has no such layer.
public struct Jordan: RecurrentLayer {
  /// What the user edits of a Jordan network.
  public struct Spec: VectorCellSpec {
    /// The function φ that makes the output.
    public enum OutputActivation: String, CaseIterable, Sendable {
      /// The hyperbolic tangent.
      case tanh
      /// The logistic function.
      case sigmoid
      /// No function.
      case identity
    }

    /// The name in session files and in the palette.
    public static let kind = "jordan"
    /// What it does, in one line.
    public static let summary = "remembers its previous output"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [
        .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
        .integer("output_size", \.outputSize, in: 1...65_536, "outputs, which are the state"),
        .choice("output_activation", \.outputActivation, "the function of the output, φ"),
      ] + gainFields + biasFields + sharedFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// Number of outputs, N; at least 1.
    public var outputSize = 64
    /// The function φ that makes the output.
    public var outputActivation = OutputActivation.tanh
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units and 64 outputs.
    public init() {}

    /// `hiddenSize` hidden units and `outputSize` outputs.
    public init(hiddenSize: Int, outputSize: Int) {
      self.hiddenSize = hiddenSize
      self.outputSize = outputSize
    }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      [
        ParameterShape("weight_ih_l0", [hiddenSize, inputSize]),
        ParameterShape("weight_hh_l0", [hiddenSize, outputSize]),
        ParameterShape("bias_ih_l0", [hiddenSize]),
        ParameterShape("bias_hh_l0", [hiddenSize]),
        ParameterShape("weight_ho_l0", [outputSize, hiddenSize]),
        ParameterShape("bias_ho_l0", [outputSize]),
      ]
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { 4 * hiddenSize + 4 * outputSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      Jordan(self, inputSize: inputSize, lane: lane, using: &random)
    }
  }

  /// The weights W, U, b, d, V and e, in the order they are saved.
  public let parameters: [Parameter]
  /// The width of the state and of the output, N.
  public let hiddenSize: Int
  /// The function φ that makes the output.
  public let outputActivation: Spec.OutputActivation
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { parameters[1] }
  /// The parts of the state.
  public let stateNames = ["y"]
  /// What is shown over time.
  public var signals: [Signal] {
    let range: Signal.Range =
      switch outputActivation {
      case .tanh: .signed
      case .sigmoid: .gate
      case .identity: .unbounded
      }
    return [Signal("h", "hidden units", .signed), Signal("y", "output, the state", range)]
  }

  /// Draws every parameter from U(−1/√n, 1/√n), n = H for W, b, U and d as in PyTorch's Elman
  /// network and for V and e as in its linear layer.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.outputSize
    outputActivation = spec.outputActivation
    options = spec.options
    let bound = 1 / Float(spec.hiddenSize).squareRoot()
    parameters = spec.cellShapes(inputSize: inputSize).map {
      Parameter($0.name + lane.suffix, .uniform(-bound...bound, $0.shape, using: &random))
    }
    options.biasInit.apply(to: [parameters[2], parameters[3], parameters[5]])
  }

  /// W x + b of every step.
  public func fromInput(_ x: Tensor) -> Tensor { x.linear(parameters[0], parameters[2]) }

  /// One time step from W x + b, `[B, H]`, and the state `[B, N]`.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let y = state[0]
    let p = parameters
    let fromOutput = noise.hidden(y).linear(noise.weight(p[1], beside: y), p[3].beside(y))
    let hidden = noise.held("h", tanh(fromInput + fromOutput))  // [B, H]
    let sum = hidden.linear(p[4], p[5])  // [B, N]
    let output =
      switch outputActivation {
      case .tanh: tanh(sum)
      case .sigmoid: sigmoid(sum)
      case .identity: sum
      }
    let held = noise.held("y", output)
    return RecurrentStep(state: [held], signals: [hidden, held])
  }
}
