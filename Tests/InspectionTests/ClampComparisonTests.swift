import Data
import Engine
import Foundation
import Layers
import Testing

@testable import Inspection

@Suite struct ClampComparisonTests {
  /// An LSTM of one unit whose every number can be worked out by hand: i = f = o = σ(x), g = tanh(x),
  /// scores (h, −h).
  private func oneCell() throws -> Network {
    try Network(
      ModelSpec([LSTM.Spec(hiddenSize: 1), Linear.Spec(outFeatures: 2, bias: false)]),
      input: .sequence(1),
      weights: [
        ("lstm.weight_ih_l0", .ones([4, 1])), ("lstm.weight_hh_l0", .zeros([4, 1])),
        ("lstm.bias_ih_l0", .zeros([4])), ("lstm.bias_hh_l0", .zeros([4])),
        ("linear.weight", Tensor([1, -1], [2, 1])),
      ])
  }

  private func compare(
    _ network: Network, _ clamps: [Clamp], x: [Float] = [2, 1, -0.25]
  ) throws -> ClampComparison {
    try ClampComparison(
      network: network, example: example(x, targets: x.map { _ in 0 }), target: upOrDown(),
      weightsStep: 9, clamps: clamps)
  }

  @Test func aForgetGateThatIsShutIsTheRunWithoutItsMemory() throws {
    let x = [2, 1, -0.25]
    let shut = Clamp(layer: "lstm", signal: "f", unit: 0, value: 0, steps: 2...2)
    let found = try compare(oneCell(), [shut])
    var (c, losses) = (0.0, [0.0, 0.0])
    for t in 0..<3 {
      let gate = 1 / (1 + exp(-x[t]))
      let free = gate * c + gate * tanh(x[t])
      let held = t == 2 ? gate * tanh(x[t]) : free
      for (run, cell) in [free, held].enumerated() {
        let h = gate * tanh(cell)
        losses[run] += log(1 + exp(-2 * h)) / 3
        let recording = run == 0 ? found.free : found.clamped
        #expect(abs(Double(recording.matrix("lstm", "h")?.value(t, 0) ?? 9) - h) < 1e-6)
      }
      c = free
    }
    #expect(abs((found.free.meanLoss ?? 0) - losses[0]) < 1e-6)
    #expect(abs((found.clamped.meanLoss ?? 0) - losses[1]) < 1e-6)
    // Without what it remembers, the cell is below zero, and the other class is the likelier one.
    #expect(found.changedSteps == [2] && found.isChanged(at: 2) && !found.isChanged(at: 1))
    #expect(found.predictions == 3 && found.clamped.clamps == [shut] && found.free.clamps.isEmpty)
    let change = try #require(found.difference("lstm", "f"))
    #expect(change.trace(of: 0).prefix(2) == [0, 0] && change.value(2, 0) < -0.4)
    #expect(found.difference("lstm", "x") == nil)
  }

  @Test func whatIsHeldAtItsOwnValuesChangesNothing() throws {
    let network = try oneUnit()
    let free = try compare(network, []).free
    let h = try #require(free.matrix("rnn", "h")).trace(of: 0)
    let clamps = h.enumerated().map {
      Clamp(layer: "rnn", signal: "h", unit: 0, value: $1, steps: $0...$0)
    }
    let found = try compare(network, clamps)
    #expect(found.changedSteps.isEmpty && found.clamped.meanLoss == found.free.meanLoss)
    #expect(found.difference("rnn", "h")?.trace(of: 0) == [0, 0, 0])
  }

  @Test func ofAWholeSequenceThereIsOnePrediction() throws {
    let found = try ClampComparison(
      network: oneUnit(perStep: false), example: example([1, 2], targets: [0]),
      target: upOrDown(perStep: false), weightsStep: nil,
      clamps: [Clamp(layer: "rnn", signal: "h", unit: nil, value: -1)])
    #expect(found.changedSteps == [0] && found.isChanged(at: 1) && found.predictions == 1)
  }

  @Test(arguments: [
    (
      Clamp(layer: "gru", signal: "h", unit: 0, value: 0),
      "A clamp needs a recurrent layer, got 'gru'. Take lstm, as in lstm.h."
    ),
    (
      Clamp(layer: "lstm", signal: "z", unit: 0, value: 0),
      "A clamp needs a signal of lstm, got 'z'. Take one of i, f, g, o, c, h."
    ),
    (
      Clamp(layer: "lstm", signal: "c", unit: 1, value: 0),
      "lstm.c has units 0 to 0, got 1. Hold one of these, or :clamp none."
    ),
    (
      Clamp(layer: "lstm", signal: "f", unit: 0, value: 2),
      "lstm.f is between 0 and 1, and a clamp cannot hold it at 2.0."
    ),
    (
      Clamp(layer: "lstm", signal: "g", unit: nil, value: -1.5),
      "lstm.g is between -1 and 1, and a clamp cannot hold it at -1.5."
    ),
    (
      Clamp(layer: "lstm", signal: "c", unit: nil, value: .infinity),
      "lstm.c is a finite number, and a clamp cannot hold it at inf."
    ),
  ])
  func whatCannotBeHeldIsExplained(clamp: Clamp, words: String) throws {
    #expect(message { _ = try compare(oneCell(), [clamp]) } == words)
  }

  @Test func aModelWithoutRecurrentLayersHoldsNothing() throws {
    let network = try Network(
      ModelSpec([Linear.Spec(outFeatures: 2)]), input: .sequence(1), seed: 1)
    let clamp = Clamp(layer: "linear", signal: "h", unit: 0, value: 0)
    #expect(
      message { _ = try compare(network, [clamp]) }
        == "A clamp needs a recurrent layer, and this model has none. Add rnn, lstm or gru.")
  }
}
