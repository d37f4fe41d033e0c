extension Tensor {
  /// The largest or the mean number of each cell of a grid, whatever the size under it.
  ///
  /// `self` is seen as `[N, H, W, inner]` with H × W `area`; the result is `[N, rows, columns, inner]`
  /// with rows × columns `cells`, in the shape `result`. Cell i of n over a size S covers
  /// ⌊i S / n⌋ ..< ⌈(i + 1) S / n⌉, so cells may overlap. `lengths` (nil: H) are the valid rows of
  /// each of the N.
  public func pooledAdaptively(
    _ pooling: Pooling, over area: (height: Int, width: Int), to cells: (rows: Int, columns: Int),
    inner: Int = 1, lengths: [Int]? = nil, to shape: Shape
  ) -> Tensor {
    let plan = AdaptivePool(
      pooling: pooling, planes: count / (area.height * area.width * inner), area: area,
      cells: cells, inner: inner, lengths: lengths)
    precondition(lengths.map { $0.count == plan.planes } ?? true, "Every plane has a length.")
    let result = Tensor(uninitialized: shape)
    precondition(result.count == plan.planes * plan.outputs * inner, "The cells fill the result.")
    plan.forward(self, into: result)
    let x = detached
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(x.shape)
      plan.backward(x, dy, into: dx)
      return [dx]
    }
  }
}

/// A pool over the cells of a grid, plane by plane.
private struct AdaptivePool: Sendable {
  let pooling: Pooling
  let planes: Int
  let area: (height: Int, width: Int)
  let cells: (rows: Int, columns: Int)
  let inner: Int
  let lengths: [Int]?

  var outputs: Int { cells.rows * cells.columns }
  private var size: Int { area.height * area.width * inner }

  func forward(_ x: Tensor, into y: Tensor) {
    each { plane, grid in
      let from = x.base + plane * size
      for cell in 0..<outputs {
        for channel in 0..<inner {
          let to = y.base + (plane * outputs + cell) * inner + channel
          switch pooling {
          case .maximum: to.pointee = from[grid.largest(cell, channel, of: from)]
          case .mean:
            var sum = 0.0
            grid.each(cell, channel) { sum += Double(from[$0]) }
            to.pointee = Float(sum * grid.share(of: cell))
          }
        }
      }
    }
  }

  func backward(_ x: Tensor, _ dy: Tensor, into dx: Tensor) {
    each { plane, grid in
      let (from, to) = (x.base + plane * size, dx.base + plane * size)
      for cell in 0..<outputs {
        for channel in 0..<inner {
          let given = dy.base[(plane * outputs + cell) * inner + channel]
          switch pooling {
          case .maximum: to[grid.largest(cell, channel, of: from)] += given
          case .mean:
            let share = given * Float(grid.share(of: cell))
            grid.each(cell, channel) { to[$0] += share }
          }
        }
      }
    }
  }

  /// Calls `body` with every plane and its grid.
  private func each(_ body: @Sendable (_ plane: Int, _ grid: Grid) -> Void) {
    Workers.run(planes, cost: planes * size * 4) { part in
      for plane in part {
        let height = lengths?[plane] ?? area.height
        body(
          plane,
          Grid(
            rows: Grid.cells(cells.rows, over: height),
            columns: Grid.cells(cells.columns, over: area.width), width: area.width, inner: inner))
      }
    }
  }
}

/// The cells of a grid over one plane `[H, W, inner]`.
private struct Grid: Sendable {
  let rows, columns: [Range<Int>]
  let width, inner: Int

  static func cells(_ count: Int, over size: Int) -> [Range<Int>] {
    (0..<count).map { $0 * size / count..<(($0 + 1) * size + count - 1) / count }
  }

  /// One over the numbers of a channel in a cell.
  func share(of cell: Int) -> Double {
    1 / Double(rows[cell / columns.count].count * columns[cell % columns.count].count)
  }

  /// Calls `body` with the place of every number of a channel in a cell.
  func each(_ cell: Int, _ channel: Int, _ body: (Int) -> Void) {
    for row in rows[cell / columns.count] {
      for column in columns[cell % columns.count] {
        body((row * width + column) * inner + channel)
      }
    }
  }

  /// The place of the largest number of a channel in a cell, the first of equals.
  func largest(_ cell: Int, _ channel: Int, of plane: UnsafePointer<Float>) -> Int {
    var best = -1
    each(cell, channel) { if best < 0 || plane[$0] > plane[best] { best = $0 } }
    return best
  }
}
