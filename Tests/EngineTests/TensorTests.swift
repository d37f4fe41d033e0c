import Testing
import TestSupport

@testable import Engine

@Suite struct TensorTests {
  private let x = Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [2, 3, 2])

  @Test func elementsAreRowMajor() {
    #expect(x[1, 2, 0] == 10 && x[flat: 10] == 10)
    #expect(x.reshaped([3, 4])[2, 1] == 9)
    #expect(Tensor(scalar: 5).shape == [] && Tensor(scalar: 5).scalar == 5)
  }

  @Test func aCopyHasNumbersOfItsOwn() {
    let parameter = Parameter("weight", x)
    let (shared, copy) = (parameter.value, parameter.value.copy())
    parameter.assign(.zeros([2, 3, 2]))
    #expect(copy.scalars == x.scalars && shared.scalars == Array(repeating: 0, count: 12))
  }

  @Test func stepsAndRowsArePicked() {
    #expect(x.steps(1..<3).scalars == [2, 3, 4, 5, 8, 9, 10, 11])
    #expect(x.steps(1..<1).shape == [2, 0, 2])
    #expect(x.gathering(rows: [1, 0, 1]).shape == [3, 3, 2])
    #expect(x.gathering(rows: [1]).scalars == [6, 7, 8, 9, 10, 11])
  }

  @Test func sumsAreWideEnoughForMillions() {
    let many = Tensor.filled(with: 0.1, [1 << 21])
    let exact = Double(Float(0.1)) * Double(1 << 21)
    #expect(abs(Double(many.sum().scalar) - exact) < 1e-7 * exact)
    #expect(abs(many.sumOfSquares - exact * Double(Float(0.1))) < 1e-7 * exact)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func oneNumberThatIsNotFiniteIsFound(value: Float) {
    #expect(drawn([1003], seed: 1).isFinite)
    for place in [0, 500, 1002] {
      var numbers = drawn([1003], seed: 1).scalars
      numbers[place] = value
      #expect(!Tensor(numbers, [1003]).isFinite)
    }
  }

  @Test func softmaxRowsSumToOneEvenForLargeLogits() {
    let rows = Tensor([1000, 1000, 1000, -1000, 0, 1000], [2, 3]).softmax()
    #expect(rows.scalars.prefix(3).allSatisfy { abs($0 - 1.0 / 3) < 1e-6 })
    #expect(rows.scalars.suffix(3) == [0, 0, 1])
  }

  @Test func crossEntropyWithoutAnyWeightIsZero() {
    let tape = Tape()
    let logits = tape.variable(drawn([3, 4], seed: 1))
    let found = logits.softmaxCrossEntropy([-1, 9, 2], weights: [0, 0, 0])
    #expect(found.loss.scalar == 0 && found.rows.scalars == [0, 0, 0])
    #expect(tape.gradients(of: found.loss)[logits]?.scalars.allSatisfy { $0 == 0 } == true)
  }

  @Test func crossEntropyOfLogitsThatAreFarApartIsFinite() {
    let found = Tensor([500, -500, -500, 500], [2, 2]).softmaxCrossEntropy([0, 0])
    #expect(found.rows.scalars == [0, 1000])
  }

  @Test func shapesAndSignaturesReadAsAxes() {
    #expect("\(Shape([8, 32, 64]))" == "[8, 32, 64]")
    #expect("\(Signature.sequence(64))" == "[B, T, 64]")
    #expect("\(Signature.vector(10))" == "[B, 10]")
    #expect("\(Signature.ids(below: 96))" == "[B, T] ids < 96")
  }
}
