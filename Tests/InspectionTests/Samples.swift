import Data
import Engine
import Layers

@testable import Inspection

/// A network of one unit whose every number can be worked out by hand:
///
///     hₜ = tanh(xₜ + ½ hₜ₋₁)        scores (hₜ, −hₜ)
func oneUnit(perStep: Bool = true) throws -> Network {
  let layers: [any LayerSpec] =
    [RNN.Spec(hiddenSize: 1)] + (perStep ? [] : [LastStep.Spec()])
    + [Linear.Spec(outFeatures: 2, bias: false)]
  return try Network(
    ModelSpec(layers), input: .sequence(1),
    weights: [
      ("rnn.weight_ih_l0", Tensor([1], [1, 1])), ("rnn.weight_hh_l0", Tensor([0.5], [1, 1])),
      ("rnn.bias_ih_l0", .zeros([1])), ("rnn.bias_hh_l0", .zeros([1])),
      ("linear.weight", Tensor([1, -1], [2, 1])),
    ])
}

/// An example of one feature a step.
func example(_ x: [Float], targets: [Int32], lengths: [Int]? = nil) -> Example {
  Example(
    title: "three numbers",
    batch: Batch(input: Tensor(x, [1, x.count, 1]), targets: targets, lengths: lengths),
    steps: x.map { "\($0)" })
}

/// Two classes, "up" and "down".
func upOrDown(perStep: Bool = true) -> Target {
  Target(labels: ["up", "down"], isPerStep: perStep, metric: .accuracy)
}

/// A matrix whose columns are the traces of its units.
func matrix(_ traces: [[Float]], _ range: Signal.Range = .unbounded) -> SignalMatrix {
  let steps = traces.first?.count ?? 0
  return SignalMatrix(
    layer: "lstm", signal: Signal("c", "cell state", range), steps: steps, units: traces.count,
    values: (0..<steps).flatMap { t in traces.map { $0[t] } })
}

/// What a closure that must fail says.
func message(_ body: () throws -> Void) -> String {
  do { try body() } catch { return "\(error)" }
  return "no error"
}
