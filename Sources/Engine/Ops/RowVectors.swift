extension Tensor {
  /// Every row plus one vector: `[…, N]` and `[N]`.
  public func plusRow(_ vector: Tensor) -> Tensor {
    let needs = vector.needsGradient
    let result = overRows(vector) { $0 + $1 }
    return Tape.record([self, vector], to: result) { [$0, needs ? $0.sumOfRows() : nil] }
  }

  /// Every row times one vector, element by element: `[…, N]` and `[N]`.
  public func timesRow(_ vector: Tensor) -> Tensor {
    let (x, v) = (detached, vector.detached)
    let (xNeeds, vNeeds) = (needsGradient, vector.needsGradient)
    return Tape.record([self, vector], to: overRows(vector) { $0 * $1 }) { dy in
      [xNeeds ? dy.timesRow(v) : nil, vNeeds ? (dy * x).sumOfRows() : nil]
    }
  }

  /// Rows `range` of the first axis: `[N, …]` becomes `[range, …]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= shape[0], "The rows are inside.")
    let width = count / max(1, shape[0])
    let result = Tensor(uninitialized: Shape([range.count] + shape.dimensions.dropFirst()))
    let start = range.lowerBound * width
    result.base.update(from: base + start, count: result.count)
    let whole = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      (dx.base + start).update(from: dy.base, count: dy.count)
      return [dx]
    }
  }

  private func overRows(
    _ vector: Tensor, _ combine: @Sendable (Float, Float) -> Float
  ) -> Tensor {
    let width = shape.last
    precondition(vector.shape == [width], "A row vector has the size of the last axis.")
    let result = Tensor(uninitialized: shape)
    Workers.run(shape.rows, cost: count) { rows in
      for row in rows {
        let (from, into) = (base + row * width, result.base + row * width)
        for column in 0..<width { into[column] = combine(from[column], vector.base[column]) }
      }
    }
    return result
  }
}
