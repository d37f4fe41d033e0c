import Testing

@testable import Engine
@testable import TestSupport

@Suite struct RandomMatrixTests {
  private func orthogonal(_ size: Int, seed: UInt64) -> Tensor {
    var random = Random.stream(.test, seed: seed)
    return .orthogonal(size, using: &random)
  }

  @Test(arguments: [1, 2, 7, 33]) func anOrthogonalMatrixTimesItsTransposeIsTheIdentity(size: Int) {
    let q = orthogonal(size, seed: 3)
    expectClose(q.linear(q), .identity(size), within: 1e-6)  // q qᵀ
  }

  @Test(arguments: [Shape([3, 40]), [40, 3], [1, 5], [5, 1]])
  func theShorterSideOfAMatrixIsOrthonormal(shape: Shape) {
    var random = Random.stream(.test, seed: 3)
    let q = Tensor.orthogonal(shape, using: &random)
    #expect(q.shape == shape)
    let (short, long) = (min(shape[0], shape[1]), max(shape[0], shape[1]))
    let values = q.scalars
    let columns = (0..<q.count).map { values[$0 % long * short + $0 / long] }
    let rows = shape[0] <= shape[1] ? q : Tensor(columns, [short, long])
    expectClose(rows.linear(rows), .identity(short), within: 1e-6)
  }

  /// QR with the diagonal of R positive draws rotations and reflections alike.
  @Test func bothSignsOfTheDeterminantOccur() {
    let positive = (UInt64(0)..<40).count { seed in
      let q = orthogonal(2, seed: seed).scalars
      return q[0] * q[3] - q[1] * q[2] > 0
    }
    #expect((10...30).contains(positive))
  }

  /// Without the sign fix the first element would have one sign.
  @Test func noElementHasAPreferredSign() {
    let positive = (UInt64(0)..<40).count { orthogonal(3, seed: $0)[flat: 0] > 0 }
    #expect((10...30).contains(positive))
  }

  @Test func aMaskHoldsZerosAndOnesInItsProportion() {
    let random = Random.stream(.cellMask, 3, step: 5, seed: 7)
    let mask = Tensor.mask(dropping: 0.3, [100, 100], random).scalars
    #expect(Set(mask) == [0, 1])
    // The deviation of the share is 0.0046.
    #expect(abs(mask.reduce(0, +) / 10_000 - 0.7) < 0.014)
    #expect(mask == Tensor.mask(dropping: 0.3, [100, 100], random).scalars)
    #expect(Tensor.mask(dropping: 0, [4], random).scalars == [1, 1, 1, 1])
    #expect(Tensor.mask(dropping: 1, [4], random).scalars == [0, 0, 0, 0])
  }

  @Test func clampingMovesOnlyWhatIsOutside() {
    let parameter = Parameter("u", Tensor([-2, -0.5, 0.25, 3], [4]))
    parameter.clamp(to: -1...1)
    #expect(parameter.value.scalars == [-1, -0.5, 0.25, 1])
  }
}
