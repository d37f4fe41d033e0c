import CKernels
import Foundation
import Testing

/// A function of one number: its kernel, its value in Double, and where it is tested.
private struct Function: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let op: ck_unary
  let value: @Sendable (Double) -> Double
  let ranges: [ClosedRange<Float>]

  static let all = [
    Function(
      testDescription: "exp", op: CK_EXP, value: { exp($0) },
      ranges: [-87...88.7, -1...1, -1e-4...1e-4]),
    Function(
      testDescription: "log", op: CK_LOG, value: { log($0) },
      ranges: [1.2e-38...1e-30, 0.01...3, 0.9...1.1, 1...3e38]),
    Function(
      testDescription: "sigmoid", op: CK_SIGMOID, value: { sigmoid($0) },
      ranges: [-86...40, -1...1, -20...(-12)]),
    Function(
      testDescription: "tanh", op: CK_TANH_OF, value: { tanh($0) },
      ranges: [-12...12, -0.6...0.6, -1e-3...1e-3, -1e-30...1e-30]),
  ]
}

/// Distance in units in the last place of the exact value.
private func ulps(_ actual: Float, _ exact: Double) -> Double {
  abs(Double(actual) - exact) / Double(Float(exact).ulp)
}

private func apply(_ set: InstructionSet, _ op: ck_unary, _ x: [Float]) -> [Float] {
  var out = [Float](repeating: 0, count: x.count)
  ck_pointwise1(set.pointer, op, x, &out, x.count)
  return out
}

@Suite struct FunctionTests {
  @Test(arguments: InstructionSet.all, Function.all)
  private func functionIsWithinTwoUlp(_ set: InstructionSet, _ function: Function) {
    let count = 100_003
    for range in function.ranges {
      let x = (0..<count).map { index -> Float in
        let part = Double(index) / Double(count - 1)
        let low = Double(range.lowerBound)
        return Float(low + (Double(range.upperBound) - low) * part)
      }
      var worst = (ulps: 0.0, x: Float(0))
      for (x, y) in zip(x, apply(set, function.op, x)) {
        let error = ulps(y, function.value(Double(x)))
        if !(error <= worst.ulps) { worst = (error, x) }
      }
      #expect(worst.ulps <= 2, "in \(range) at \(worst.x)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func largeArgumentsSaturateAndNaNStaysNaN(_ set: InstructionSet) {
    let inf = Float.infinity
    let x: [Float] = [-inf, -1e30, -110, 0, 110, 1e30, inf]
    #expect(apply(set, CK_EXP, x) == [0, 0, 0, 1, inf, inf, inf])
    #expect(apply(set, CK_TANH_OF, x) == [-1, -1, -1, 0, 1, 1, 1])
    #expect(apply(set, CK_RELU_OF, x) == [0, 0, 0, 0, 110, 1e30, inf])
    let sigmoids = apply(set, CK_SIGMOID, x)
    #expect(sigmoids[3...] == [0.5, 1, 1, 1])
    #expect(sigmoids[..<3].allSatisfy { $0 >= 0 && $0 < .leastNormalMagnitude })
    #expect(apply(set, CK_LOG, [0, -0.0, inf]) == [-inf, -inf, inf])
    #expect(apply(set, CK_LOG, [-1, -inf]).allSatisfy { $0.isNaN })
    for op in [CK_EXP, CK_LOG, CK_SIGMOID, CK_TANH_OF, CK_RELU_OF, CK_SQRT] {
      #expect(apply(set, op, [.nan])[0].isNaN)
    }
  }

  @Test(arguments: InstructionSet.all)
  func tanhKeepsTheSignOfZero(_ set: InstructionSet) {
    #expect(apply(set, CK_TANH_OF, [-0.0])[0].sign == .minus)
    #expect(apply(set, CK_TANH_OF, [0])[0].sign == .plus)
  }

  @Test(arguments: InstructionSet.all)
  func denormalNumbersHaveLogarithms(_ set: InstructionSet) {
    let x = Float.leastNormalMagnitude / 8
    #expect(ulps(apply(set, CK_LOG, [x])[0], log(Double(x))) <= 2)
  }

  @Test(arguments: InstructionSet.all)
  func aValueDoesNotDependOnWhereItStands(_ set: InstructionSet) {
    var numbers = Numbers(7)
    let x = (0..<3 * set.lanes + 1).map { _ in abs(numbers.next(9)) }
    for op in [CK_EXP, CK_LOG, CK_SIGMOID, CK_TANH_OF, CK_RELU_OF, CK_SQRT] {
      let whole = apply(set, op, x)
      for begin in 0..<x.count {
        #expect(apply(set, op, Array(x[begin...])) == Array(whole[begin...]))
      }
    }
  }
}
