extension Tensor {
  /// The last valid time step of every sequence: `[B, T, D]` becomes `[B, D]`.
  ///
  /// `lengths` has the number of valid steps of each sequence, in 1...T; nil means T for all.
  public func lastStep(lengths: [Int]? = nil) -> Tensor {
    let (batch, time, width) = sequenceSizes
    let last = Tensor.checked(lengths, batch: batch, time: time).map { $0 - 1 }
    let result = Tensor(uninitialized: Shape([batch] + shape.dimensions.dropFirst(2)))
    for (row, t) in last.enumerated() {
      (result.base + row * width).update(from: base + (row * time + t) * width, count: width)
    }
    let whole = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      for (row, t) in last.enumerated() {
        (dx.base + (row * time + t) * width).update(from: dy.base + row * width, count: width)
      }
      return [dx]
    }
  }

  /// The mean over the valid time steps of every sequence: `[B, T, D]` becomes `[B, D]`.
  public func meanOverTime(lengths: [Int]? = nil) -> Tensor {
    let (batch, time, width) = sequenceSizes
    let valid = Tensor.checked(lengths, batch: batch, time: time)
    let result = Tensor.zeros(Shape([batch] + shape.dimensions.dropFirst(2)))
    for (row, length) in valid.enumerated() {
      let into = result.base + row * width
      for t in 0..<length {
        let from = base + (row * time + t) * width
        for column in 0..<width { into[column] += from[column] }
      }
      for column in 0..<width { into[column] /= Float(length) }
    }
    let whole = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      for (row, length) in valid.enumerated() {
        let share = 1 / Float(length)
        for t in 0..<length {
          let into = dx.base + (row * time + t) * width
          for column in 0..<width { into[column] = dy.base[row * width + column] * share }
        }
      }
      return [dx]
    }
  }

  private static func checked(_ lengths: [Int]?, batch: Int, time: Int) -> [Int] {
    let lengths = lengths ?? Array(repeating: time, count: batch)
    precondition(lengths.count == batch, "Every sequence of the batch has a length.")
    precondition(lengths.allSatisfy { 1...time ~= $0 }, "A length is in 1...T.")
    return lengths
  }
}
