import CKernels
import Foundation
import Testing

@Suite struct ReductionTests {
  @Test(arguments: InstructionSet.all)
  func columnsAreSummedOverRows(_ set: InstructionSet) {
    var numbers = Numbers(1)
    for (m, n) in [(1, 1), (5, 3), (70, 4 * set.lanes), (33, 9 * set.lanes + 5)] {
      let a = Floats(random: m * n, from: &numbers)
      let expected = (0..<n).map { j in (0..<m).reduce(0.0) { $0 + a[$1 * n + j] } }
      let out = Floats(count: n)
      ck_sum_rows(set.pointer, a.pointer, m, n, 0, n, out.pointer, false)
      expectClose(out, expected, "\(m)x\(n)")
      let whole = out.bits
      for parts in [2, 3, 8] {
        let cutUp = Floats(count: n)
        for part in cut(n, into: parts) {
          ck_sum_rows(
            set.pointer, a.pointer, m, n, part.lowerBound, part.upperBound, cutUp.pointer, false)
        }
        #expect(cutUp.bits == whole)
      }
      ck_sum_rows(set.pointer, a.pointer, m, n, 0, n, out.pointer, true)
      expectClose(out, expected.map { 2 * $0 }, "accumulated \(m)x\(n)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func sumsAreInDouble(_ set: InstructionSet) {
    var numbers = Numbers(2)
    for count in [0, 1, set.lanes - 1, set.lanes + 1, 2 * set.lanes, 4 * set.lanes + 3, 10_007] {
      let a = Floats(random: count, from: &numbers)
      let sum = (0..<count).reduce(0.0) { $0 + a[$1] }
      let squares = (0..<count).reduce(0.0) { $0 + a[$1] * a[$1] }
      #expect(abs(ck_sum(set.pointer, a.pointer, count) - sum) < 1e-11)
      #expect(abs(ck_sum_squares(set.pointer, a.pointer, count) - squares) < 1e-10)
    }
  }

  @Test(arguments: InstructionSet.all)
  func oneNonFiniteNumberIsFoundAnywhere(_ set: InstructionSet) {
    let count = 70 * set.lanes + 3
    let a = Floats(count: count, filledWith: .greatestFiniteMagnitude)
    #expect(ck_all_finite(set.pointer, a.pointer, count))
    #expect(ck_all_finite(set.pointer, a.pointer, 0))
    for bad in [Float.nan, .infinity, -.infinity] {
      for index in [0, set.lanes, 64 * set.lanes, count - 1] {
        a.pointer[index] = bad
        #expect(!ck_all_finite(set.pointer, a.pointer, count))
        a.pointer[index] = 1
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func softmaxRowsSumToOne(_ set: InstructionSet) {
    var numbers = Numbers(3)
    for classes in [1, 2, set.lanes, set.lanes + 1, 67] {
      let a = Floats(random: 3 * classes, size: 30, from: &numbers)
      let out = Floats(count: 3 * classes)
      ck_softmax(set.pointer, a.pointer, classes, 0, 3, out.pointer)
      let expected = (0..<3).flatMap { softmax(a, row: $0, classes) }
      expectClose(out, expected, tolerance: 1e-6, "softmax of \(classes)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func crossEntropyAgreesWithTheNaiveOne(_ set: InstructionSet) {
    var numbers = Numbers(4)
    for classes in [1, 2, set.lanes - 1, set.lanes + 1, 67] {
      let logits = Floats(random: 3 * classes, size: 50, from: &numbers)
      let weight = Floats([0.5, 1, 0.125])
      let target: [Int32] = [0, Int32(classes) - 1, Int32(classes) / 2]
      let (loss, gradient) = (Floats(count: 3), Floats(count: 3 * classes))
      ck_softmax_cross_entropy(
        set.pointer, logits.pointer, target, weight.pointer, 0, classes, 0, 3,
        loss.pointer, gradient.pointer)
      let rows = (0..<3).map { softmax(logits, row: $0, classes) }
      let expectedLoss = (0..<3).map { m in
        let shifted = (0..<classes).map { logits[m * classes + $0] - 50 }
        return log(shifted.reduce(0) { $0 + exp($1) }) - shifted[Int(target[m])]
      }
      expectClose(loss, expectedLoss, tolerance: 2e-6, "loss of \(classes)")
      let expected = (0..<3).flatMap { m in
        (0..<classes).map { (rows[m][$0] - ($0 == Int(target[m]) ? 1 : 0)) * weight[m] }
      }
      expectClose(gradient, expected, tolerance: 1e-6, "gradient of \(classes)")
      let lossOnly = Floats(count: 3)
      ck_softmax_cross_entropy(
        set.pointer, logits.pointer, target, nil, 0, classes, 0, 3, lossOnly.pointer, nil)
      #expect(lossOnly.bits == loss.bits)
    }
  }

  @Test(arguments: InstructionSet.all)
  func aSmoothedTargetIsAMixtureWithTheUniformOne(_ set: InstructionSet) {
    var numbers = Numbers(7)
    let (classes, smoothing) = (19, 0.2)
    let logits = Floats(random: classes, size: 50, from: &numbers)
    let (loss, gradient) = (Floats(count: 1), Floats(count: classes))
    ck_softmax_cross_entropy(
      set.pointer, logits.pointer, [4], nil, Float(smoothing), classes, 0, 1, loss.pointer,
      gradient.pointer)
    let probabilities = softmax(logits, row: 0, classes)
    let wanted = (0..<classes).map { smoothing / Double(classes) + ($0 == 4 ? 1 - smoothing : 0) }
    let expected = zip(wanted, probabilities).reduce(0) { $0 - $1.0 * log($1.1) }
    expectClose(loss, [expected], tolerance: 4e-6, "loss")
    expectClose(gradient, zip(probabilities, wanted).map { $0 - $1 }, tolerance: 1e-6, "gradient")
  }

  @Test(arguments: InstructionSet.all)
  func aMaskedRowReadsNoTargetAndHasNoGradient(_ set: InstructionSet) {
    let logits = Floats([1, 2, 3, 4, 5, 6])
    let weight = Floats([0, 1])
    let (loss, gradient) = (Floats(count: 2), Floats(count: 6))
    ck_softmax_cross_entropy(
      set.pointer, logits.pointer, [-1000, 2], weight.pointer, 0, 3, 0, 2, loss.pointer,
      gradient.pointer)
    #expect(loss[0] == 0 && loss[1] > 0)
    #expect(gradient.values[..<3] == [0, 0, 0])
  }

  private func softmax(_ a: Floats, row: Int, _ classes: Int) -> [Double] {
    let z = (0..<classes).map { a[row * classes + $0] }
    let most = z.max() ?? 0
    let terms = z.map { exp($0 - most) }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }
}
