import Engine

/// A layer with its weights: maps a batch to a batch.
public protocol Layer: Sendable {
  /// The layers inside it, in their order.
  var children: [Network.Element] { get }

  /// Every trainable parameter of its own, in the order they are saved.
  var parameters: [Parameter] { get }

  /// What is saved with the parameters and not trained, such as running statistics.
  var buffers: [Parameter] { get }

  /// The quantities that this layer shows over time, in the order they are recorded.
  var signals: [Signal] { get }

  /// What keeps the state of each of its cells from one time step to the next, a cell an entry.
  var memories: [CellMemory] { get }

  /// Whether reading a sequence in pieces, one after another, gives something else than reading it
  /// whole: because steps see later ones, or because no state is carried on.
  var needsWholeSequences: Bool { get }

  /// Maps `input` to the output during `pass`.
  func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor

  /// Moves parameters that have left the values they may take to the nearest that they may; called
  /// after every update.
  func projectParameters()
}

extension Layer {
  /// Most layers hold no others.
  public var children: [Network.Element] { [] }
  /// Most layers have no parameters.
  public var parameters: [Parameter] { [] }
  /// Most layers have no buffers.
  public var buffers: [Parameter] { [] }
  /// Most layers show no signals.
  public var signals: [Signal] { [] }
  /// Most layers keep nothing.
  public var memories: [CellMemory] { [] }
  /// Most layers look at one time step at a time, or carry a state.
  public var needsWholeSequences: Bool { false }
  /// Most parameters take any value.
  public func projectParameters() {}
}

/// A named quantity of a layer at every time step, such as a gate.
public struct Signal: Hashable, Sendable {
  /// The values that a signal can take.
  public enum Range: Hashable, Sendable {
    /// 0 to 1: a gate.
    case gate
    /// 0 or 1: what chance decided while training.
    case mask
    /// −1 to 1.
    case signed
    /// 0 and above.
    case positive
    /// Any number.
    case unbounded

    /// Whether values lie between 0 and 1.
    public var isShare: Bool { self == .gate || self == .mask }
  }

  /// The letter of the equations: `i`, `f`, `h`.
  public let name: String
  /// What it is: `input gate`.
  public let meaning: String
  /// The values it takes.
  public let range: Range

  /// A signal called `name`.
  public init(_ name: String, _ meaning: String, _ range: Range) {
    self.name = name
    self.meaning = meaning
    self.range = range
  }
}

/// What a signal was over a whole batch.
public struct RecordedSignal: Sendable {
  /// The layer's name in the network.
  public let layer: String
  /// Which signal.
  public let signal: Signal
  /// The values, `[B, T, H]`; steps past a sequence's length hold nothing of interest.
  public let values: Tensor

  /// The values of `signal` of the layer called `layer`.
  public init(layer: String, signal: Signal, values: Tensor) {
    self.layer = layer
    self.signal = signal
    self.values = values
  }

  /// `layer.signal`, the name in trace files.
  public var fullName: String { layer + "." + signal.name }
}

/// What a layer put out for a whole batch.
public struct RecordedOutput: Sendable {
  /// The layer's name in the network.
  public let layer: String
  /// The output, `[B, T, …]` or `[B, …]`.
  public let output: Tensor
  /// Whether there is a time axis.
  public let isSequence: Bool
}

/// One forward pass through a network: what it should do, what it starts from and what it leaves.
public struct Pass: Sendable {
  /// Whether dropout drops and statistics move.
  public var isTraining = false
  /// The seed of the run and the number of the step, which key every random number.
  public var seed: UInt64 = 0
  /// The number of the training step.
  public var step = 0
  /// The valid time steps of every sequence; nil: all of them.
  public var lengths: [Int]?
  /// What the batch holds besides the network's input, by name.
  public var namedInputs: [String: Tensor] = [:]
  /// Whether recurrent layers go step by step even where they have a fused sequence.
  public var goesStepByStep = false
  /// Whether to keep every signal of every layer.
  public var recordsSignals = false
  /// Whether to keep, as further signals, what chance drops and holds.
  public var recordsMasks = false
  /// Whether to keep what every layer puts out.
  public var recordsOutputs = false
  /// Whether to keep what every recurrent cell reads.
  public var recordsReadings = false
  /// The names of layers that put out zeros, whatever they read.
  public var silenced: Set<String> = []
  /// The signals of recurrent layers that are held at a value, the later ones over the earlier.
  public var clamps: [Clamp] = []
  /// The first step that is read and the steps of the whole window, where a pass reads only a part of
  /// one; nil: all of it. Masks of time steps are those of the whole window.
  public var part: (first: Int, of: Int)?
  /// Whether recurrent layers leave ‖∂L/∂h_t‖² in `probes` when the tape runs backwards.
  public var probesGradients = false

