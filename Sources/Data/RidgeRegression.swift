/// A linear map by least squares.
///
///     W = argmin Σ ‖W x − y‖² + λ ‖W‖²
///
/// x are the features of an example and a 1, y what is to be predicted. All in Float64.
struct RidgeRegression: Sendable {
  /// One row of weights an output, the bias last.
  private let weights: [[Double]]

  /// Fits `targets` to `features`, row by row; `penalty` is λ, above 0.
  init(_ features: [[Double]], _ targets: [[Double]], penalty: Double = 1) {
    let size = (features.first?.count ?? 0) + 1
    let outputs = targets.first?.count ?? 0
    // The normal equations A W = B; A is symmetric and, thanks to λ, positive definite.
    var a = (0..<size).map { row in (0..<size).map { $0 == row ? penalty : 0 } }
    var b = [[Double]](repeating: Array(repeating: 0, count: size), count: outputs)
    for (example, target) in zip(features, targets) {
      let x = example + [1]
      for row in 0..<size where x[row] != 0 {
        for column in 0...row { a[row][column] += x[row] * x[column] }
        for output in 0..<outputs { b[output][row] += target[output] * x[row] }
      }
    }
    Self.factorize(&a)
    weights = b.map { Self.solve(a, $0) }
  }

  /// W x.
  func callAsFunction(_ features: [Double]) -> [Double] {
    weights.map { row in
      zip(row, features).reduce(row[row.count - 1]) { $0 + $1.0 * $1.1 }
    }
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

/// A linear classifier by least squares, to say how much of a task is easy: the outputs of a
/// `RidgeRegression` are fitted to the unit vectors of the classes, and the largest decides.
struct LinearProbe: Sendable {
  private let regression: RidgeRegression

  /// Fits examples of features with class numbers below `count`.
  init(_ features: [[Double]], _ classes: [Int], count: Int) {
    let targets = classes.map { label in (0..<count).map { $0 == label ? 1.0 : 0 } }
    regression = RidgeRegression(features, targets)
  }

  /// The class of an example.
  func predict(_ features: [Double]) -> Int {
    let scores = regression(features)
    return scores.indices.max { scores[$0] < scores[$1] } ?? 0
  }
}
