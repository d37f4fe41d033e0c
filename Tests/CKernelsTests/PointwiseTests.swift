import CKernels
import Foundation
import Testing

/// Counts around whole vectors, and one that is larger.
private func counts(_ set: InstructionSet) -> [Int] {
  [0, 1, set.lanes - 1, set.lanes, set.lanes + 1, 3 * set.lanes + 2, 1000]
}

@Suite struct PointwiseTests {
  @Test(arguments: InstructionSet.all)
  func twoOperandsAreCombinedExactly(_ set: InstructionSet) {
    var numbers = Numbers(1)
    for count in counts(set) {
      let a = Floats(random: count, from: &numbers)
      let b = Floats(random: count, from: &numbers)
      func check(_ op: ck_binary, _ expected: (Float, Float) -> Float) {
        let out = Floats(count: count)
        ck_pointwise2(set.pointer, op, a.pointer, b.pointer, out.pointer, count)
        #expect(out.values == zip(a.values, b.values).map(expected), "\(op) of \(count)")
      }
      check(CK_ADD, +)
      check(CK_SUBTRACT, -)
      check(CK_MULTIPLY, *)
      check(CK_DIVIDE, /)
    }
  }

  @Test(arguments: InstructionSet.all)
  func theOutputMayBeAnInput(_ set: InstructionSet) {
    var numbers = Numbers(2)
    let a = Floats(random: 100, from: &numbers)
    let before = a.values
    ck_pointwise2(set.pointer, CK_ADD, a.pointer, a.pointer, a.pointer, 100)
    #expect(a.values == before.map { $0 + $0 })
    ck_pointwise1(set.pointer, CK_RELU_OF, a.pointer, a.pointer, 100)
    #expect(a.values == before.map { max(0, $0 + $0) })
  }

  @Test(arguments: InstructionSet.all)
  func derivativesComeFromTheOutputs(_ set: InstructionSet) {
    var numbers = Numbers(3)
    for count in counts(set) {
      let y = Floats((0..<count).map { _ in 0.5 + abs(numbers.next(0.49)) })
      let dy = Floats(random: count, from: &numbers)
      func check(_ op: ck_unary, _ derivative: (Double) -> Double) {
        let out = Floats(count: count)
        ck_pointwise1_back(set.pointer, op, y.pointer, dy.pointer, out.pointer, count)
        let expected = (0..<count).map { dy[$0] * derivative(y[$0]) }
        expectClose(out, expected, tolerance: 1e-6, "\(op) of \(count)")
      }
      check(CK_EXP) { $0 }
      check(CK_LOG) { exp(-$0) }
      check(CK_SIGMOID) { $0 * (1 - $0) }
      check(CK_TANH_OF) { 1 - $0 * $0 }
      check(CK_SQRT) { 0.5 / $0 }
    }
  }

  @Test(arguments: InstructionSet.all)
  func reluPassesNoGradientWhereItIsZero(_ set: InstructionSet) {
    let out = Floats(count: 3)
    let (y, dy) = (Floats([0, 2, 0]), Floats([5, 6, 7]))
    ck_pointwise1_back(set.pointer, CK_RELU_OF, y.pointer, dy.pointer, out.pointer, 3)
    #expect(out.values == [0, 6, 0])
  }

  @Test(arguments: InstructionSet.all)
  func scalingAddsAndShifts(_ set: InstructionSet) {
    var numbers = Numbers(4)
    for count in counts(set) {
      let a = Floats(random: count, from: &numbers)
      let out = Floats(count: count)
      ck_affine(set.pointer, a.pointer, 3, -0.25, out.pointer, count)
      expectClose(out, (0..<count).map { a[$0] * 3 - 0.25 }, tolerance: 1e-6, "affine")
      ck_add_scaled(set.pointer, a.pointer, -2, out.pointer, count)
      expectClose(out, (0..<count).map { a[$0] - 0.25 }, tolerance: 1e-6, "add scaled")
    }
  }
}
