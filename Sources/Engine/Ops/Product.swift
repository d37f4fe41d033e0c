import CKernels

extension Tensor {
  /// y = x Wᵀ + b over the last axis.
  ///
  /// `self` is `[…, D]`, `weight` `[N, D]`, `bias` `[N]`; the result is `[…, N]`.
  public func linear(_ weight: Parameter, _ bias: Parameter? = nil) -> Tensor {
    linear(weight.beside(self), bias?.beside(self))
  }

  /// y = x Wᵀ + b over the last axis, for weights that are tensors: `[N, D]` and `[N]`.
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(shape.last == inputs, "linear: the input's last axis is the weight's second.")
    precondition(bias.map { $0.shape == [outputs] } ?? true, "linear: one bias an output.")
    let rows = shape.rows
    let result = Tensor(uninitialized: shape.replacingLast(with: outputs))
    Matrix(self, rows, inputs)
      .times(
        Matrix(weight, outputs, inputs).transposed, into: result, bias: bias,
        keepsPacking: tape == nil)

    let (x, w) = (detached, weight.detached)
    let (xNeeds, wNeeds) = (needsGradient, weight.needsGradient)
    let bNeeds = bias?.needsGradient ?? false
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      var dx: Tensor?
      var dw: Tensor?
      if xNeeds {
        let gradient = Tensor(uninitialized: x.shape)
        Matrix(dy, rows, outputs).times(Matrix(w, outputs, inputs), into: gradient)
        dx = gradient
      }
      if wNeeds {
        let gradient = Tensor(uninitialized: w.shape)
        Matrix(dy, rows, outputs).transposed.times(Matrix(x, rows, inputs), into: gradient)
        dw = gradient
      }
      return [dx, dw, bNeeds ? dy.sumOfRows() : nil]
    }
  }

  /// The sum over every axis but the last: `[…, N]` becomes `[N]`. Has no gradient.
  func sumOfRows() -> Tensor {
    let columns = shape.last
    let rows = shape.rows
    let result = Tensor(uninitialized: [columns])
    Workers.run(columns, cost: count, grain: 64) { range in
      ck_sum_rows(
        Kernels.isa, base, rows, columns, range.lowerBound, range.upperBound, result.base, false)
    }
    return result
  }
}

/// A tensor seen as a matrix, possibly transposed, for the packed product.
struct Matrix {
  let tensor: Tensor
  let rows, columns: Int
  private let isTransposed: Bool

  /// The elements of `tensor` as `rows` × `columns`.
  init(_ tensor: Tensor, _ rows: Int, _ columns: Int) {
    precondition(rows * columns <= tensor.count, "A matrix lies inside its tensor.")
    self.init(tensor: tensor, rows: rows, columns: columns, isTransposed: false)
  }

  private init(tensor: Tensor, rows: Int, columns: Int, isTransposed: Bool) {
    self.tensor = tensor
    self.rows = rows
    self.columns = columns
    self.isTransposed = isTransposed
  }

  /// The transpose: a flag, no copy.
  var transposed: Matrix {
    Matrix(tensor: tensor, rows: columns, columns: rows, isTransposed: !isTransposed)
  }

  private var view: ck_matrix {
    isTransposed
      ? ck_matrix(data: tensor.base, row: 1, column: rows)
      : ck_matrix(data: tensor.base, row: columns, column: 1)
  }

  /// C = A B (+ bias on every row). `result` holds rows × other.columns elements.
  ///
  /// The right side is packed first. Where it is much the larger one, as with a layer's weights and
  /// a few examples, a few rows meet it as it lies; some more as Cᵀ = Bᵀ Aᵀ, which packs the smaller
  /// one; or the packing is kept for the next call, if `keepsPacking` and the right side is a
  /// parameter. Every sum is the same, bit for bit.
  func times(
    _ other: Matrix, into result: Tensor, bias: Tensor? = nil, keepsPacking: Bool = false
  ) {
    precondition(columns == other.rows, "A product needs equal inner sizes.")
    let (m, n) = (rows, other.columns)
    if keepsPacking, m <= Self.fewRows, 2 * m <= n, other.tensor.storage.packings != nil {
      let layout = Packings.Layout.product(depth: columns, isTransposed: other.isTransposed)
      let packed = other.tensor.storage.packed(layout, other.packed)
      return multiply(packed, n, into: result) { ck_bias(of_columns: bias?.base, of_rows: nil) }
    }
    // Columns that come from far away are read best by rows of eight, as a left side is.
    let isFar = other.isTransposed && columns * n > Self.nearby
    if m <= ck_few_rows(), !isFar { return multiplyFew(other, into: result, bias) }
    guard m <= Self.fewRows, 2 * m <= n else {
      return multiply(other.packed(), n, into: result) {
        ck_bias(of_columns: bias?.base, of_rows: nil)
      }
    }
    let flipped = Tensor(uninitialized: [n, m])
    other.transposed.multiply(transposed.packed(), m, into: flipped) {
      ck_bias(of_columns: nil, of_rows: bias?.base)
    }
    ck_transpose(Kernels.isa, flipped.base, n, m, result.base)
  }

  /// So few rows of A do not pay for packing a B that is larger.
  private static let fewRows = 64
  /// Numbers that stay in the cache of a core.
  private static let nearby = 1 << 18

  /// The numbers as the right side of a product.
  private func packed() -> Storage {
    let packed = Storage(ck_packed_size(Kernels.isa, rows, columns))
    Workers.run(Kernels.panels(columns), cost: rows * columns * 2) { range in
      ck_pack(Kernels.isa, view, rows, columns, range.lowerBound, range.upperBound, packed.base)
    }
    return packed
  }

  /// C = A B + bias for a few rows of A and a B that is not packed.
  private func multiplyFew(_ other: Matrix, into result: Tensor, _ bias: Tensor?) {
    let (m, k, n) = (rows, columns, other.columns)
    guard m > 0 else { return }
    // Numbers of B, not multiply-adds, are what takes time.
    Workers.run(n, cost: k * n * 2, grain: 16) { range in
      ck_product_few(
        Kernels.isa, view, other.view, result.base, n, m, k, range.lowerBound, range.upperBound,
        bias?.base)
    }
  }

  /// C[M, n] = A B + bias, with B[K, n] packed.
  private func multiply(
    _ packed: Storage, _ n: Int, into result: Tensor, bias: @Sendable () -> ck_bias
  ) {
    let (m, k) = (rows, columns)
    let panels = Kernels.panels(n)
    let byRows = m >= n
    let cost = Workers.cost(multiplyAdds: m * n * k)
    Workers.run(
      byRows ? m : panels, cost: cost, grain: byRows ? 12 : 1, atLeast: byRows ? 192 : 8
    ) { range in
      let rowRange = byRows ? range : 0..<m
      let panelRange = byRows ? 0..<panels : range
      let scratch = Storage(ck_product_scratch(Kernels.isa, rowRange.count, k))
      ck_product(
        Kernels.isa, view, packed.base, result.base, n, k, n, rowRange.lowerBound,
        rowRange.upperBound, panelRange.lowerBound, panelRange.upperBound, bias(), false,
        scratch.base)
    }
  }
}
