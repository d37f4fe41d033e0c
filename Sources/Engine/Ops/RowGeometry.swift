/// Rows as points of a space: lengths, distances, angles.
extension Tensor {
  /// Every row over its length: x / √(Σ x² + ε) over the last axis, ε = 10⁻¹².
  public func unitRows() -> Tensor {
    let width = shape.last
    let scaled = normalizedRows(of: width, epsilon: 1e-12 / Double(width), centered: false)
    return scaled.output * (1 / Float(width).squareRoot())
  }

  /// The Euclidean distance of each row to the same row of `other`: `[M, D]` and `[M, D]` give `[M]`.
  ///
  ///     d = √Σ (a − b)²     ∂d/∂a = (a − b) / d = −∂d/∂b, and 0 where d = 0
  public func distances(to other: Tensor) -> Tensor {
    precondition(shape == other.shape, "Distances are between rows of equal shape.")
    let (rows, columns) = (shape.rows, shape.last)
    let difference = detached - other.detached
    let lengths = (difference * difference).sumsOfRows().scalars.map { $0.squareRoot() }
    return Tape.record([self, other], to: Tensor(lengths, [rows])) { dy in
      let slopes = zip(dy.scalars, lengths).map { $1 > 0 ? $0 / $1 : 0 }
      let spread = slopes.flatMap { repeatElement($0, count: columns) }
      let da = difference * Tensor(spread, difference.shape)
      return [da, -da]
    }
  }

  /// The Euclidean distances between all rows: `[M, D]` gives `[M, M]`, 0 on the diagonal.
  ///
  ///     d_ij = √Σ (x_i − x_j)²     ∂d_ij/∂x_i = (x_i − x_j) / d_ij = −∂d_ij/∂x_j, and 0 where d = 0
  public func distancesBetweenRows() -> Tensor {
    let (count, width, x) = (shape.rows, shape.last, detached)
    let result = Tensor(uninitialized: [count, count])
    Workers.run(count, cost: count * count * width) { part in
      for i in part {
        for j in 0..<count { result.base[i * count + j] = x.squaredDistance(i, j).squareRoot() }
      }
    }
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(x.shape)
      Workers.run(count, cost: count * count * width) { part in
        for i in part {
          for j in 0..<count where result.base[i * count + j] > 0 {
            let slope =
              (dy.base[i * count + j] + dy.base[j * count + i]) / result.base[i * count + j]
            for column in 0..<width {
              dx.base[i * width + column] +=
                slope * (x.base[i * width + column] - x.base[j * width + column])
            }
          }
        }
      }
      return [dx]
    }
  }

  /// For each row the number of the nearest other one, the first of equals; nil where no distance is a
  /// number.
  public func nearestOtherRows() -> [Int?] {
    let count = shape.rows
    let found = Tensor.filled(with: -1, [count])
    Workers.run(count, cost: count * self.count) { part in
      for i in part {
        var least = Float.infinity
        for j in 0..<count where j != i {
          let distance = squaredDistance(i, j)
          if distance < least { (least, found.base[i]) = (distance, Float(j)) }
        }
      }
    }
    return found.scalars.map { $0 < 0 ? nil : Int($0) }
  }

  private func squaredDistance(_ i: Int, _ j: Int) -> Float {
    let width = shape.last
    var sum: Float = 0
    for column in 0..<width {
      let difference = base[i * width + column] - base[j * width + column]
      sum += difference * difference
    }
    return sum
  }

  /// The cosine of the angle between each row and the same row of `other`, `[M]`: a b / (‖a‖ ‖b‖).
  public func cosines(to other: Tensor) -> Tensor {
    (unitRows() * other.unitRows()).sumsOfRows()
  }

  /// Σ x over the last axis: `[M, D]` becomes `[M]`.
  func sumsOfRows() -> Tensor { linear(.ones([1, shape.last])).reshaped([shape.rows]) }
}
