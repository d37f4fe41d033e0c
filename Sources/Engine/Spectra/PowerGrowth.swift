import Glibc

extension Tensor {
  /// An estimate of ρ, the largest magnitude of an eigenvalue of a square matrix `[N, N]`: how fast its
  /// powers grow.
  ///
  ///     ρ ≈ (‖Wᵏ v‖ / ‖Wᵏᐟ² v‖)^(2/k)
  ///
  /// From a fixed start v, with k = `steps`, even; N² k operations, where `spectralRadius()` takes about
  /// 10 N³; with 64 steps it is a few percent off. A pair of complex eigenvalues makes lengths swing,
  /// which the k/2 steps even out. NaN when a number is not finite.
  public func estimatedSpectralRadius(steps: Int = 64) -> Double {
    precondition(shape.rank == 2 && shape[0] == shape[1], "Eigenvalues are of square matrices.")
    guard isFinite else { return .nan }
    var v = Tensor((0..<shape[0]).map { Float(128 + ($0 * 37 + 11) % 101) }, [1, shape[0]])
    var growth = 0.0
    for step in 0..<steps {
      let length = v.sumOfSquares.squareRoot()
      guard length > 0 else { return 0 }
      v = (v * Float(1 / length)).linear(detached)  // a row times Wᵀ: W times a column
      if step >= steps / 2 { growth += log(v.sumOfSquares.squareRoot()) }
    }
    return exp(growth / Double(steps - steps / 2))
  }
}
