import Engine
import Layers
import Testing

/// What holds for every layer that carries a state.
struct RecurrentCheck {
  private let check: LayerCheck
  private let layer: any RecurrentLayer
  private let states: [Tensor]
  /// The input as a cell reads it, `[B, T, D]`.
  private let x: Tensor

  init(_ check: LayerCheck, _ layer: any RecurrentLayer) {
    self.check = check
    self.layer = layer
    x = check.x.reshaped([check.batch, check.time, check.x.count / (check.batch * check.time)])
    states = layer.stateNames.indices.map {
      drawn([check.batch, layer.hiddenSize], seed: 30 + UInt64($0))
    }
  }

  func everything() {
    if layer.needsWholeSequences {
      noStateIsCarried()
    } else {
      theStateIsZeroByDefault()
      twoHalvesEqualTheWhole()
    }
    theSequenceEqualsItsSteps()
    theProbeSeesTheWholeGradient()
  }

  private func noStateIsCarried() {
    let found = check.run(from: states)
    same(found.output, check.run().output, "the output from a state that is not its own")
    check.expect(found.pass.states[check.name] == nil, "leaves a state that nothing goes on from")
  }

  private func theStateIsZeroByDefault() {
    let start = layer.initialState(batch: check.batch)
    check.expect(start.count == layer.stateNames.count, "the state has other parts than its names")
    check.expect(Set(layer.stateNames).count == start.count, "parts of the state share a name")
    let found = check.run()
    same(found.output, check.run(from: start).output, "the output from the default state")
    let last = found.pass.states[check.name] ?? []
    check.expect(last.map(\.shape) == start.map(\.shape), "the state changes its shape")
    check.expect(last.allSatisfy { $0.tape == nil }, "the carried state stands on a tape")
  }

  /// The fused sequence against the loop over steps: everything that comes out of either.
  private func theSequenceEqualsItsSteps() {
    for start in [states, layer.initialState(batch: check.batch)] {
      let fused = walk(from: start) { layer.sequence($0, from: $1, probe: $2) }
      let steps = walk(from: start) { layer.stepByStep($0, from: $1, probe: $2) }
      close(fused.forward, steps.forward, within: 2e-6, "output, state or signal")
      close(fused.backward, steps.backward, within: 2e-5, "gradient or probe")
    }
    let plain = check.run().output
    let stepped = check.run { $0.goesStepByStep = true }.output
    close([plain], [stepped], within: 2e-6, "output of a pass")
    for isTraining in [false, true] {
      let gradients = [false, true].map { gradientsOfAPass(stepByStep: $0, isTraining: isTraining) }
      close(gradients[0], gradients[1], within: 2e-5, "gradient of a pass")
    }
  }

  /// The gradients of every parameter from the default state.
  private func gradientsOfAPass(stepByStep: Bool, isTraining: Bool) -> [Tensor?] {
    let tape = Tape()
    let found = check.run(tape.constant(check.x)) {
      $0.goesStepByStep = stepByStep
      $0.isTraining = isTraining
    }
    let gradients = tape.gradients(of: weightedLoss([found.output]))
    return layer.parameters.map { gradients[$0] }
  }

  /// Forward: outputs, final state, signals. Backward: gradients of the input, the initial state
  /// and every parameter, and ‖∂L/∂h_t‖².
  private func walk(
    from start: [Tensor], _ run: (Tensor, [Tensor], GradientProbe) -> RecurrentSequence
  ) -> (forward: [Tensor], backward: [Tensor?]) {
    let tape = Tape()
    let probe = GradientProbe()
    let inputs = ([x] + start).map(tape.variable)
    let result = run(inputs[0], Array(inputs.dropFirst()), probe)
    let gradients = tape.gradients(of: weightedLoss([result.output] + result.state))
    return (
      [result.output] + result.state + result.signals,
      inputs.map { gradients[$0] } + layer.parameters.map { gradients[$0] } + [probe.squares]
    )
  }

  private func twoHalvesEqualTheWhole() {
    let whole = check.run()
    let first = check.run(check.x.steps(0..<3))
    let second = check.run(
      check.x.steps(3..<check.time), from: first.pass.states[check.name])
    same(first.output, whole.output.steps(0..<3), "the first half")
    same(second.output, whole.output.steps(3..<check.time), "the second half")
    for (found, expected) in zip(states(after: second.pass), states(after: whole.pass)) {
      same(found, expected, "the state after two halves")
    }
  }

  private func states(after pass: Pass) -> [Tensor] { pass.states[check.name] ?? [] }

  /// ∂L/∂h_t is what the loss sees of h_t itself and, through the steps after t, of a sequence that
  /// starts from the state of step t.
  private func theProbeSeesTheWholeGradient() {
    let squares = walk(from: states) { layer.sequence($0, from: $1, probe: $2) }.backward.last
    guard let squares = squares.flatMap({ $0 }) else {
      return check.expect(false, "leaves nothing in the probe")
    }
    let (batch, time) = (check.batch, check.time)
    check.expect(squares.shape == [batch, time], "the probe is not [B, T]")
    let weights = lossWeights([batch, time, layer.hiddenSize])
    for t in 0..<time - 1 {
      let tape = Tape()
      let here = layer.sequence(x.steps(0..<t + 1), from: states, probe: nil).state
        .map(tape.variable)
      let after = tape.constant(x.steps(t + 1..<time))
      let rest =
        layer.needsWholeSequences
        ? layer.stepByStep(after, from: here, firstStep: t + 1, probe: nil)
        : layer.sequence(after, from: here, probe: nil)
      let loss =
        (rest.output * weights.steps(t + 1..<time)).sum() + weightedLoss(rest.state)
        + (here[0] * weights.step(t)).sum()
      guard let gradient = tape.gradients(of: loss)[here[0]] else { continue }
      let expected = (0..<batch).map { b in
        let row = gradient.gathering(rows: [b])
        return Float(row.sumOfSquares)
      }
      close([squares.step(t)], [Tensor(expected, [batch])], within: 1e-4, "probe of step \(t)")
    }
  }

  private func same(_ found: Tensor, _ expected: Tensor, _ what: String) {
    expectSameBits(
      found, expected, "\(check.subject) \(what)", sourceLocation: check.sourceLocation)
  }

  private func close(
    _ found: [Tensor?], _ expected: [Tensor?], within tolerance: Double, _ what: String
  ) {
    check.expect(found.count == expected.count, "\(what): \(found.count) of \(expected.count)")
    for (index, pair) in zip(found, expected).enumerated() {
      expectClose(
        pair.0, pair.1, within: tolerance, "\(check.subject) \(what) \(index)",
        sourceLocation: check.sourceLocation)
    }
  }
}
