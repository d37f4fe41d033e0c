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

/// Half the gradient, cut at `limit`.
private func treatment(
  decay: Float = 0, shrink: Float = 0, limit: Double = .infinity
) -> ck_treatment {
  ck_treatment(clip: 0.5, limit: Float(limit), decay: decay, shrink: shrink)
}

extension Parameters {
  /// What a rule sees of gradient `i` under `treatment`.
  fileprivate func seen(_ i: Int, decay: Double = 0, limit: Double = .infinity) -> Double {
    min(max(gradient[i] * 0.5, -limit), limit) + decay * x[i]
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
          set.pointer, p.w.pointer, p.gradient.pointer, velocity, count,
          treatment(decay: 0.01, limit: 0.3), 0.1, Float(kind.momentum), kind.nesterov)
        var expected = 0.0
        for i in 0..<count {
          let g = p.seen(i, decay: 0.01, limit: 0.3)
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

  @Test(arguments: InstructionSet.all, [(false, false), (true, false), (false, true)])
  func adamAgreesWithTheNaiveStep(
    _ set: InstructionSet, _ kind: (isDecoupled: Bool, hasPeak: Bool)
  ) {
    for count in [1, set.lanes - 1, set.lanes, 3 * set.lanes + 1, 500] {
      var p = Parameters(count)
      let peak = Floats((0..<count).map { $0 % 2 == 0 ? 0 : 1 })
      var highest = peak.values.map(Double.init)
      let how = kind.isDecoupled ? treatment(shrink: 0.01 * 0.1) : treatment(decay: 0.1)
      for t in 1...3 {
        let (c1, c2) = (1 - pow(0.9, Double(t)), 1 - pow(0.99, Double(t)))
        let square = ck_adam(
          set.pointer, p.w.pointer, p.gradient.pointer, p.first.pointer, p.second.pointer,
          kind.hasPeak ? peak.pointer : nil, count, how, 0.01, 0.9, 0.99, c1, c2, 1e-8)
        var expected = 0.0
        for i in 0..<count {
          let g = p.seen(i, decay: kind.isDecoupled ? 0 : 0.1)
          p.m[i] = 0.9 * p.m[i] + 0.1 * g
          p.v[i] = 0.99 * p.v[i] + 0.01 * g * g
          highest[i] = max(highest[i], p.v[i])
          let second = kind.hasPeak ? highest[i] : p.v[i]
          let step = 0.01 * (p.m[i] / c1) / (sqrt(second / c2) + 1e-8)
          let update = step + (kind.isDecoupled ? 0.01 * 0.1 * p.x[i] : 0)
          p.x[i] -= update
          expected += update * update
        }
        #expect(abs(square - expected) < 1e-4 * expected)
      }
      if kind.hasPeak { expectClose(peak, highest, tolerance: 2e-6, "peaks of \(count)") }
      expectClose(p.w, p.x, tolerance: 5e-6, "weights of \(count)")
      expectClose(p.first, p.m, tolerance: 2e-6, "first moment of \(count)")
      expectClose(p.second, p.v, tolerance: 2e-6, "second moment of \(count)")
    }
  }

  @Test(
    arguments: InstructionSet.all,
    [(0.0, false, 1.0, false), (0.8, true, 0.9, false), (0.8, false, 0.9, true)])
  func rootMeanSquaresAgreeWithTheNaiveStep(
    _ set: InstructionSet,
    _ kind: (momentum: Double, isInside: Bool, keep: Double, isCentered: Bool)
  ) {
    let (mu, keep) = (kind.momentum, kind.keep)
    let add = keep == 1 ? 1 : 1 - keep
    for count in [1, set.lanes - 1, set.lanes, 3 * set.lanes + 1, 500] {
      var p = Parameters(count)
      let mean = Floats(Array(repeating: 0, count: count))
      var means = Array(repeating: 0.0, count: count)
      for _ in 0..<3 {
        let square = ck_rms(
          set.pointer, p.w.pointer, p.gradient.pointer, p.second.pointer,
          kind.isCentered ? mean.pointer : nil, mu == 0 ? nil : p.first.pointer, count,
          treatment(decay: 0.1, shrink: 0.001, limit: 0.3),
          0.1, 0.5, Float(mu), Float(keep), Float(add), 1e-3, kind.isInside)
        var expected = 0.0
        for i in 0..<count {
          let g = p.seen(i, decay: 0.1, limit: 0.3)
          p.v[i] = keep * p.v[i] + add * g * g
          means[i] = keep * means[i] + add * g
          let second = kind.isCentered ? max(0, p.v[i] - means[i] * means[i]) : p.v[i]
          let size = kind.isInside ? sqrt(second + 1e-3) : sqrt(second) + 1e-3
          let direction = 0.5 * g / size + (mu == 0 ? 0 : mu * p.m[i])
          if mu != 0 { p.m[i] = direction }
          let update = 0.1 * direction + 0.001 * p.x[i]
          p.x[i] -= update
          expected += update * update
        }
        #expect(abs(square - expected) < 1e-4 * expected)
      }
      expectClose(p.w, p.x, tolerance: 5e-6, "weights of \(count)")
      if kind.isCentered { expectClose(mean, means, tolerance: 2e-6, "means of \(count)") }
      expectClose(p.second, p.v, tolerance: 2e-6, "squares of \(count)")
      if mu != 0 { expectClose(p.first, p.m, tolerance: 5e-6, "velocity of \(count)") }
    }
  }
}
