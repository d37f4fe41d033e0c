extension Tensor {
  /// σ₁ ≥ σ₂ ≥ …, the min(M, N) singular values of a matrix `[M, N]`; nil when a number is not finite.
  ///
  /// One-sided Jacobi in Float64: pairs of the shorter side's vectors are turned in their plane until
  /// all stand at right angles; their lengths are the singular values (Hestenes 1958; Golub and Van
  /// Loan, Matrix Computations, 4th edition, section 8.6.3). About 40 min² max operations.
  public func singularValues() -> [Double]? {
    precondition(shape.rank == 2, "Singular values are of matrices.")
    guard isFinite else { return nil }
    let (rows, columns, a) = (shape[0], shape[1], scalars)
    var vectors =
      rows <= columns
      ? (0..<rows).map { row in (0..<columns).map { Double(a[row * columns + $0]) } }
      : (0..<columns).map { column in (0..<rows).map { Double(a[$0 * columns + column]) } }
    Self.turnApart(&vectors)
    return vectors.map { Self.dot($0, $0).squareRoot() }.sorted(by: >)
  }

  /// A V = U Σ of a matrix A `[M, N]` = U Σ Vᵀ, column by column, the longest first: what A's rows are
  /// along its principal directions; nil when a number is not finite.
  ///
  /// Each column is as long as a singular value, with its largest number above 0. About 40 N² M
  /// operations.
  public func principalColumns() -> [[Double]]? {
    precondition(shape.rank == 2, "Principal columns are of matrices.")
    guard isFinite else { return nil }
    let (rows, columns, a) = (shape[0], shape[1], scalars)
    var vectors = (0..<columns).map { column in
      (0..<rows).map { Double(a[$0 * columns + column]) }
    }
    Self.turnApart(&vectors)
    let sizes = vectors.map { Self.dot($0, $0) }
    let order = sizes.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
    return order.map { column in
      let vector = vectors[column]
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// Turns vectors in their planes until all stand at right angles.
  private static func turnApart(_ vectors: inout [[Double]]) {
    // Every sweep squares the largest cosine once it is small: a dozen do, whatever the matrix.
    for _ in 0..<40 where !turn(&vectors) { break }
  }

  /// One sweep over all pairs; whether any was turned.
  private static func turn(_ vectors: inout [[Double]]) -> Bool {
    var hasTurned = false
    var squares = vectors.map { dot($0, $0) }
    // What is left of a direction that is not there is rounding, and has no angle worth turning.
    let nothing = (squares.max() ?? 0) * .ulpOfOne * .ulpOfOne
    for p in vectors.indices {
      for q in vectors.indices.dropFirst(p + 1) where min(squares[p], squares[q]) > nothing {
        let product = dot(vectors[p], vectors[q])
        guard abs(product) > 1e-12 * (squares[p] * squares[q]).squareRoot() else { continue }
        hasTurned = true
        let ratio = (squares[q] - squares[p]) / (2 * product)
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = cosine * tangent
        for i in vectors[p].indices {
          let (x, y) = (vectors[p][i], vectors[q][i])
          vectors[p][i] = cosine * x - sine * y
          vectors[q][i] = sine * x + cosine * y
        }
        squares[p] -= tangent * product
        squares[q] += tangent * product
      }
    }
    return hasTurned
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
