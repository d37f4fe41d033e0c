extension Tensor {
  /// σ_max, the largest singular value of a matrix `[M, N]`: how much it stretches at most. NaN when a
  /// number is not finite.
  ///
  /// Power iteration v ← AᵀA v / ‖AᵀA v‖ in Float64 until ‖A v‖ changes by less than `tolerance`,
  /// relative, from a fixed start that no row of a matrix of round numbers is at right angles to.
  public func spectralNorm(tolerance: Double = 1e-9) -> Double {
    precondition(shape.rank == 2, "A spectral norm is that of a matrix.")
    guard isFinite else { return .nan }
    let (rows, columns, a) = (shape[0], shape[1], scalars)
    var v = (0..<columns).map { column in Double(128 + (column * 37 + 11) % 101) }
    var found = 0.0
    var previous = -1.0
    var rounds = 0
    while abs(found - previous) > tolerance * found, rounds < 500 {
      rounds += 1
      Self.normalize(&v)
      var av = [Double](repeating: 0, count: rows)
      for row in 0..<rows {
        for column in 0..<columns { av[row] += Double(a[row * columns + column]) * v[column] }
      }
      (previous, found) = (found, Self.length(av))
      guard found > 0 else { return 0 }
      v = [Double](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { v[column] += Double(a[row * columns + column]) * av[row] }
      }
    }
    return found
  }

  private static func length(_ v: [Double]) -> Double {
    v.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private static func normalize(_ v: inout [Double]) {
    let size = length(v)
    if size > 0 { for i in v.indices { v[i] /= size } }
  }
}
