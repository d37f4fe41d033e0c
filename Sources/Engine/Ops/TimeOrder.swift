extension Tensor {
  /// Every sequence backwards inside its own length; what stands past the length keeps its place.
  ///
  /// `self` is `[B, T, …]`; `lengths` has the number of valid steps of each sequence, in 0...T; nil
  /// means T for all. Reversing twice gives the same sequence, and so the gradient is reversed too.
  public func reversedInTime(lengths: [Int]? = nil) -> Tensor {
    Tape.record([self], to: movedBackwards(lengths)) { [$0.movedBackwards(lengths)] }
  }

  /// One vector a sequence at every time step: `[B, …]` becomes `[B, time, …]`, as a constant.
  public func repeatedOverTime(_ time: Int) -> Tensor {
    let width = count / max(1, shape[0])
    let result = Tensor(uninitialized: Shape([shape[0], time] + shape.dimensions.dropFirst()))
    for row in 0..<shape[0] {
      for t in 0..<time {
        (result.base + (row * time + t) * width).update(from: base + row * width, count: width)
      }
    }
    return result
  }

  /// Tensors side by side on the last axis: `[…, N]` and `[…, M]` become `[…, N + M]`.
  public static func concatenated(_ parts: [Tensor]) -> Tensor {
    precondition(!parts.isEmpty, "There is something to put side by side.")
    let (rows, width) = (parts[0].shape.rows, parts.reduce(0) { $0 + $1.shape.last })
    let result = Tensor(uninitialized: parts[0].shape.replacingLast(with: width))
    let shapes = parts.map(\.shape)
    var column = 0
    for part in parts {
      precondition(
        part.shape.replacingLast(with: width) == result.shape, "Only the last axis may differ.")
      let own = part.shape.last
      copyRows(rows, own, from: part.base, stride: own, to: result.base + column, stride: width)
      column += own
    }
    return Tape.record(parts, to: result) { dy in
      var column = 0
      return shapes.map { shape in
        let part = Tensor(uninitialized: shape)
        copyRows(
          rows, shape.last, from: dy.base + column, stride: width, to: part.base,
          stride: shape.last)
        column += shape.last
        return part
      }
    }
  }

  private func movedBackwards(_ lengths: [Int]?) -> Tensor {
    let (batch, time, width) = sequenceSizes
    precondition(lengths.map { $0.count == batch } ?? true, "Every sequence has a length.")
    let result = Tensor(uninitialized: shape)
    for row in 0..<batch {
      let length = lengths?[row] ?? time
      precondition(0...time ~= length, "A length is in 0...T.")
      for t in 0..<time {
        let source = t < length ? length - 1 - t : t
        (result.base + (row * time + t) * width)
          .update(from: base + (row * time + source) * width, count: width)
      }
    }
    return result
  }
}
