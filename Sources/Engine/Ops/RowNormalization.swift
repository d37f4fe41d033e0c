extension Tensor {
  /// Rows of mean 0 and variance 1: y = (x − μ) / √(σ² + ε) over the last axis, with the biased
  /// variance σ².
  ///
  /// μ and σ² are accumulated in Float64, so rows that are nearly constant keep their precision.
  /// Source: Ba et al. 2016, arXiv:1607.06450.
  public func normalizedRows(epsilon: Double) -> Tensor {
    let (rows, width) = (shape.rows, shape.last)
    let result = Tensor(uninitialized: shape)
    let scales = Tensor(uninitialized: [rows])
    Workers.run(rows, cost: count * 4) { range in
      for row in range {
        let (x, y) = (base + row * width, result.base + row * width)
        var mean = 0.0
        for column in 0..<width { mean += Double(x[column]) }
        mean /= Double(width)
        var variance = 0.0
        for column in 0..<width {
          let distance = Double(x[column]) - mean
          variance += distance * distance
        }
        let scale = 1 / (variance / Double(width) + epsilon).squareRoot()
        for column in 0..<width { y[column] = Float((Double(x[column]) - mean) * scale) }
        scales.base[row] = Float(scale)
      }
    }
    return Tape.record([self], to: result) { dy in
      // dx = (dy − mean(dy) − y · mean(dy ⊙ y)) / √(σ² + ε)
      let dx = Tensor(uninitialized: dy.shape)
      Workers.run(rows, cost: dy.count * 4) { range in
        for row in range {
          let (g, y, d) = (
            dy.base + row * width, result.base + row * width, dx.base + row * width
          )
          var (mean, along) = (0.0, 0.0)
          for column in 0..<width {
            mean += Double(g[column])
            along += Double(g[column]) * Double(y[column])
          }
          mean /= Double(width)
          along /= Double(width)
          let scale = Double(scales.base[row])
          for column in 0..<width {
            d[column] = Float((Double(g[column]) - mean - Double(y[column]) * along) * scale)
          }
        }
      }
      return [dx]
    }
  }
}
