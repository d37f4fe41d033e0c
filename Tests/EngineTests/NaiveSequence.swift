import Foundation

@testable import Engine

/// A recurrent sequence in Float64, one number at a time: the oracle of the fused operations.
///
/// `cell` maps one unit's gate sums W x + b and U h + d and its state to its new state, the hidden
/// state first. The result is every h_t `[B, T, H]` and then each part of the final state `[B, H]`.
func naiveSequence(
  _ x: Tensor, from states: [Tensor], _ weights: [Tensor],
  cell: (_ input: [Double], _ recurrent: [Double], _ state: [Double]) -> [Double]
) -> [Double] {
  let (batch, time, hidden) = (x.shape[0], x.shape[1], states[0].shape[1])
  let values = weights.map(\.doubles)
  let gates = values[2].count / hidden
  func sums(_ weight: [Double], _ bias: [Double], _ vector: some Collection<Double>) -> [Double] {
    bias.indices.map { row in
      zip(weight[(row * vector.count)...], vector).reduce(bias[row]) { $0 + $1.0 * $1.1 }
    }
  }

  var outputs: [Double] = []
  var last = states.map { _ in [Double]() }
  for b in 0..<batch {
    var state = states.map { Array($0.doubles[b * hidden..<(b + 1) * hidden]) }
    for t in 0..<time {
      let from = (b * time + t) * x.shape[2]
      let input = sums(values[0], values[2], x.doubles[from..<from + x.shape[2]])
      let recurrent = sums(values[1], values[3], state[0])
      let units = (0..<hidden).map { unit in
        let rows = (0..<gates).map { $0 * hidden + unit }
        return cell(rows.map { input[$0] }, rows.map { recurrent[$0] }, state.map { $0[unit] })
      }
      state = states.indices.map { part in units.map { $0[part] } }
      outputs += state[0]
    }
    for part in last.indices { last[part] += state[part] }
  }
  return outputs + last.flatMap { $0 }
}

/// The logistic function.
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// One unit of an LSTM; the state is h and c.
func naiveLSTM(_ input: [Double], _ recurrent: [Double], _ state: [Double]) -> [Double] {
  let z = zip(input, recurrent).map(+)
  let c = logistic(z[1]) * state[1] + logistic(z[0]) * Foundation.tanh(z[2])
  return [logistic(z[3]) * Foundation.tanh(c), c]
}

/// One unit of a GRU.
func naiveGRU(_ input: [Double], _ recurrent: [Double], _ state: [Double]) -> [Double] {
  let reset = logistic(input[0] + recurrent[0])
  let update = logistic(input[1] + recurrent[1])
  let candidate = Foundation.tanh(input[2] + reset * recurrent[2])
  return [(1 - update) * candidate + update * state[0]]
}
