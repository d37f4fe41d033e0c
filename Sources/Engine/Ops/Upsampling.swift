/// How numbers between the given ones are found.
public enum Interpolation: String, CaseIterable, Sendable, Hashable {
  /// The one that it lies in.
  case nearest
  /// A mean of the two that it lies between, or of the four in a plane, weighted by nearness.
  case linear
}

extension Tensor {
  /// A plane with whole numbers of times as many rows and columns.
  ///
  /// `self` is seen as `[N, H, W, inner]` with H × W `area`; the result is `[N, r H, c W, inner]` with
  /// r × c `factors`, in the shape `result`. Output o of an axis with factor s and n inputs is
  ///
  ///     nearest   x at ⌊o / s⌋
  ///     linear    (1 − λ) x at i + λ x at min(i + 1, n − 1),   i + λ = max(0, (o + ½) / s − ½)
  ///
  /// which is PyTorch's `interpolate` with `align_corners=False`. The gradient is the adjoint: every
  /// input gets the weights with which it was read. `lengths` (nil: H) are the valid rows n of each of
  /// the N; what stands past them is 0 in the result and gets no gradient.
  public func upsampled(
    _ interpolation: Interpolation, over area: (height: Int, width: Int),
    by factors: (rows: Int, columns: Int), inner: Int = 1, lengths: [Int]? = nil, to shape: Shape
  ) -> Tensor {
    let plan = Upsampling(
      interpolation: interpolation, planes: count / (area.height * area.width * inner),
      area: area, factors: factors, inner: inner, lengths: lengths)
    precondition(lengths.map { $0.count == plan.planes } ?? true, "Every plane has a length.")
    let result = lengths == nil ? Tensor(uninitialized: shape) : .zeros(shape)
    precondition(result.count == count * factors.rows * factors.columns, "The planes grow so.")
    plan.forward(self, into: result)
    let whole = self.shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      plan.backward(dy, into: dx)
      return [dx]
    }
  }
}

/// The two inputs of an axis that an output lies between, the first again at an end, and the share λ of
/// the second.
public struct InterpolationTap: Sendable {
  /// The inputs.
  public let first, second: Int
  /// The share of the second, in [0, 1); the first has the rest.
  public let share: Float

  /// What output `output` of an axis reads that has `factor` outputs for each of `count` inputs.
  public init(_ interpolation: Interpolation, output: Int, over count: Int, by factor: Int) {
    let place =
      interpolation == .nearest
      ? Double(output / factor) : max(0, (Double(output) + 0.5) / Double(factor) - 0.5)
    first = Int(place)
    second = min(first + 1, count - 1)
    share = second == first ? 0 : Float(place - Double(first))
  }

  /// What all outputs read.
  static func all(
    _ interpolation: Interpolation, over count: Int, by factor: Int
  ) -> [InterpolationTap] {
    (0..<count * factor).map {
      InterpolationTap(interpolation, output: $0, over: count, by: factor)
    }
  }
}

/// Interpolation plane by plane: a plane belongs to one thread, forwards and backwards.
private struct Upsampling: Sendable {
  let interpolation: Interpolation
  let planes: Int
  let area: (height: Int, width: Int)
  let factors: (rows: Int, columns: Int)
  let inner: Int
  let lengths: [Int]?

  private var line: Int { area.width * inner }
  private var size: Int { area.height * line }

  func forward(_ x: Tensor, into y: Tensor) {
    each { corners, output in
      let (from, to) = (x.base, y.base + output)
      let (λ, κ) = (corners.column, corners.row)
      for channel in 0..<inner {
        let above =
          (1 - λ) * from[corners.places.0 + channel] + λ * from[corners.places.1 + channel]
        let below =
          (1 - λ) * from[corners.places.2 + channel] + λ * from[corners.places.3 + channel]
        to[channel] = (1 - κ) * above + κ * below
      }
    }
  }

  func backward(_ dy: Tensor, into dx: Tensor) {
    each { corners, output in
      let (from, to) = (dy.base + output, dx.base)
      let (λ, κ) = (corners.column, corners.row)
      for channel in 0..<inner {
        to[corners.places.0 + channel] += (1 - κ) * (1 - λ) * from[channel]
        to[corners.places.1 + channel] += (1 - κ) * λ * from[channel]
        to[corners.places.2 + channel] += κ * (1 - λ) * from[channel]
        to[corners.places.3 + channel] += κ * λ * from[channel]
      }
    }
  }

  /// The places of the four inputs that an output lies between, row by row, and the shares of the
  /// second column and of the second row.
  private struct Corners {
    let places: (Int, Int, Int, Int)
    let column, row: Float
  }

  /// Calls `body` with what every output reads and with its place.
  private func each(_ body: @Sendable (Corners, _ output: Int) -> Void) {
    let columns = InterpolationTap.all(interpolation, over: area.width, by: factors.columns)
    let made = size * factors.rows * factors.columns
    Workers.run(planes, cost: planes * made * 8) { part in
      for plane in part {
        let rows = InterpolationTap.all(
          interpolation, over: lengths?[plane] ?? area.height, by: factors.rows)
        var output = plane * made
        for row in rows {
          let (above, below) = (plane * size + row.first * line, plane * size + row.second * line)
          for column in columns {
            let (left, right) = (column.first * inner, column.second * inner)
            body(
              Corners(
                places: (above + left, above + right, below + left, below + right),
                column: column.share, row: row.share), output)
            output += inner
          }
        }
      }
    }
  }
}
