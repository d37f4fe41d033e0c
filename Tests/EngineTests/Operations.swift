import CKernels
import Foundation

@testable import Engine
@testable import TestSupport

private let sequence: Shape = [3, 4, 5]
private let lengths = [4, 1, 3]

/// The indices of chosen time steps of a `[B, T, D]` tensor: those of sequence b are `steps(b)`.
private func steps(_ steps: (Int) -> [Int]) -> [Int] {
  (0..<sequence[0]).flatMap { b in
    steps(b).flatMap { t in (0..<sequence[2]).map { (b * sequence[1] + t) * sequence[2] + $0 } }
  }
}

/// Elementwise functions, and functions that move elements.
private let simple: [Operation] = [
  .unary("sigmoid", { sigmoid($0) }) { logistic($0) },
  .unary("tanh", { tanh($0) }) { Foundation.tanh($0) },
  .unary("relu", { relu($0) }) { max(0, $0) },
  .unary("negative", { -$0 }) { -$0 },
  .unary("scaled", { $0 * 2.5 }) { 2.5 * $0 },
  .unary("offset", { $0 + 0.75 }) { $0 + 0.75 },
  .unary("subtracted from 1", { 1 - $0 }) { 1 - $0 },
  .binary("sum", { $0 + $1 }) { $0 + $1 },
  .binary("difference", { $0 - $1 }) { $0 - $1 },
  .binary("product", { $0 * $1 }) { $0 * $1 },
  .binary("quotient", { $0 / $1 }) { $0 / $1 },
  .binary("product with itself", { x, _ in x * x }) { x, _ in x * x },
  .moving("reshape", [3, 4], { [$0.reshaped([2, 6])] }) { Array(0..<12) },
  .moving("split", [2, 6], { $0.split(3) }) { [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11] },
  .moving("a part of a split", [2, 6], { [$0.split(3)[1]] }) { [2, 3, 8, 9] },
  .moving("step", sequence, { [$0.step(2)] }) { steps { _ in [2] } },
  .moving("each step", sequence, { $0.eachStep() }) { (0..<4).flatMap { t in steps { _ in [t] } } },
  .moving("some of the steps", sequence, { [$0.eachStep()[3], $0.eachStep()[1]] }) {
    [3, 1].flatMap { t in steps { _ in [t] } }
  },
  .moving("sequence of steps", sequence, { [.sequence(of: [$0.step(3), $0.step(0)])] }) {
    steps { _ in [3, 0] }
  },
  .moving("last step", sequence, { [$0.lastStep()] }) { steps { _ in [3] } },
  .moving("reversed in time", sequence, { [$0.reversedInTime()] }) { steps { _ in [3, 2, 1, 0] } },
  .moving("reversed inside lengths", sequence, { [$0.reversedInTime(lengths: lengths)] }) {
    steps { [[3, 2, 1, 0], [0, 1, 2, 3], [2, 1, 0, 3]][$0] }
  },
  .moving("rows", [4, 2], { [$0.rows(1..<3)] }) { [2, 3, 4, 5] },
  .moving("concatenated", [2, 3], { [.concatenated([$0, $0.split(3)[1]])] }) {
    [0, 1, 2, 1, 3, 4, 5, 4]
  },
  .moving("last valid step", sequence, { [$0.lastStep(lengths: lengths)] }) {
    steps { [lengths[$0] - 1] }
  },
]

private let x = drawn(sequence, seed: 5)
private let rows = drawn([3, 6], seed: 6)
private let weight = drawn([6, 5], seed: 7)
private let bias = drawn([6], seed: 8)
private let table = drawn([6, 4], seed: 9)
private let ids = Tensor([2, 0, 2, 5], [2, 2])
private let logits = drawn([5, 4], seed: 10, in: -4...4)
private let classes: [Int32] = [1, 3, -1, 0, 2]
private let shares: [Float] = [1, 0.5, 0, 2, 1]
private let random = Random.stream(.dropout, seed: 11)

