import CKernels
import Foundation
import Testing

/// Weights, gradients and moments of a test, and their naive twins in Double.
private struct Parameters {
  let w, gradient, first, second: Floats
  var x: [Double], m: [Double], v: [Double]

  init(_ count: Int) {
    var numbers = Numbers(count)
    w = Floats(random: count, from: &numbers)
    gradient = Floats(random: count, from: &numbers)
    first = Floats(random: count, size: 0.1, from: &numbers)
    second = Floats((0..<count).map { _ in abs(numbers.next(0.1)) })
    x = w.values.map(Double.init)
    m = first.values.map(Double.init)
    v = second.values.map(Double.init)
  }
}

@Suite struct OptimiserTests {
  @Test(arguments: InstructionSet.all, [(0.0, false), (0.9, false), (0.9, true)])
  func sgdAgreesWithTheNaiveStep(_ set: InstructionSet, _ kind: (momentum: Double, nesterov: Bool))
  {
    for count in [1, set.lanes - 1, set.lanes, 3 * set.lanes + 1, 500] {
      var p = Parameters(count)
      let velocity = kind.momentum == 0 ? nil : p.first.pointer
      for _ in 0..<3 {
        let square = ck_sgd(
          set.pointer, p.w.pointer, p.gradient.pointer, velocity, count, 0.1, 0.5,
          Float(kind.momentum), 0.01, kind.nesterov)
        var expected = 0.0
        for i in 0..<count {
          let g = p.gradient[i] * 0.5 + 0.01 * p.x[i]
          p.m[i] = kind.momentum * p.m[i] + g
          let update = 0.1 * (kind.nesterov ? g + kind.momentum * p.m[i] : p.m[i])
          p.x[i] -= kind.momentum == 0 ? 0.1 * g : update
          expected += kind.momentum == 0 ? 0.01 * g * g : update * update
        }
        #expect(abs(square - expected) < 1e-5 * expected)
      }
      expectClose(p.w, p.x, tolerance: 2e-6, "weights of \(count)")
      if velocity != nil { expectClose(p.first, p.m, tolerance: 2e-6, "velocity of \(count)") }
    }
  }

  @Test(arguments: InstructionSet.all, [false, true])
  func adamAgreesWithTheNaiveStep(_ set: InstructionSet, decoupled: Bool) {
    for count in [1, set.lanes - 1, set.lanes, 3 * set.lanes + 1, 500] {
      var p = Parameters(count)
      for t in 1...3 {
        let (c1, c2) = (1 - pow(0.9, Double(t)), 1 - pow(0.99, Double(t)))
        let square = ck_adam(
          set.pointer, p.w.pointer, p.gradient.pointer, p.first.pointer, p.second.pointer, count,
          0.01, 0.5, 0.9, 0.99, c1, c2, 1e-8, 0.1, decoupled)
        var expected = 0.0
        for i in 0..<count {
          let g = p.gradient[i] * 0.5 + (decoupled ? 0 : 0.1 * p.x[i])
          p.m[i] = 0.9 * p.m[i] + 0.1 * g
          p.v[i] = 0.99 * p.v[i] + 0.01 * g * g
          let step = 0.01 * (p.m[i] / c1) / (sqrt(p.v[i] / c2) + 1e-8)
          let update = step + (decoupled ? 0.01 * 0.1 * p.x[i] : 0)
          p.x[i] -= update
          expected += update * update
        }
        #expect(abs(square - expected) < 1e-4 * expected)
      }
      expectClose(p.w, p.x, tolerance: 5e-6, "weights of \(count)")
      expectClose(p.first, p.m, tolerance: 2e-6, "first moment of \(count)")
      expectClose(p.second, p.v, tolerance: 2e-6, "second moment of \(count)")
    }
  }
}
