import Testing

@testable import Engine
@testable import TestSupport

@Suite struct PackingsTests {
  private let weight = Parameter("weight", drawn([96, 40], seed: 1))
  private let bias = Parameter("bias", drawn([96], seed: 2))

  /// The same product from numbers that no parameter holds.
  private func fresh(_ x: Tensor) -> Tensor { x.linear(weight.value.copy(), bias.value.copy()) }

  @Test(arguments: [1, 2, 7, 64])
  func keptWeightsGiveTheBitsOfFreshOnes(rows: Int) {
    let x = drawn([rows, 40], seed: 3)
    for _ in 0..<3 { expectSameBits(x.linear(weight, bias), fresh(x), "\(rows) rows") }
    let tape = Tape()
    expectSameBits(tape.constant(x).linear(weight, bias), fresh(x), "\(rows) rows on a tape")
  }

  @Test func everyChangeOfTheNumbersIsSeen() {
    let x = drawn([1, 40], seed: 3)
    let gradient = drawn([96, 40], seed: 4)
    let (m, v) = (Tensor.zeros([96, 40]), Tensor.zeros([96, 40]))
    let changes: [() -> Void] = [
      { weight.assign(drawn([96, 40], seed: 5)) },
      { weight.clamp(to: -0.1...0.1) },
      { weight.update(.init(rate: 0.1), gradient: gradient, velocity: m) },
      {
        weight.update(
          .init(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, count: 1), gradient: gradient,
          firstMoment: m, secondMoment: v)
      },
      {
        weight.update(
          .init(keep: 0.9, add: 0.1, epsilon: 1e-8), gradient: gradient, squares: v, velocity: nil)
      },
    ]
    for (index, change) in changes.enumerated() {
      let before = x.linear(weight, bias)
      change()
      #expect(before.scalars != x.linear(weight, bias).scalars, "change \(index)")
      expectSameBits(x.linear(weight, bias), fresh(x), "change \(index)")
    }
  }

  @Test func aCellSeesAChangeOfEitherWeight() {
    let ih = Parameter("ih", drawn([32, 5], seed: 6))
    let hh = Parameter("hh", drawn([32, 8], seed: 7))
    let bias = Parameter("bias", .zeros([32]))
    let (x, state) = (drawn([2, 3, 5], seed: 8), Tensor.zeros([2, 8]))
    func run(_ ih: Parameter, _ hh: Parameter) -> Tensor {
      let weights = CellWeights(ih: ih, hh: hh, biasIH: bias, biasHH: bias, beside: x)
      return LSTMSequence(x, h0: state, c0: state, weights: weights, probe: nil).output
    }
    func runFresh() -> Tensor {
      run(Parameter("ih", ih.value.copy()), Parameter("hh", hh.value.copy()))
    }
    let changes: [() -> Void] = [
      {}, { ih.assign(drawn([32, 5], seed: 9)) }, { hh.assign(drawn([32, 8], seed: 10)) },
    ]
    for change in changes {
      change()
      expectSameBits(run(ih, hh), runFresh(), "kept")
      expectSameBits(run(ih, hh), runFresh(), "kept again")
    }
  }

  /// In a process of its own, because the pool is shared by everything that runs.
  @Test func aTrainingStepKeepsNoPackingAndAChangeDropsIt() async {
    await #expect(processExitsWith: .success) {
      let x = drawn([1, 40], seed: 3)
      let weight = Parameter("weight", drawn([96, 40], seed: 1))
      let before = Pool.statistics.bytesInUse
      _ = Tape().constant(x).linear(weight)
      #expect(Pool.statistics.bytesInUse == before)
      _ = x.linear(weight)
      #expect(Pool.statistics.bytesInUse > before)
      weight.assign(weight.value * 2)
      #expect(Pool.statistics.bytesInUse == before)
    }
  }
}
