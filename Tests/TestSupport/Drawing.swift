import Engine

/// Numbers that a test draws: uniform in `range`, the same every time for one `seed`.
public func drawn(
  _ shape: Shape, seed: UInt64, in range: ClosedRange<Float> = -1...1
) -> Tensor {
  var random = Random.stream(.test, seed: seed)
  return .uniform(range, shape, using: &random)
}

/// Numbers in ±[0.25, 1.25]: away from the kink of relu by more than a finite difference moves.
public func drawnAwayFromZero(_ shape: Shape, seed: UInt64) -> Tensor {
  let numbers = drawn(shape, seed: seed).scalars
  return Tensor(numbers.map { $0 < 0 ? $0 - 0.25 : $0 + 0.25 }, shape)
}

/// Whole numbers in `0..<bound`, as the floats that layers read as ids.
public func drawnIDs(_ shape: Shape, below bound: Int, seed: UInt64) -> Tensor {
  Tensor(
    drawn(shape, seed: seed, in: 0...1).scalars.map { ($0 * Float(bound)).rounded(.down) }, shape)
}

/// The weights of every test's loss, exact in Float32 and different from element to element, so
/// that no error cancels out: 0.5 + ((37 i + 11) mod 101) / 128, as in the scripts of the fixtures.
public func lossWeights(_ shape: Shape) -> Tensor {
  Tensor((0..<shape.count).map { 0.5 + Float(($0 * 37 + 11) % 101) / 128 }, shape)
}

/// Σ w ⊙ outputs, with `lossWeights` for each output.
public func weightedLoss(_ outputs: [Tensor]) -> Tensor {
  let sums = outputs.map { ($0 * lossWeights($0.shape)).sum() }
  return sums.dropFirst().reduce(sums[0], +)
}
