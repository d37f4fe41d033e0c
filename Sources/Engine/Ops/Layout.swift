extension Tensor {
  /// The same elements under another shape; shares storage.
  public func reshaped(_ newShape: Shape) -> Tensor {
    precondition(newShape.count == count, "Reshaping keeps the number of elements.")
    let oldShape = shape
    return Tape.record([self], to: Tensor(shape: newShape, storage: storage)) { dy in
      [Tensor(shape: oldShape, storage: dy.storage)]
    }
  }

  /// Cuts the last axis into `parts` tensors of equal size.
  public func split(_ parts: Int) -> [Tensor] {
    let width = shape.last / parts
    precondition(width * parts == shape.last, "Splitting needs equal parts.")
    return cut(parts, rows: shape.rows, into: shape.replacingLast(with: width))
  }

  /// Cuts each of `rows` rows into `parts`, which become tensors of the shape `piece`; their gradients make
  /// one.
  private func cut(_ parts: Int, rows: Int, into piece: Shape) -> [Tensor] {
    let (whole, width) = (shape, piece.count / max(1, rows))
    let pieces = (0..<parts).map { part in
      let result = Tensor(uninitialized: piece)
      copyRows(
        rows, width, from: base + part * width, stride: width * parts, to: result.base,
        stride: width)
      return result
    }
    return Tape.record([self], to: pieces) { gradients in
      let dx = Tensor.zeros(whole)
      for (part, dy) in gradients.enumerated() {
        guard let dy else { continue }
        copyRows(
          rows, width, from: dy.base, stride: width, to: dx.base + part * width,
          stride: width * parts)
      }
      return [dx]
    }
  }

  /// One time step of a sequence: `[B, T, …]` becomes `[B, …]`.
  public func step(_ t: Int) -> Tensor {
    let (batch, time, width) = sequenceSizes
    precondition(t >= 0 && t < time, "The time step is inside the sequence.")
    let one = Shape([batch] + shape.dimensions.dropFirst(2))
    if time == 1 { return reshaped(one) }
    let result = Tensor(uninitialized: one)
    copyRows(
      batch, width, from: base + t * width, stride: time * width, to: result.base, stride: width)
    let whole = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      copyRows(
        batch, width, from: dy.base, stride: width, to: dx.base + t * width, stride: time * width)
      return [dx]
    }
  }

  /// Every time step of a sequence: `[B, T, …]` becomes T times `[B, …]`. Unlike many calls of `step`,
  /// whose gradients have the size of the sequence each, their gradients make one.
  public func eachStep() -> [Tensor] {
    let (batch, time, _) = sequenceSizes
    return cut(time, rows: batch, into: Shape([batch] + shape.dimensions.dropFirst(2)))
  }

  /// Time steps `range` of a sequence, as a constant: `[B, T, …]` becomes `[B, range, …]`.
  public func steps(_ range: Range<Int>) -> Tensor {
    let (batch, time, width) = sequenceSizes
    precondition(range.lowerBound >= 0 && range.upperBound <= time, "The steps are inside.")
    let dimensions = [batch, range.count] + shape.dimensions.dropFirst(2)
    let result = Tensor(uninitialized: Shape(dimensions))
    let length = range.count * width
    copyRows(
      batch, length, from: base + range.lowerBound * width, stride: time * width, to: result.base,
      stride: length)
    return result
  }

  /// Puts the steps of a sequence together: T tensors `[B, …]` become `[B, T, …]`.
  public static func sequence(of steps: [Tensor]) -> Tensor {
    precondition(!steps.isEmpty, "A sequence has at least one step.")
    let shape = steps[0].shape
    let (batch, time, width) = (shape[0], steps.count, shape.count / max(1, shape[0]))
    let result = Tensor(uninitialized: Shape([batch, time] + shape.dimensions.dropFirst()))
    for (t, step) in steps.enumerated() {
      precondition(step.shape == shape, "The steps of a sequence have one shape.")
      copyRows(
        batch, width, from: step.base, stride: width, to: result.base + t * width,
        stride: time * width)
    }
    return Tape.record(steps, to: result) { dy in
      (0..<time).map { dy.step($0) }
    }
  }

  /// Some rows of the first axis, as a constant: `[B, …]` becomes `[rows.count, …]`.
  public func gathering(rows: [Int]) -> Tensor {
    let width = count / max(1, shape[0])
    let result = Tensor(uninitialized: Shape([rows.count] + shape.dimensions.dropFirst()))
    for (target, row) in rows.enumerated() {
      precondition(row >= 0 && row < shape[0], "The row is inside the tensor.")
      (result.base + target * width).update(from: base + row * width, count: width)
    }
    return result
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

  /// B, T and the elements of one time step.
  var sequenceSizes: (batch: Int, time: Int, width: Int) {
    precondition(shape.rank >= 2, "A sequence has a batch and a time axis.")
    return (shape[0], shape[1], shape.dimensions.dropFirst(2).reduce(1, *))
  }
}

/// Copies `rows` runs of `width` floats between places with their own strides.
func copyRows(
  _ rows: Int, _ width: Int, from source: UnsafePointer<Float>, stride sourceStride: Int,
  to target: UnsafeMutablePointer<Float>, stride targetStride: Int
) {
  for row in 0..<rows {
    (target + row * targetStride).update(from: source + row * sourceStride, count: width)
  }
}
