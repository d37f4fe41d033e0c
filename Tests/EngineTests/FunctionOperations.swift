import Foundation

@testable import Engine
@testable import TestSupport

private let scores = drawn([5, 4], seed: 12, in: -4...4)

/// Elementwise functions of their argument, and softmax.
let functions: [Operation] = [
  .unary("leaky relu", { $0.applying(.leakyReLU(slope: 0.3)) }) { $0 < 0 ? 0.3 * $0 : $0 },
  .unary("elu", { $0.applying(.elu(alpha: 1.5)) }) { $0 < 0 ? 1.5 * expm1($0) : $0 },
  .unary("selu", { $0.applying(.selu) }) {
    1.0507009873554805 * ($0 < 0 ? 1.6732632423543772 * expm1($0) : $0)
  },
  .unary("gelu", { $0.applying(.gelu) }) { $0 / 2 * erfc(-$0 / 2.0.squareRoot()) },
  .unary("gelu with tanh", { $0.applying(.geluTanh) }) {
    $0 / 2 * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
  },
  .unary("silu", { $0.applying(.silu) }) { $0 * logistic($0) },
  .unary("mish", { $0.applying(.mish) }) { $0 * Foundation.tanh(log1p(exp($0))) },
  .unary("softplus", { $0.applying(.softplus) }) { log1p(exp($0)) },
  .unary("hard sigmoid", { $0.applying(.hardSigmoid) }) { min(max($0 / 6 + 0.5, 0), 1) },
  .unary("hard tanh", { $0.applying(.hardTanh) }) { min(max($0, -1), 1) },
  .unary("softsign", { $0.applying(.softsign) }) { $0 / (1 + abs($0)) },
  Operation("softmax", [scores], { [$0[0].softmax()] }) {
    (0..<5).flatMap { row in
      let e = (0..<4).map { exp(scores.doubles[row * 4 + $0]) }
      return e.map { $0 / e.reduce(0, +) }
    }
  },
]
