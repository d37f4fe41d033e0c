import CKernels

extension Tensor {
  /// Elementwise sum of two tensors of one shape.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    Tape.record([a, b], to: combine(CK_ADD, a, b)) { [$0, $0] }
  }

  /// Elementwise difference of two tensors of one shape.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    Tape.record([a, b], to: combine(CK_SUBTRACT, a, b)) { [$0, -$0] }
  }

  /// Elementwise product of two tensors of one shape.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.detached, b.detached)
    let (aNeeds, bNeeds) = (a.needsGradient, b.needsGradient)
    return Tape.record([a, b], to: combine(CK_MULTIPLY, a, b)) { dy in
      [aNeeds ? dy * y : nil, bNeeds ? dy * x : nil]
    }
  }

  /// Elementwise quotient of two tensors of one shape.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let denominator = b.detached
    let quotient = combine(CK_DIVIDE, a, b)
    return Tape.record([a, b], to: quotient) { dy in
      let da = dy / denominator
      return [da, -(da * quotient)]
    }
  }

  /// The negative of every element.
  public static prefix func - (a: Tensor) -> Tensor { a.affine(scale: -1, offset: 0) }

  /// Every element times a number.
  public static func * (a: Tensor, scale: Float) -> Tensor { a.affine(scale: scale, offset: 0) }

  /// A number minus every element.
  public static func - (a: Float, b: Tensor) -> Tensor { b.affine(scale: -1, offset: a) }

  /// Every element plus a number.
  public static func + (a: Tensor, offset: Float) -> Tensor { a.affine(scale: 1, offset: offset) }

  /// y = scale · x + offset, elementwise.
  func affine(scale: Float, offset: Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    Tensor.pointwise(count) { at, n in
      ck_affine(Kernels.isa, base + at, scale, offset, result.base + at, n)
    }
    return Tape.record([self], to: result) { [$0.affine(scale: scale, offset: 0)] }
  }

  /// The sum of all elements, accumulated in Float64.
  public func sum() -> Tensor {
    let total = Tensor(scalar: Float(ck_sum(Kernels.isa, base, count)))
    let whole = shape
    return Tape.record([self], to: total) { [.filled(with: $0.scalar, whole)] }
  }

  /// The sum of the squares of all elements, accumulated in Float64, as a plain number.
  public var sumOfSquares: Double {
    sumOfParts(cost: 2) { ck_sum_squares(Kernels.isa, base + $0.lowerBound, $0.count) }
  }

  /// Σ body over ranges that together cover all elements, but for zeros that nobody wrote to; `cost` is
  /// that of one element.
  func sumOfParts(cost: Int, _ body: @Sendable (Range<Int>) -> Double) -> Double {
    guard let written = storage.written else {
      return Workers.sum(count, cost: count * cost, body)
    }
    return written.reduce(0) { $0 + body($1) }
  }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool { ck_all_finite(Kernels.isa, base, count) }

  /// Calls `body(start, length)` for ranges that cover `0..<count`.
  static func pointwise(_ count: Int, cost: Int = 4, _ body: @Sendable (Int, Int) -> Void) {
    Workers.run(count, cost: count * cost, grain: 64) { body($0.lowerBound, $0.count) }
  }

  /// The operation on each pair of elements, on no tape.
  static func combine(_ op: ck_binary, _ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape == b.shape, "Elementwise operations need equal shapes.")
    let result = Tensor(uninitialized: a.shape)
    pointwise(a.count) { at, n in
      ck_pointwise2(Kernels.isa, op, a.base + at, b.base + at, result.base + at, n)
    }
    return result
  }
}
