import Testing

@testable import Engine
@testable import TestSupport

@Suite struct TapeTests {
  @Test func aParameterUsedTwiceGetsTheSumOfBothGradients() {
    let weight = Parameter("weight", Tensor([2, 3], [2]))
    let tape = Tape()
    let x = tape.constant(Tensor([5, 7], [2]))
    let first = x * weight.beside(x)
    let loss = (first * weight.beside(x)).sum()  // Σ x w²
    #expect(tape.gradients(of: loss)[weight]?.scalars == [20, 42])
  }

  @Test func anIntermediateKeepsItsGradientOnlyWhenAsked() {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2, 3], [3]))
    let kept = x * 2
    let lost = kept * 3
    tape.retainGradient(of: kept)
    let gradients = tape.gradients(of: (lost * lost).sum())
    #expect(gradients[kept]?.scalars == [36, 72, 108])
    #expect(gradients[x]?.scalars == [72, 144, 216])
    #expect(gradients[lost] == nil)
  }

  @Test func aDetachedTensorIsAConstant() {
    let tape = Tape()
    let x = tape.variable(Tensor([3], [1]))
    let loss = x * (x * x).detached
    #expect(loss.scalar == 27)
    #expect(tape.gradients(of: loss)[x]?.scalars == [9])
    #expect(x.detached.tape == nil)
  }

  @Test func withoutATapeNothingIsRecorded() {
    let weight = Parameter("weight", .ones([2, 2]))
    let y = sigmoid(Tensor.ones([3, 2]).linear(weight))
    #expect(y.tape == nil && y.slot == nil)
    #expect(Tape().gradients(of: y)[weight] == nil)
  }

  @Test func whatTheLossDoesNotDependOnHasNoGradient() {
    let tape = Tape()
    let (x, y) = (tape.variable(.ones([2])), tape.variable(.ones([2])))
    let weight = Parameter("weight", .ones([2]))
    _ = x * weight.beside(x)
    let constant = tape.constant(.ones([2]))
    let gradients = tape.gradients(of: (y * constant).sum())
    #expect(gradients[x] == nil && gradients[weight] == nil && gradients[constant] == nil)
    #expect(gradients[y]?.scalars == [1, 1])
  }

  @Test func aTensorOfAnotherTapeOrALaterOneHasNoGradientHere() {
    let (tape, other) = (Tape(), Tape())
    let (x, y) = (tape.variable(.ones([2])), other.variable(.ones([2])))
    let gradients = tape.gradients(of: x * x)
    #expect(gradients[x] != nil && gradients[y] == nil)
    #expect(gradients[x * x] == nil)
  }

  @Test func aSeedWeighsTheElementsOfTheResult() {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2, 3], [3]))
    let gradients = tape.gradients(of: x * x, seed: Tensor([1, 10, 100], [3]))
    #expect(gradients[x]?.scalars == [2, 40, 600])
  }

  @Test func anOperationOfYourOwnIsOneCallOfRecord() {
    func cube(_ x: Tensor) -> Tensor {
      let x0 = x.detached
      return Tape.record([x], to: x0 * x0 * x0) { [$0 * x0 * x0 * 3] }
    }
    let worst = GradientCheck.worstError(inputs: [drawn([2, 3], seed: 1)]) { [cube($0[0])] }
    #expect(worst < 1e-3)
  }

  @Test func anOperationOfYourOwnMayHaveManyOutputs() {
    func sumAndDifference(_ a: Tensor, _ b: Tensor) -> [Tensor] {
      Tape.record([a, b], to: [a.detached + b.detached, a.detached - b.detached]) { gradients in
        let (sum, difference) = (gradients[0], gradients[1])
        guard let sum else { return [difference, difference.map { -$0 }] }
        guard let difference else { return [sum, sum] }
        return [sum + difference, sum - difference]
      }
    }
    let inputs = [drawn([3], seed: 2), drawn([3], seed: 3)]
    let both = GradientCheck.worstError(inputs: inputs) { sumAndDifference($0[0], $0[1]) }
    let one = GradientCheck.worstError(inputs: inputs) { [sumAndDifference($0[0], $0[1])[1]] }
    #expect(max(both, one) < 1e-3)
  }

  /// Or a new parameter at the same address would pass for the old one.
  @Test func aParameterLivesAsLongAsATapeThatUsedIt() {
    weak var used: Parameter?
    do {
      let tape = Tape()
      let x = tape.constant(.ones([1]))
      do {
        let weight = Parameter("weight", .ones([1]))
        used = weight
        _ = x * weight.beside(x)
      }
      #expect(used != nil)
      withExtendedLifetime(tape) {}
    }
    #expect(used == nil)
  }

  @Test(arguments: [[2, 6], [3, 5]])
  func aStateThatDoesNotFitTheBatchIsNeverRead(shape: [Int]) async {
    await #expect(processExitsWith: .failure) { [shape] in
      let weights = ([[18, 4], [18, 6], [18], [18]] as [Shape]).map { Parameter("", .ones($0)) }
      let x = Tensor.ones([3, 2, 4])
      let beside = CellWeights(weights, beside: x)
      _ = GRUSequence(x, h0: .ones(Shape(shape)), weights: beside, probe: nil)
    }
  }
}
