import Foundation
import Testing

@testable import Engine
@testable import TestSupport

/// One operation of the engine with inputs to try it on, and its forward pass in Float64.
struct Operation: CustomTestStringConvertible, Sendable {
  let name: String
  let inputs: [Tensor]
  let weights: [Tensor]
  let compute: @Sendable ([Tensor], [Parameter]) -> [Tensor]
  let expected: @Sendable () -> [Double]

  init(
    _ name: String, _ inputs: [Tensor], weights: [Tensor],
    _ compute: @escaping @Sendable ([Tensor], [Parameter]) -> [Tensor],
    expecting expected: @escaping @Sendable () -> [Double]
  ) {
    self.name = name
    self.inputs = inputs
    self.weights = weights
    self.compute = compute
    self.expected = expected
  }

  init(
    _ name: String, _ inputs: [Tensor], _ compute: @escaping @Sendable ([Tensor]) -> [Tensor],
    expecting expected: @escaping @Sendable () -> [Double]
  ) {
    self.init(name, inputs, weights: [], { inputs, _ in compute(inputs) }, expecting: expected)
  }

  /// Parameters of the caller's own: tests run at once, and some of them move the numbers.
  func makeParameters() -> [Parameter] { weights.map { Parameter("weight", $0) } }

  var testDescription: String { name }

  /// A function of one element at a time.
  static func unary(
    _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor,
    expecting expected: @escaping @Sendable (Double) -> Double
  ) -> Operation {
    let x = drawnAwayFromZero([3, 5, 7], seed: 1)
    return Operation(name, [x], { [function($0[0])] }) { x.doubles.map(expected) }
  }

  /// A function of two tensors, one element of each at a time; the second is away from zero.
  static func binary(
    _ name: String, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor,
    expecting expected: @escaping @Sendable (Double, Double) -> Double
  ) -> Operation {
    let x = drawn([3, 5, 7], seed: 2)
    let y = drawnAwayFromZero([3, 5, 7], seed: 3)
    return Operation(name, [x, y], { [function($0[0], $0[1])] }) {
      zip(x.doubles, y.doubles).map(expected)
    }
  }

  /// A function that picks or moves elements: `expected` names the source of each.
  static func moving(
    _ name: String, _ shape: Shape, _ function: @escaping @Sendable (Tensor) -> [Tensor],
    expecting expected: @escaping @Sendable () -> [Int]
  ) -> Operation {
    let x = drawn(shape, seed: 4)
    return Operation(name, [x], { function($0[0]) }) { expected().map { x.doubles[$0] } }
  }
}

extension Tensor {
  var doubles: [Double] { scalars.map(Double.init) }
}

extension CellWeights {
  /// Weights in the order of their gradients.
  init(_ weights: [Parameter], beside input: Tensor) {
    self.init(
      ih: weights[0], hh: weights[1], biasIH: weights[2], biasHH: weights[3], beside: input)
  }
}
