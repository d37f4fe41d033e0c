import CKernels

/// What a pool makes of the numbers in its window.
public enum Pooling: Sendable, Hashable {
  /// The largest, the first of equals; padding does not count.
  case maximum
  /// The sum over the number of taps: padding counts as 0.
  case mean
}

extension Tensor {
  /// The largest or the mean number in every place of a window.
  ///
  /// `self` is seen as `[N, in, inner]` with the window's input axes; the result is
  /// `[N, out, inner]`, in the shape `result`. `lengths` (nil: all of it) limits the last axis of
  /// each of the N: what stands past it counts as padding. A window that sees only padding gives 0.
  public func pooled(
    _ pooling: Pooling, _ window: Window, inner: Int = 1, lengths: [Int]? = nil,
    to shape: Shape
  ) -> Tensor {
    let planes = count / (window.inputs * inner)
    precondition(count == planes * window.inputs * inner, "Planes fill the tensor.")
    precondition(lengths.map { $0.count == planes } ?? true, "Every plane has a length.")
    let limits = lengths.map { $0.map(Int32.init) }
    let cost = planes * window.outputs * window.taps * inner * 4
    let result = Tensor(uninitialized: shape)
    let kernel = pooling == .maximum ? ck_max_pool : ck_mean_pool
    Workers.run(planes, cost: cost) { part in
      var sliding = window.over(channels: 1)
      kernel(&sliding, inner, limits, base, part.lowerBound, part.upperBound, result.base)
    }
    let (x, y) = (detached, result)
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(x.shape)
      Workers.run(planes, cost: cost) { part in
        var sliding = window.over(channels: 1)
        let (first, end) = (part.lowerBound, part.upperBound)
        switch pooling {
        case .maximum:
          ck_max_pool_back(
            &sliding, inner, limits, x.base, y.base, dy.base, first, end, dx.base)
        case .mean: ck_mean_pool_back(&sliding, inner, limits, dy.base, first, end, dx.base)
        }
      }
      return [dx]
    }
  }
}
