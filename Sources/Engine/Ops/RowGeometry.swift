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

  /// The cosine of the angle between each row and the same row of `other`, `[M]`: a b / (‖a‖ ‖b‖).
  public func cosines(to other: Tensor) -> Tensor {
    (unitRows() * other.unitRows()).sumsOfRows()
  }

  /// Σ x over the last axis: `[M, D]` becomes `[M]`.
  func sumsOfRows() -> Tensor { linear(.ones([1, shape.last])).reshaped([shape.rows]) }
}
