extension Tensor {
  /// Channels before time: `[B, T, C, …]` becomes `[B, C, T, …]`. Steps at or past a sequence's length
  /// become zeros, without a gradient.
  public func channelsFirst(lengths: [Int]? = nil) -> Tensor {
    Tape.record([self], to: exchanged(timeFirst: true, lengths)) { dy in
      [dy.exchanged(timeFirst: false, lengths)]
    }
  }

  /// Time before channels: `[B, C, T, …]` becomes `[B, T, C, …]`.
  public func timeFirst() -> Tensor {
    Tape.record([self], to: exchanged(timeFirst: false, nil)) { dy in
      [dy.exchanged(timeFirst: true, nil)]
    }
  }

  /// The second and the third axis in the other order; `timeFirst` says which of them is time.
  private func exchanged(timeFirst: Bool, _ lengths: [Int]?) -> Tensor {
    let (batch, rows, columns) = (shape[0], shape[1], shape[2])
    let rest = shape.dimensions.dropFirst(3)
    let inner = rest.reduce(1, *)
    precondition(lengths.map { $0.count == batch } ?? true, "Every sequence has a length.")
    let result = Tensor.zeros(Shape([batch, columns, rows] + rest))
    Workers.run(batch, cost: count * 2) { examples in
      for b in examples {
        let limit = lengths?[b] ?? .max
        for row in 0..<(timeFirst ? min(rows, limit) : rows) {
          for column in 0..<(timeFirst ? columns : min(columns, limit)) {
            let from = base + ((b * rows + row) * columns + column) * inner
            (result.base + ((b * columns + column) * rows + row) * inner)
              .update(from: from, count: inner)
          }
        }
      }
    }
    return result
  }
}
