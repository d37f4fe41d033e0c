import Engine

/// A layer that carries a state from one time step to the next.
///
/// A cell says how one step goes; everything else follows from that: the loop over time, carried
/// states, regularisers, recording, and the gradient over time. A cell with a fused kernel overrides
/// `sequence`.
public protocol RecurrentLayer: Layer {
  /// The width of each part of the state and of the output, H.
  var hiddenSize: Int { get }
  /// The features of one step of the output, H of them in all.
  var outputFeatures: [Int] { get }
  /// Rows of one gate in weights and biases that have gates stacked.
  var gateRows: Int { get }
  /// The names of the parts of the state, the output `h` first.
  var stateNames: [String] { get }
  /// What is dropped and kept at random.
  var options: RecurrentOptions { get }
  /// The weights that weight drop acts on; nil where there are none.
  var recurrentWeight: Parameter? { get }
  /// What decides how much of a unit's state stays from one time step to the next.
  var keeper: CellMemory.Keeper { get }

  /// What the steps take of their input `[B, T, D]`, for all of them in one product: W x + b in most
  /// cells, `[B, T, G·H]`; the input itself unless a cell says more.
  func fromInput(_ x: Tensor) -> Tensor

  /// One time step: what it takes of its input, and the state, `[B, H]` each.
  func step(_ fromInput: Tensor, _ state: [Tensor], _ noise: StepNoise) -> RecurrentStep

  /// All time steps of `x` `[B, T, D]` from `state`.
  func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence
}

/// What one time step makes.
public struct RecurrentStep: Sendable {
  /// The new state; its first part is the output.
  public let state: [Tensor]
  /// The signals of this step, in the order of the layer's `signals`, `[B, H]` each.
  public let signals: [Tensor]
  /// What running statistics of the layer move to at this step, while training.
  public let moved: [MovedRow]

  /// A step's new state and signals, and what moves running statistics.
  public init(state: [Tensor], signals: [Tensor], moved: [MovedRow] = []) {
    self.state = state
    self.signals = signals
    self.moved = moved
  }
}

/// What a whole sequence makes.
public struct RecurrentSequence: Sendable {
  /// hₜ for every step, `[B, T, H]`.
  public let output: Tensor
  /// The final state, `[B, H]` each.
  public let state: [Tensor]
  /// The signals, constants `[B, T, H]` in the order of the layer's `signals`.
  public let signals: [Tensor]
  /// What running statistics of the layer move to, while training.
  public let moved: [MovedRow]

  /// A sequence's outputs, final state and signals, and what moves running statistics.
  public init(output: Tensor, state: [Tensor], signals: [Tensor], moved: [MovedRow] = []) {
    self.output = output
    self.state = state
    self.signals = signals
    self.moved = moved
  }
}

extension RecurrentLayer {
  /// Most cells put out vectors.
  public var outputFeatures: [Int] { [hiddenSize] }
  /// Most gates have a row for every unit.
  public var gateRows: Int { hiddenSize }
  /// Most cells have no weights to drop but those that they name.
  public var recurrentWeight: Parameter? { nil }
  /// The input itself.
  public func fromInput(_ x: Tensor) -> Tensor { x }

  /// A state of zeros, `[B, H]` each.
  public func initialState(batch: Int) -> [Tensor] {
    stateNames.map { _ in .zeros([batch, hiddenSize]) }
  }

  /// Goes step by step; what every cell without a fused kernel does.
  public func sequence(
    _ x: Tensor, from state: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    stepByStep(x, from: state, noise: noise, probe: probe)
  }

  /// All time steps of `x` `[B, T, D]` from `state`, as in evaluation.
  public func sequence(
    _ x: Tensor, from state: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    sequence(x, from: state, noise: SequenceNoise(self, over: x, Pass(), .forward), probe: probe)
  }

  /// The loop over time, one `step` after another, as in evaluation; the first step of `x` is number
  /// `firstStep` of what the layer reads.
  public func stepByStep(
    _ x: Tensor, from start: [Tensor], firstStep: Int = 0, probe: GradientProbe?
  ) -> RecurrentSequence {
    let noise = SequenceNoise(self, over: x, Pass(), .forward, firstStep: firstStep)
    return stepByStep(x, from: start, noise: noise, probe: probe)
  }

