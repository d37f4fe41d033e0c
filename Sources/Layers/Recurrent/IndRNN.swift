import Engine
import Foundation

/// An independently recurrent network (IndRNN): every unit sees only itself in the past.
///
///     hₜ = φ(W xₜ + b + u ⊙ d(hₜ₋₁))    hidden state, φ = relu or tanh
///     |u| ≤ M^(1/T)                     after every update
///
/// so that over T time steps a unit's gradient grows at most M times: for relu,
/// ∂h_T/∂h_t = u^(T−t) while the unit is active.
///
/// With `batch_norm` what comes from the input is normalised before the activation, BN(W xₜ; γ) + b in
/// place of W xₜ + b, with statistics of its own for each of the first T time steps, at most 10,000; what the state brings
/// stays as it is, so that the bound on gradients holds. Every pass starts from a state of zeros then. To
/// normalise after the activation, put a stepwise_batch_norm behind the layer.
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, H]`, state `[B, H]` (zeros by default).
///
/// Source: Li et al. 2018, arXiv:1803.04831. u starts from U(0, M^(1/T)); with `keeps_long_memory`,
/// which the paper advises for the last layer, from U(M^(−1/T), M^(1/T)). W and b start as in
/// PyTorch's Elman network, whose names the parameters have, with u as `weight_hh_l0`.
public struct IndRNN: RecurrentLayer {
  /// What the user edits of an IndRNN.
  public struct Spec: VectorCellSpec {
    /// The name in session files and in the palette.
    public static let kind = "indrnn"
    /// What it does, in one line.
    public static let summary = "units that see only themselves"
    /// What can be set.
    public static let fields: [Field<Spec>] =
      [
        .integer("hidden_size", \.hiddenSize, in: 1...65_536, "hidden units, H"),
        .choice("nonlinearity", \.nonlinearity, "the function of the state, φ"),
        .integer(
          "time_steps", \.timeSteps, in: 1...1_000_000, "T, over which gradients are bounded"),
        .decimal("magnitude", \.magnitude, in: 1...10, "M, the most that gradients grow over T"),
        .flag("keeps_long_memory", \.keepsLongMemory, "start with u near its bound"),
        .flag("batch_norm", \.hasBatchNorm, "W x normalised over the batch, step by step").optional,
        .decimal("momentum", \.momentum, in: 0...1, "how far running statistics move").optional,
        .decimal("eps", \.eps, in: 0...1, "ε, added to the variance").optional,
      ] + biasFields + sharedFields

    /// Number of hidden units, H; at least 1.
    public var hiddenSize = 64
    /// The function φ that makes the state.
    public var nonlinearity = RNNSequence.Activation.relu
    /// The number of time steps T over which gradients are bounded; at least 1.
    public var timeSteps = 100
    /// The most that a gradient grows over T time steps, M; at least 1.
    public var magnitude = 2.0
    /// Whether u starts near its bound, as the paper advises for the last layer.
    public var keepsLongMemory = false
    /// Whether W x is normalised over the batch, with statistics for each of the first T time steps.
    public var hasBatchNorm = false
    /// How far running statistics move towards those of a batch, in [0, 1].
    public var momentum = 0.1
    /// What is added to every variance, above 0.
    public var eps = 1e-5
    /// What every recurrent layer offers.
    public var options = RecurrentOptions()

    /// 64 hidden units with relu, gradients that at most double over 100 time steps.
    public init() {}

    /// `hiddenSize` hidden units for sequences of `timeSteps` steps.
    public init(hiddenSize: Int, timeSteps: Int = 100) {
      self.hiddenSize = hiddenSize
      self.timeSteps = timeSteps
    }

    /// The width of the state and of one direction's output.
    public var outputSize: Int { hiddenSize }

    /// The largest |u|, M^(1/T).
    public var largestRecurrentWeight: Float { Float(pow(magnitude, 1 / Double(timeSteps))) }

    /// The names and shapes of one cell's parameters, in the order they are saved.
    public func cellShapes(inputSize: Int) -> [ParameterShape] {
      [
        ParameterShape("weight_ih_l0", [hiddenSize, inputSize]),
        ParameterShape("weight_hh_l0", [hiddenSize]),
        ParameterShape("bias_ih_l0", [hiddenSize]),
      ] + (hasBatchNorm ? [ParameterShape("norm_ih_weight_l0", [hiddenSize])] : [])
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public var cellActivations: Int { (hasBatchNorm ? 12 : 6) * hiddenSize }

    /// A cell with freshly drawn parameters, named for `lane`.
    public func makeCell(
      inputSize: Int, lane: Lane, using random: inout Random
    ) -> any RecurrentLayer {
      IndRNN(self, inputSize: inputSize, lane: lane, using: &random)
    }
  }

  /// Input weights W, `[H, D]`.
  public let weightIH: Parameter
  /// Recurrent weights u, `[H]`.
  public let weightHH: Parameter
  /// Biases b, `[H]`.
  public let bias: Parameter
  /// What normalises W x; nil where nothing does.
  private let norm: StepwiseBatchNorm?
  /// Number of hidden units, H.
  public let hiddenSize: Int
  /// The function φ that makes the state.
  public let nonlinearity: RNNSequence.Activation
  /// The largest |u|.
  public let bound: Float
  /// What is dropped and kept at random.
  public let options: RecurrentOptions

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] {
    [weightIH, weightHH, bias] + (norm.map { [$0.weight] } ?? [])
  }
  /// What is saved and not trained: the running statistics of every time step, `[T, H]`.
  public var buffers: [Parameter] { norm?.buffers ?? [] }
  /// Statistics belong to time steps since the beginning.
  public var needsWholeSequences: Bool { norm != nil }
  /// The weights that weight drop acts on.
  public var recurrentWeight: Parameter? { weightHH }
  /// The parts of the state.
  public let stateNames = ["h"]
  /// Every unit keeps itself by its own weight.
  public var keeper: CellMemory.Keeper { .weight(weightHH, bound: Double(bound)) }
  /// What is shown over time.
  public var signals: [Signal] {
    [Signal("h", "hidden state", nonlinearity == .tanh ? .signed : .positive)]
  }

  /// Draws every parameter as `spec` says.
  public init(
    _ spec: Spec, inputSize: Int, lane: Lane = .forward, using random: inout Random
  ) {
    hiddenSize = spec.hiddenSize
    nonlinearity = spec.nonlinearity
    bound = spec.largestRecurrentWeight
    options = spec.options
    let limit = 1 / Float(spec.hiddenSize).squareRoot()
    let shapes = spec.cellShapes(inputSize: inputSize)
    let lowest = spec.keepsLongMemory ? 1 / bound : 0
    let drawn = zip(shapes, [-limit...limit, lowest...bound, -limit...limit]).map {
      Parameter($0.name + lane.suffix, .uniform($1, $0.shape, using: &random))
    }
    (weightIH, weightHH, bias) = (drawn[0], drawn[1], drawn[2])
    norm =
      spec.hasBatchNorm
      ? StepwiseBatchNorm(
        "norm_ih", lane, shift: bias, channels: hiddenSize, steps: min(spec.timeSteps, 10_000),
        momentum: spec.momentum, epsilon: spec.eps) : nil
    options.biasInit.apply(to: [bias])
  }

  /// Brings every |u| back to its bound.
  public func projectParameters() { weightHH.clamp(to: -bound...bound) }

  /// W x + b of every step; W x where that is normalised.
  public func fromInput(_ x: Tensor) -> Tensor {
    norm == nil ? x.linear(weightIH, bias) : x.linear(weightIH)
  }

  /// One time step from what its input brings, `[B, H]`, and the state, `[B, H]` each.
  public func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep {
    let h = state[0]
    let u = noise.weight(weightHH, beside: h)
    var moved: [MovedRow] = []
    let input = norm.map { $0(fromInput, at: noise.place, &moved) } ?? fromInput
    let z = input + noise.hidden(h).scaledByChannel(u, inner: 1)
    let hidden = noise.held("h", nonlinearity == .tanh ? tanh(z) : relu(z))
    return RecurrentStep(state: [hidden], signals: [hidden], moved: moved)
  }
}
