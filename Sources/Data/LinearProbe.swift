/// A linear classifier by least squares, to say how much of a task is easy.
///
///     W = argmin Σ ‖W x − e_y‖² + λ ‖W‖²,   λ = 1;   the class is argmax W x
///
/// x are the features and a 1, e_y the unit vector of the class.
struct LinearProbe {
  /// One row of weights a class, the bias last.
  private let weights: [[Double]]

  /// Fits examples of features with class numbers below `count`.
  init(_ features: [[Double]], _ classes: [Int], count: Int) {
    let size = (features.first?.count ?? 0) + 1
    // The normal equations A W = B; A is symmetric and, thanks to λ, positive definite.
    var a = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
    var b = [[Double]](repeating: Array(repeating: 0, count: size), count: count)
    for (example, label) in zip(features, classes) {
      let x = example + [1]
      for row in 0..<size {
        for column in 0...row { a[row][column] += x[row] * x[column] }
        b[label][row] += x[row]
      }
    }
    Self.factorize(&a)
    weights = b.map { Self.solve(a, $0) }
  }

  /// The class of an example.
  func predict(_ features: [Double]) -> Int {
    let x = features + [1]
    let scores = weights.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
    return scores.indices.max { scores[$0] < scores[$1] } ?? 0
  }

  /// The lower triangle of `a` becomes L with L Lᵀ = A (Cholesky).
  private static func factorize(_ a: inout [[Double]]) {
    for row in a.indices {
      for column in 0...row {
        var rest = a[row][column]
        for k in 0..<column { rest -= a[row][k] * a[column][k] }
        a[row][column] = row == column ? max(rest, 1e-12).squareRoot() : rest / a[column][column]
      }
    }
  }

  /// The x of L Lᵀ x = b.
  private static func solve(_ l: [[Double]], _ b: [Double]) -> [Double] {
    var x = b
    for row in x.indices {
      for k in 0..<row { x[row] -= l[row][k] * x[k] }
      x[row] /= l[row][row]
    }
    for row in x.indices.reversed() {
      for k in x.indices where k > row { x[row] -= l[k][row] * x[k] }
      x[row] /= l[row][row]
    }
    return x
  }
}
