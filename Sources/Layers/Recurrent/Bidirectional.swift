import Engine

/// Two cells over the same sequences, one from each end.
///
///     →hₜ = cell(xₜ, →hₜ₋₁),   ←hₜ = cell'(xₜ, ←hₜ₊₁)
///     yₜ = [→hₜ ; ←hₜ]  or  →hₜ + ←hₜ
///
/// The second cell starts at the last valid time step of each sequence, so padding changes nothing.
/// Its parameters and signals end in `_reverse`, as in PyTorch, and its signals are shown in the
/// order of time. Because it has read the future, a state that goes on from one window of a text to
/// the next has no meaning for it: both cells start every pass from their initial state, and none
/// is carried.
///
/// Shapes: B batch, T time steps, D input features, H hidden units.
/// Input `[B, T, D]`, output `[B, T, 2H]` (concat) or `[B, T, H]` (sum); of images twice the channels
/// or as many.
///
/// Source: Schuster and Paliwal 1997; Graves and Schmidhuber 2005.
public struct Bidirectional: Layer {
  /// The cell that reads from the first time step to the last, and the one that reads back.
  public let forward, backward: any RecurrentLayer
  private let merge: RecurrentOptions.Bidirectional

  /// Both cells' outputs merged by `merge`, which is not `off`.
  init(
    _ forward: any RecurrentLayer, _ backward: any RecurrentLayer,
    merge: RecurrentOptions.Bidirectional
  ) {
    self.forward = forward
    self.backward = backward
    self.merge = merge
  }

  /// Every trainable parameter, in the order they are saved.
  public var parameters: [Parameter] { forward.parameters + backward.parameters }
  /// The running statistics of both cells, each in the order in which it reads.
  public var buffers: [Parameter] { forward.buffers + backward.buffers }

  /// What is shown over time: the signals of both cells.
  public var signals: [Signal] {
    forward.signals
      + backward.signals.map {
        Signal($0.name + Lane.backward.suffix, $0.meaning + ", read backwards", $0.range)
      }
  }

  /// What keeps the states of both cells.
  public var memories: [CellMemory] {
    forward.memories + backward.memories.map { $0.named(for: .backward) }
  }

  /// The second cell reads back from the end.
  public var needsWholeSequences: Bool { true }

  /// Keeps both cells' parameters where they belong.
  public func projectParameters() {
    forward.projectParameters()
    backward.projectParameters()
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    let input = input.withFlatSteps
    let there = forward.read(
      input, from: nil, .forward, pass, probe: pass.probesGradients ? GradientProbe() : nil)
    let reversed = input.reversedInTime(lengths: lengths)
    pass.keep(forward, reading: input, from: nil, .forward)
    pass.keep(backward, reading: reversed, from: nil, .backward)
    let back = backward.read(
      reversed, from: nil, .backward, pass,
      probe: pass.probesGradients ? GradientProbe(reversing: lengths) : nil)
    pass.states[pass.layer] = nil
    pass.statistics += (there.result.moved + back.result.moved).merged
    pass.keep(there.probe, suffix: "")
    pass.keep(back.probe, suffix: Lane.backward.suffix)
    let values =
      there.result.signals + back.result.signals.map { $0.reversedInTime(lengths: lengths) }
    pass.keep(signals, values)
    pass.keep(there.masks, .forward)
    pass.keep(
      back.masks.map { ($0.signal, $0.values.reversedInTime(lengths: lengths)) }, .backward)
    let outputs = [there.result.output, back.result.output.reversedInTime(lengths: lengths)]
    let features = forward.outputFeatures
    return merge == .sum
      ? (outputs[0] + outputs[1]).withSteps(features)
      : .concatenated(outputs).withSteps([2 * features[0]] + features.dropFirst())
  }
}
