import Engine

/// A layer that carries a state from one time step to the next.
///
/// A cell says how one step goes; everything else follows from that: the loop over time, carried
/// states, recording, and the gradient over time. A cell with a fused kernel overrides `sequence`.
public protocol RecurrentLayer: Layer {
  /// Number of hidden units, H.
  var hiddenSize: Int { get }
  /// The names of the parts of the state, the hidden state `h` first.
  var stateNames: [String] { get }

  /// One time step: `x` is `[B, D]`, every part of the state `[B, H]`.
  func step(_ x: Tensor, _ state: [Tensor]) -> RecurrentStep

  /// All time steps of `x` `[B, T, D]` from `state`.
  func sequence(_ x: Tensor, from state: [Tensor], probe: GradientProbe?) -> RecurrentSequence
}

/// What one time step makes.
public struct RecurrentStep: Sendable {
  /// The new state; its first part is the output.
  public let state: [Tensor]
  /// The signals of this step, in the order of the layer's `signals`, `[B, H]` each.
  public let signals: [Tensor]

  /// A step's new state and signals.
  public init(state: [Tensor], signals: [Tensor]) {
    self.state = state
    self.signals = signals
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

  /// A sequence's outputs, final state and signals.
  public init(output: Tensor, state: [Tensor], signals: [Tensor]) {
    self.output = output
    self.state = state
    self.signals = signals
  }
}

extension RecurrentLayer {
  /// A state of zeros, `[B, H]` each.
  public func initialState(batch: Int) -> [Tensor] {
    stateNames.map { _ in .zeros([batch, hiddenSize]) }
  }

  /// Goes step by step; what every cell without a fused kernel does.
  public func sequence(
    _ x: Tensor, from state: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    stepByStep(x, from: state, probe: probe)
  }

  /// The loop over time, one `step` after another.
  public func stepByStep(
    _ x: Tensor, from start: [Tensor], probe: GradientProbe?
  ) -> RecurrentSequence {
    let time = x.shape[1]
    let gathered = probe.map { StepGradients(time: time, probe: $0) }
    var state = start
    var outputs: [Tensor] = []
    var signals: [[Tensor]] = signals.map { _ in [] }
    for t in 0..<time {
      let step = step(x.step(t), state)
      state = step.state
      if let gathered { state[0] = gathered.watch(state[0], t) }
      outputs.append(state[0])
      for (index, value) in step.signals.enumerated() { signals[index].append(value.detached) }
    }
    return RecurrentSequence(
      output: .sequence(of: outputs), state: state, signals: signals.map(Tensor.sequence(of:)))
  }

  /// Runs the whole sequence from the carried or the initial state.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let start = pass.states[pass.layer] ?? initialState(batch: input.shape[0])
    let probe = pass.probesGradients ? GradientProbe() : nil
    let result =
      pass.goesStepByStep
      ? stepByStep(input, from: start, probe: probe) : sequence(input, from: start, probe: probe)
    pass.states[pass.layer] = result.state.map(\.detached)
    if let probe { pass.probes.append((pass.layer, probe)) }
    if pass.recordsSignals {
      for (signal, values) in zip(signals, result.signals) {
        pass.recorded.append(RecordedSignal(layer: pass.layer, signal: signal, values: values))
      }
    }
    return result.output
  }
}
