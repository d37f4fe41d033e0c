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
    let x = detached
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(x.shape)
      Workers.run(planes, cost: cost) { part in
        var sliding = window.over(channels: 1)
        let (first, end) = (part.lowerBound, part.upperBound)
        switch pooling {
        case .maximum:
          ck_max_pool_back(&sliding, inner, limits, x.base, dy.base, first, end, dx.base)
        case .mean: ck_mean_pool_back(&sliding, inner, limits, dy.base, first, end, dx.base)
        }
      }
      return [dx]
    }
  }

  /// The mean of each cell of a grid over images: `[…, H, W]` becomes `[…, rows, columns]`.
  ///
  /// Cell i of n over a size S covers ⌊i S / n⌋ ..< ⌈(i + 1) S / n⌉, so cells may overlap.
  public func averaged(rows: Int, columns: Int) -> Tensor {
    let rank = shape.rank
    let (height, width) = (shape[rank - 2], shape[rank - 1])
    let grid = Grid(
      rows: Grid.cells(rows, over: height), columns: Grid.cells(columns, over: width), width: width)
    let (whole, inputs, outputs) = (shape, height * width, rows * columns)
    let result = Tensor(uninitialized: Shape(shape.dimensions.dropLast(2) + [rows, columns]))
    Workers.run(count / inputs, cost: count) { planes in
      for plane in planes {
        for cell in 0..<outputs {
          var sum = 0.0
          let share = grid.each(cell) { sum += Double(base[plane * inputs + $0]) }
          result.base[plane * outputs + cell] = Float(sum * share)
        }
      }
    }
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      Workers.run(whole.count / inputs, cost: whole.count) { planes in
        for plane in planes {
          for cell in 0..<outputs {
            let given = dy.base[plane * outputs + cell] * Float(grid.share(of: cell))
            grid.each(cell) { dx.base[plane * inputs + $0] += given }
          }
        }
      }
      return [dx]
    }
  }
}

/// The cells of a grid over one image.
private struct Grid: Sendable {
  let rows, columns: [Range<Int>]
  let width: Int

  static func cells(_ count: Int, over size: Int) -> [Range<Int>] {
    (0..<count).map { $0 * size / count..<(($0 + 1) * size + count - 1) / count }
  }

  /// One over the number of pixels of a cell.
  func share(of cell: Int) -> Double {
    1 / Double(rows[cell / columns.count].count * columns[cell % columns.count].count)
  }

  /// Calls `body` with the place of every pixel of a cell; returns its share.
  @discardableResult
  func each(_ cell: Int, _ body: (Int) -> Void) -> Double {
    for row in rows[cell / columns.count] {
      for column in columns[cell % columns.count] { body(row * width + column) }
    }
    return share(of: cell)
  }
}