  /// Where the time of each layer is noted; nil: nowhere.
  public var profile: Profile?

  /// The state of each recurrent layer by layer name: before the pass what it starts from
  /// (none: its initial state), after it what it ended with, as constants.
  public var states: [String: [Tensor]] = [:]
  /// What was recorded, in the order of the layers and of their signals.
  public internal(set) var recorded: [RecordedSignal] = []
  /// What every layer put out, as constants, in the order that they were done: a layer after those
  /// inside it.
  public internal(set) var outputs: [RecordedOutput] = []
  /// What every recurrent cell read, in the order of the layers.
  public internal(set) var readings: [CellReading] = []
  /// The gradient probes of the recurrent layers, in the order of the layers.
  public internal(set) var probes: [(layer: String, probe: GradientProbe)] = []

  /// Where the running statistics of normalising layers move to, in the order of the layers.
  ///
  /// A pass changes nothing itself: whoever accepts its step calls `keepStatistics`.
  public internal(set) var statistics: [(buffer: Parameter, value: Tensor)] = []

  /// The name of the layer that is running.
  var layer = ""
  /// The position of the layer that is running, which keys its random numbers.
  var position = 0
  /// Whether the layer that is running puts out sequences.
  var isSequence = false
  /// The network's input and its lengths, while it runs.
  var mainInput: Tensor?
  var lengthsOfInput: [Int]?
  /// Which time steps the examples are, inside layers that take single ones.
  var fold: TimeFold?

  /// An evaluation from the initial state.
  public init() {}

  /// Moves the running statistics to where this pass would have them.
  public func keepStatistics() {
    for (buffer, value) in statistics { buffer.assign(value) }
  }

  /// Keeps what `element` put out, if that is asked for.
  mutating func keep(_ output: Tensor, of element: Network.Element) {
    guard recordsOutputs else { return }
    let whole = fold?.apart(output.detached) ?? output.detached
    outputs.append(
      RecordedOutput(layer: element.name, output: whole, isSequence: element.isSequence))
  }

  /// Keeps a mask of the layer that is running, of the shape of what it puts out, if that is asked for.
  mutating func keep(mask: Tensor, _ signal: Signal) {
    guard recordsMasks else { return }
    let whole = fold?.apart(mask.detached) ?? mask.detached
    let axes = whole.shape.dimensions
    let time = isSequence ? axes[1] : 1
    let width = axes.dropFirst(isSequence ? 2 : 1).reduce(1, *)
    recorded.append(
      RecordedSignal(
        layer: layer, signal: signal, values: whole.whereKept.reshaped([axes[0], time, width])))
  }

  /// The valid time steps of all sequences of `input` `[B, T, …]`, numbered b · T + t.
  func validRows(of input: Tensor) -> [Int] {
    let (batch, time) = (input.shape[0], input.shape[1])
    guard let lengths else { return Array(0..<batch * time) }
    return lengths.enumerated().flatMap { b, length in b * time..<b * time + length }
  }

  /// What this pass reads of a mask `[B, T, …]` that `draw` makes for a whole window.
  func mask(_ shape: Shape, _ draw: (Shape) -> Tensor) -> Tensor {
    guard let part else { return draw(shape) }
    var whole = shape.dimensions
    whole[1] = part.of
    return draw(Shape(whole)).steps(part.first..<part.first + shape[1])
  }
}

extension Tensor {
  /// 1 where a mask keeps something, whatever it scales it by, and 0 where it does not.
  var whereKept: Tensor { Tensor(scalars.map { $0 > 0 ? 1 : 0 }, shape) }
}