  /// The loop over time, one `step` after another.
  func stepByStep(
    _ x: Tensor, from start: [Tensor], noise: SequenceNoise, probe: GradientProbe?
  ) -> RecurrentSequence {
    let inputs = fromInput(x).eachStep()
    let time = inputs.count
    let gathered = probe.map { StepGradients(time: time, probe: $0) }
    // The weights used beside the first state must stand on the tape, too.
    var state = start.map { $0.tape == nil ? x.tape?.constant($0) ?? $0 : $0 }
    var outputs: [Tensor] = []
    var recorded: [[Tensor]] = signals.map { _ in [] }
    var moved: [MovedRow] = []
    for t in 0..<time {
      let inside = noise.step(t)
      let step = step(inputs[t], state, inside)
      // Zoneout mixes the old state in, also into what is held.
      let new = zip(stateNames, noise.zoneout(step.state, state, t)).map { inside.held($0, $1) }
      for (index, signal) in signals.enumerated() {
        let part = stateNames.firstIndex(of: signal.name)
        recorded[index].append((part.map { new[$0] } ?? step.signals[index]).detached)
      }
      state = new
      moved += step.moved
      if let gathered { state[0] = gathered.watch(state[0], t) }
      outputs.append(state[0])
    }
    return RecurrentSequence(
      output: .sequence(of: outputs), state: state, signals: recorded.map(Tensor.sequence(of:)),
      moved: moved)
  }

  /// Runs the whole sequence from the carried or the initial state; a layer that needs whole sequences
  /// carries none.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let input = input.withFlatSteps
    let probe = pass.probesGradients ? GradientProbe() : nil
    let start = needsWholeSequences ? nil : pass.states[pass.layer]
    pass.keep(self, reading: input, from: start, .forward)
    let read = read(input, from: start, .forward, pass, probe: probe)
    pass.states[pass.layer] = needsWholeSequences ? nil : read.result.state.map(\.detached)
    if !read.result.moved.isEmpty { pass.statistics += read.result.moved.merged }
    pass.keep(read.probe, suffix: "")
    pass.keep(signals, read.result.signals)
    pass.keep(read.masks, .forward)
    return read.result.output.withSteps(outputFeatures)
  }

  /// Reads `input` in the order it is given, from `start` or the initial state, with the noise of
  /// `lane`, whose masks are there if the pass asks for them.
  func read(
    _ input: Tensor, from start: [Tensor]?, _ lane: Lane, _ pass: Pass, probe: GradientProbe?
  ) -> (
    result: RecurrentSequence, probe: GradientProbe?, masks: [(signal: Signal, values: Tensor)]
  ) {
    let noise = SequenceNoise(self, over: input, pass, lane)
    let x = noise.input(input)
    let start = start ?? initialState(batch: x.shape[0])
    let result =
      pass.goesStepByStep
      ? stepByStep(x, from: start, noise: noise, probe: probe)
      : sequence(x, from: start, noise: noise, probe: probe)
    return (result, probe, pass.recordsMasks ? noise.masks(over: x.shape[1]) : [])
  }
}

extension Tensor {
  /// `[B, T, …]` as `[B, T, D]`.
  var withFlatSteps: Tensor {
    shape.rank == 3 ? self : reshaped([shape[0], shape[1], count / (shape[0] * shape[1])])
  }

  /// `[B, T, D]` with the features of a step as axes of their own.
  func withSteps(_ features: [Int]) -> Tensor {
    features.count == 1 ? self : reshaped(Shape([shape[0], shape[1]] + features))
  }
}

extension Pass {
  /// Keeps the probe of the layer that is running.
  mutating func keep(_ probe: GradientProbe?, suffix: String) {
    if let probe { probes.append((layer + suffix, probe)) }
  }

  /// Keeps the masks of the cell of `lane` of the layer that is running.
  mutating func keep(_ masks: [(signal: Signal, values: Tensor)], _ lane: Lane) {
    for (signal, values) in masks {
      let named = Signal(signal.name + lane.suffix, signal.meaning, signal.range)
      recorded.append(RecordedSignal(layer: layer, signal: named, values: values))
    }
  }

  /// Keeps the signals of the layer that is running, if they are asked for.
  mutating func keep(_ signals: [Signal], _ values: [Tensor]) {
    guard recordsSignals else { return }
    for (signal, values) in zip(signals, values) {
      recorded.append(RecordedSignal(layer: layer, signal: signal, values: values))
    }
  }
}