/// Sums, products and what is built of them.
private let combining: [Operation] = [
  Operation("sum of all", [x], { [$0[0].sum()] }) { [x.doubles.reduce(0, +)] },
  Operation("mean over time", [x], { [$0[0].meanOverTime(lengths: lengths)] }) {
    (0..<15).map { i in
      let valid = (0..<lengths[i / 5]).map { x.doubles[(i / 5 * 4 + $0) * 5 + i % 5] }
      return valid.reduce(0, +) / Double(valid.count)
    }
  },
  Operation("linear", [x], weights: [weight, bias], { [$0[0].linear($1[0], $1[1])] }) {
    product(x, weight, bias: bias.doubles)
  },
  Operation("linear without bias", [x, weight], { [$0[0].linear($0[1])] }) { product(x, weight) },
  Operation("embedding", [x], weights: [table], { [$0[0].beside(ids).embedded(in: $1[0])] }) {
    ids.scalars.flatMap { table.doubles[Int($0) * 4..<Int($0) * 4 + 4] }
  },
  Operation(
    "softmax cross entropy", [logits],
    { [$0[0].softmaxCrossEntropy(classes, weights: shares).loss] }
  ) { [crossEntropy()] },
  Operation("dropout", [x], { [$0[0].dropout(0.25, random)] }) {
    zip(x.doubles, uniforms(random, 60)).map { $1 < 0.25 ? 0 : $0 / 0.75 }
  },
  Operation(
    "recompute", [x.lastStep(), rows], weights: [weight],
    { inputs, weights in
      Tape.recompute(inputs) { [tanh($0[0].linear(weights[0])) * $0[1], $0[0]] }
    }
  ) {
    let last = x.lastStep()
    return zip(product(last, weight), rows.doubles).map { Foundation.tanh($0) * $1 }
      + last.doubles
  },
]

/// The fused recurrent sequences, with every output.
private let recurrent: [Operation] = [
  fused("RNN with tanh", states: 1, gates: 1, { [Foundation.tanh($0[0] + $1[0] + 0 * $2[0])] }) {
    let run = RNNSequence($0, h0: $1[0], weights: $2, activation: .tanh, probe: nil)
    return [run.output, run.h]
  },
  fused("RNN with relu", states: 1, gates: 1, { [max(0, $0[0] + $1[0] + 0 * $2[0])] }) {
    let run = RNNSequence($0, h0: $1[0], weights: $2, activation: .relu, probe: nil)
    return [run.output, run.h]
  },
  fused("LSTM", states: 2, gates: 4, naiveLSTM) {
    let run = LSTMSequence($0, h0: $1[0], c0: $1[1], weights: $2, probe: nil)
    return [run.output, run.h, run.c]
  },
  fused("GRU", states: 1, gates: 3, naiveGRU) {
    let run = GRUSequence($0, h0: $1[0], weights: $2, probe: nil)
    return [run.output, run.h]
  },
]

/// Every operation that the tape records, once.
let operations =
  simple + combining + recurrent + functions + normalizing + sliding + losses

/// A fused sequence over `[B, T, D]` = [3, 4, 5] with 6 hidden units.
private func fused(
  _ name: String, states: Int, gates: Int,
  _ cell: @escaping @Sendable ([Double], [Double], [Double]) -> [Double],
  _ run: @escaping @Sendable (Tensor, [Tensor], CellWeights) -> [Tensor]
) -> Operation {
  let shapes: [Shape] = [[6 * gates, 5], [6 * gates, 6], [6 * gates], [6 * gates]]
  let weights = shapes.enumerated().map { drawn($1, seed: 20 + UInt64($0)) }
  let starts = (0..<states).map { drawn([3, 6], seed: 30 + UInt64($0)) }
  return Operation(name, [x] + starts, weights: weights) { inputs, weights in
    run(inputs[0], Array(inputs.dropFirst()), CellWeights(weights, beside: inputs[0]))
  } expecting: {
    naiveSequence(x, from: starts, weights, cell: cell)
  }
}

/// x Wᵀ + b in Float64.
private func product(_ x: Tensor, _ weight: Tensor, bias: [Double]? = nil) -> [Double] {
  let (x, w, inner, outer) = (x.doubles, weight.doubles, weight.shape[1], weight.shape[0])
  return (0..<x.count / inner).flatMap { row in
    (0..<outer).map { column in
      (0..<inner).reduce(bias?[column] ?? 0) { $0 + x[row * inner + $1] * w[column * inner + $1] }
    }
  }
}

/// The weighted mean cross entropy of `logits` in Float64.
private func crossEntropy() -> Double {
  let losses = (0..<5).map { row -> Double in
    guard shares[row] > 0 else { return 0 }
    let z = Array(logits.doubles[row * 4..<row * 4 + 4])
    return log(z.reduce(0) { $0 + exp($1) }) - z[Int(classes[row])]
  }
  return zip(losses, shares).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(shares.reduce(0, +))
}

/// The first numbers of a stream in [0, 1), one word of Philox each.
private func uniforms(_ random: Random, _ count: Int) -> [Double] {
  let key = [UInt32(truncatingIfNeeded: random.seed), UInt32(random.seed >> 32)]
  return (0..<count).map { element in
    let counter = [
      UInt32(element / 4), 0, UInt32(truncatingIfNeeded: random.stream),
      UInt32(random.stream >> 32),
    ]
    var words: [UInt32] = [0, 0, 0, 0]
    ck_philox(key, counter, &words)
    return Double(words[element % 4] >> 8) / 0x1p24
  }
}

extension Tensor {
  /// `constant` on the tape of this tensor, if it has one.
  fileprivate func beside(_ constant: Tensor) -> Tensor { tape?.constant(constant) ?? constant }
}
