import Testing

@testable import Engine
@testable import TestSupport

/// Four times tanh(x Wᵀ + b), with dropout.
private struct Block: Sendable {
  let weight: Parameter
  let bias: Parameter

  init(_ size: Int, seed: UInt64) {
    weight = Parameter("weight", drawn([size, size], seed: seed, in: -0.3...0.3))
    bias = Parameter("bias", drawn([size], seed: seed + 1))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    (0..<4).reduce(x) { x, round in
      tanh(x.linear(weight, bias)).dropout(0.1, .stream(.dropout, round, seed: 1))
    }
  }

  /// The gradients of x, weight and bias through `blocks`, recomputed or not.
  static func gradients(_ blocks: [Block], _ x: Tensor, recomputing: Bool) -> [Tensor?] {
    let tape = Tape()
    let start = tape.variable(x)
    let y = blocks.reduce(start) { x, block in
      recomputing ? Tape.recompute([x]) { [block($0[0])] }[0] : block(x)
    }
    let found = tape.gradients(of: weightedLoss([y]))
    return [found[start]] + blocks.flatMap { [found[$0.weight], found[$0.bias]] }
  }
}

@Suite struct RecomputeTests {
  private let blocks = (0..<3).map { Block(5, seed: 10 * $0) }

  @Test func theGradientsAreTheSame() {
    let x = drawn([7, 5], seed: 1)
    let plain = Block.gradients(blocks, x, recomputing: false)
    let again = Block.gradients(blocks, x, recomputing: true)
    for (found, expected) in zip(again, plain) {
      #expect(expected != nil)
      expectClose(found, expected, within: 1e-6)
    }
  }

  @Test func itMayBeNested() {
    let x = drawn([7, 5], seed: 1)
    let blocks = blocks
    let tape = Tape()
    let start = tape.variable(x)
    let y = Tape.recompute([start]) { inputs in
      blocks.reduce(inputs) { inputs, block in Tape.recompute(inputs) { [block($0[0])] } }
    }
    let found = tape.gradients(of: weightedLoss(y))
    let plain = Block.gradients(blocks, x, recomputing: false)
    expectClose(found[start], plain[0], within: 1e-6)
    expectClose(found[blocks[1].weight], plain[3], within: 1e-6)
  }

  @Test func onlyParametersMayNeedGradients() {
    let block = blocks[0]
    let tape = Tape()
    let x = tape.constant(drawn([7, 5], seed: 1))
    let y = Tape.recompute([x]) { [block($0[0])] }
    let found = tape.gradients(of: weightedLoss(y))
    expectClose(
      found[block.weight], Block.gradients([block], x.detached, recomputing: false)[1],
      within: 1e-6)
  }

  @Test func aConstantResultGetsNoGradientAndAnInputAsResultGetsItsOwn() {
    let tape = Tape()
    let x = tape.variable(Tensor([2, 3], [2]))
    let y = Tape.recompute([x]) { [Tensor.ones([2]), $0[0], $0[0] * $0[0]] }
    let found = tape.gradients(of: y[0] * y[1] + y[2])
    #expect(found[x]?.scalars == [5, 7])
  }

  @Test func theTapeIsReleasedAfterUse() {
    weak var released: Tape?
    do {
      let tape = Tape()
      released = tape
      let x = tape.variable(.ones([7, 5]))
      let block = blocks[0]
      _ = tape.gradients(of: weightedLoss(Tape.recompute([x]) { [block($0[0])] }))
    }
    #expect(released == nil)
  }

  /// In a process of its own: the pool is shared by everything that runs.
  @Test func thePeakOfMemoryIsLower() async {
    await #expect(processExitsWith: .success) {
      let blocks = (0..<8).map { Block(32, seed: UInt64(10 * $0)) }
      let x = drawn([256, 32], seed: 1)
      _ = Block.gradients(blocks, x, recomputing: true)
      let recomputed = Pool.statistics.bytes
      _ = Block.gradients(blocks, x, recomputing: false)
      let plain = Pool.statistics.bytes
      #expect(recomputed * 2 < plain)
    }
  }
}
