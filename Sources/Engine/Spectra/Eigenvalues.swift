/// An eigenvalue of a real matrix.
public struct Eigenvalue: Sendable, Equatable {
  /// The real and the imaginary part.
  public let real, imaginary: Double

  /// |λ|.
  public var magnitude: Double { (real * real + imaginary * imaginary).squareRoot() }
}

extension Tensor {
  /// The eigenvalues of a square matrix `[N, N]`, complex pairs side by side; nil when a number is not
  /// finite or the iteration does not settle.
  ///
  /// In Float64: Householder reflections to Hessenberg form, then Francis's QR steps with double
  /// shifts (Golub and Van Loan, Matrix Computations, 4th edition, algorithms 7.4.2 and 7.5.1). About
  /// 10 N³ operations.
  public func eigenvalues() -> [Eigenvalue]? {
    precondition(shape.rank == 2 && shape[0] == shape[1], "Eigenvalues are of square matrices.")
    guard isFinite else { return nil }
    var form = HessenbergForm(scalars.map(Double.init), shape[0])
    return form.eigenvalues()
  }

  /// ρ, the largest magnitude of an eigenvalue of a square matrix `[N, N]`: how fast its powers grow.
  /// Nil as for `eigenvalues()`.
  public func spectralRadius() -> Double? {
    eigenvalues().map { $0.reduce(0) { max($0, $1.magnitude) } }
  }
}

/// A matrix with zeros below its first subdiagonal, on its way to triangular blocks.
private struct HessenbergForm {
  private var a: [Double]
  private let size: Int

  /// A matrix similar to `a`, `[size, size]` row by row.
  init(_ a: [Double], _ size: Int) {
    self.a = a
    self.size = size
    guard size > 2 else { return }
    for k in 0..<size - 2 {
      guard let mirror = Mirror((k + 1..<size).map { self[$0, k] }) else { continue }
      reflectRows(from: k + 1, mirror, columns: k..<size)
      reflectColumns(from: k + 1, mirror, rows: 0..<size)
    }
  }

  private subscript(row: Int, column: Int) -> Double {
    get { a[row * size + column] }
    set { a[row * size + column] = newValue }
  }

  /// Splits off one eigenvalue or a pair at the end of the matrix after another.
  mutating func eigenvalues() -> [Eigenvalue]? {
    var found: [Eigenvalue] = []
    var (end, tries) = (size - 1, 0)
    while end >= 0 {
      let start = startOfBlock(endingAt: end)
      if start == end {
        found.append(Eigenvalue(real: self[end, end], imaginary: 0))
        (end, tries) = (end - 1, 0)
      } else if start == end - 1 {
        found += pair(at: start)
        (end, tries) = (end - 2, 0)
      } else {
        tries += 1
        guard tries <= 60 else { return nil }
        // Every tenth try leaves the beaten track, should the shifts go round in circles.
        step(start, end, shifts: tries % 10 == 0 ? wilfulShifts(end) : trailingShifts(end))
      }
    }
    return found
  }

  /// The first row of the block that ends at `end`: above it the subdiagonal is nothing but rounding.
  private mutating func startOfBlock(endingAt end: Int) -> Int {
    for row in stride(from: end, to: 0, by: -1) {
      let scale = abs(self[row - 1, row - 1]) + abs(self[row, row])
      if abs(self[row, row - 1]) <= .ulpOfOne * (scale > 0 ? scale : 1) {
        self[row, row - 1] = 0
        return row
      }
    }
    return 0
  }

  /// The eigenvalues of the 2 × 2 block that starts at `k`.
  private func pair(at k: Int) -> [Eigenvalue] {
    let (last, product) = (self[k + 1, k + 1], self[k, k + 1] * self[k + 1, k])
    let half = (self[k, k] - last) / 2
    let square = half * half + product
    guard square >= 0 else {
      let (real, imaginary) = (last + half, (-square).squareRoot())
      return [
        Eigenvalue(real: real, imaginary: imaginary), Eigenvalue(real: real, imaginary: -imaginary),
      ]
    }
    // The larger distance from `last` has no cancellation, and gives the other one.
    let far = half + (half < 0 ? -square.squareRoot() : square.squareRoot())
    return [
      Eigenvalue(real: last + far, imaginary: 0),
      Eigenvalue(real: far == 0 ? last : last - product / far, imaginary: 0),
    ]
  }

  /// Sum and product of the eigenvalues of the last 2 × 2 block.
  private func trailingShifts(_ end: Int) -> (sum: Double, product: Double) {
    let (p, q) = (self[end - 1, end - 1], self[end, end])
    return (p + q, p * q - self[end - 1, end] * self[end, end - 1])
  }

  private func wilfulShifts(_ end: Int) -> (sum: Double, product: Double) {
    let size = abs(self[end, end - 1]) + abs(self[end - 1, end - 2])
    return (1.5 * size, size * size)
  }

  /// One QR step with two shifts on rows and columns `start...end`: a bulge below the subdiagonal is
  /// made at the top and chased out at the bottom.
  private mutating func step(_ start: Int, _ end: Int, shifts: (sum: Double, product: Double)) {
    let (h, below) = (self[start, start], self[start + 1, start])
    var bulge = [
      h * (h - shifts.sum) + shifts.product + self[start, start + 1] * below,
      below * (h + self[start + 1, start + 1] - shifts.sum),
      below * self[start + 2, start + 1],
    ]
    for k in start..<end {
      if let mirror = Mirror(bulge) {
        reflectRows(from: k, mirror, columns: max(start, k - 1)..<end + 1)
        reflectColumns(from: k, mirror, rows: start..<min(k + 3, end) + 1)
      }
      bulge = (k + 1...min(k + 3, end)).map { self[$0, k] }
    }
  }

  private mutating func reflectRows(from first: Int, _ mirror: Mirror, columns: Range<Int>) {
    for column in columns {
      var along = 0.0
      for (i, v) in mirror.normal.enumerated() { along += v * self[first + i, column] }
      for (i, v) in mirror.normal.enumerated() {
        self[first + i, column] -= mirror.scale * along * v
      }
    }
  }

  private mutating func reflectColumns(from first: Int, _ mirror: Mirror, rows: Range<Int>) {
    for row in rows {
      var along = 0.0
      for (i, v) in mirror.normal.enumerated() { along += v * self[row, first + i] }
      for (i, v) in mirror.normal.enumerated() {
        self[row, first + i] -= mirror.scale * along * v
      }
    }
  }

  /// A Householder reflection I − β v vᵀ.
  private struct Mirror {
    /// v.
    let normal: [Double]
    /// β = 2 / vᵀv.
    let scale: Double

    /// The reflection that leaves nothing of `x` but its first component; nil when nothing is left
    /// already.
    init?(_ x: [Double]) {
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0, x.dropFirst().contains(where: { $0 != 0 }) else { return nil }
      var normal = x
      normal[0] += x[0] < 0 ? -length : length
      self.normal = normal
      scale = 2 / normal.reduce(0) { $0 + $1 * $1 }
    }
  }
}
