import Glibc

extension Tensor {
  /// log Σ exp z over the last axis: `[…, V]` becomes `[…]`; dz = dy softmax(z).
  ///
  /// The sum is in Float64. A row that is −∞ throughout, such as one that is masked whole, gives −∞
  /// and has no gradient.
  public func logSumExp() -> Tensor {
    let (rows, columns) = (shape.rows, shape.last)
    let sums = Tensor(uninitialized: Shape(Array(shape.dimensions.dropLast())))
    Workers.run(rows, cost: count * 16) { part in
      for row in part { sums.base[row] = logSumExp(ofRow: row, columns) }
    }
    let z = detached
    return Tape.record([self], to: sums) { dy in
      let dz = Tensor.zeros(z.shape)
      Workers.run(rows, cost: z.count * 16) { part in
        for row in part where sums.base[row] > -.infinity {
          for at in row * columns..<(row + 1) * columns {
            dz.base[at] = dy.base[row] * exp(z.base[at] - sums.base[row])
          }
        }
      }
      return [dz]
    }
  }

  /// log softmax(z) = z − log Σ exp z over the last axis; dz = dy − softmax(z) Σ dy.
  ///
  /// A row that is −∞ throughout stays so and has no gradient.
  public func logSoftmax() -> Tensor {
    let (rows, columns) = (shape.rows, shape.last)
    let result = Tensor.filled(with: -.infinity, shape)
    Workers.run(rows, cost: count * 16) { part in
      for row in part {
        let sum = logSumExp(ofRow: row, columns)
        guard sum > -.infinity else { continue }
        for at in row * columns..<(row + 1) * columns { result.base[at] = base[at] - sum }
      }
    }
    return Tape.record([self], to: result) { dy in
      let dz = Tensor.zeros(result.shape)
      Workers.run(rows, cost: result.count * 16) { part in
        for row in part {
          let places = row * columns..<(row + 1) * columns
          guard places.contains(where: { result.base[$0] > -.infinity }) else { continue }
          let total = Float(places.reduce(0.0) { $0 + Double(dy.base[$1]) })
          for at in places { dz.base[at] = dy.base[at] - exp(result.base[at]) * total }
        }
      }
      return [dz]
    }
  }

  /// The mean divergence of softmax(z) from distributions that are wanted.
  ///
  ///     ℓ_m = KL(q_m ‖ softmax(z_m)) = Σ_v q_mv (log q_mv − log softmax(z_m)_v),  0 log 0 = 0
  ///     L = Σ w_m ℓ_m / Σ w_m
  ///
  /// `self` is the logits `[…, V]` with M rows; the rows of `targets` q `[M, V]` have sum 1; `weights`
  /// are M numbers (nil: all 1). With no weight at all the loss is 0.
  public func klDivergence(from targets: Tensor, weights: [Float]? = nil) -> Tensor {
    let (rows, columns) = (shape.rows, shape.last)
    precondition(targets.shape == [rows, columns], "Every row has a distribution.")
    let shares = Tensor.shares(weights, rows: rows)
    let q = targets.scalars
    let logs = Tensor(q.map { $0 > 0 ? log($0) : 0 }, targets.shape)
    let scale = Tensor(q.indices.map { q[$0] * shares[$0 / columns] }, targets.shape)
    return ((logs - reshaped([rows, columns]).logSoftmax()) * scale).sum()
  }

  private func logSumExp(ofRow row: Int, _ columns: Int) -> Float {
    let places = row * columns..<(row + 1) * columns
    let most = places.reduce(-Float.infinity) { max($0, base[$1]) }
    guard most > -.infinity else { return -.infinity }
    return most + Float(log(places.reduce(0.0) { $0 + exp(Double(base[$1] - most)) }))
  }
}
