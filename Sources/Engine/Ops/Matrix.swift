import CKernels

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
  /// The right side is packed first. Where it is the larger one, as with a layer's weights and some
  /// examples, a few rows meet it as it lies; more of them some columns at a time, packed just before;
  /// or as Cᵀ = Bᵀ Aᵀ, which packs the smaller one; or the packing is kept for the next call, if
  /// `keepsPacking` and the right side is a parameter. Every sum is the same, bit for bit.
  func times(
    _ other: Matrix, into result: Tensor, bias: Tensor? = nil, keepsPacking: Bool = false
  ) {
    precondition(columns == other.rows, "A product needs equal inner sizes.")
    let (m, n) = (rows, other.columns)
    if keepsPacking, m <= Self.fewRows, 2 * m <= n, other.tensor.storage.packings != nil {
      let layout = Packings.Layout.product(depth: columns, isTransposed: other.isTransposed)
      let packed = other.tensor.storage.packed(layout, other.packed)
      return Workers.run([multiplication(by: packed, n, into: result, .ofColumns(bias))])
    }
    Product.run([product(other, into: result, bias: bias)])
  }

  /// The work of `times` for a right side that changes from call to call.
  func product(_ other: Matrix, into result: Tensor, bias: Tensor? = nil) -> Product {
    precondition(columns == other.rows, "A product needs equal inner sizes.")
    let (m, n) = (rows, other.columns)
    // Columns that come from far away are read best by rows of eight, as a left side is.
    let isFar = other.isTransposed && columns * n > Self.nearby
    if m <= ck_few_rows(), !isFar {
      return Product(multiplication: multiplication(byFew: other, into: result, bias))
    }
    // As the left side of Cᵀ, columns of B are rows that can be read where they stand.
    let packsLess = m <= Self.fewRows && 2 * m <= n
    if m < n, !isTransposed, columns <= Self.shallow, !(packsLess && other.isTransposed) {
      return Product(multiplication: multiplication(packing: other, into: result, bias))
    }
    guard packsLess else {
      let packed = other.packingSpace
      return Product(
        packing: other.packing(into: packed),
        multiplication: multiplication(by: packed, n, into: result, .ofColumns(bias)))
    }
    let (packed, flipped) = (transposed.packingSpace, Tensor(uninitialized: [n, m]))
    return Product(
      packing: transposed.packing(into: packed),
      multiplication: other.transposed.multiplication(by: packed, m, into: flipped, .ofRows(bias)),
      finish: { ck_transpose(Kernels.isa, flipped.base, n, m, result.base) })
  }

  /// So few rows of A do not pay for packing a B that is larger.
  private static let fewRows = 64
  /// Numbers that stay in the cache of a core.
  private static let nearby = 1 << 18
  /// Numbers of B that are packed before they are used: they stay in the second cache beside A's.
  private static let packedAtOnce = 1 << 15
  /// So few rows of B that it can be packed some columns at a time.
  private static let shallow = 1 << 10

  /// Numbers that every row of a result begins with, or every column.
  private enum Start {
    case ofColumns(Tensor?)
    case ofRows(Tensor?)

    var bias: ck_bias {
      switch self {
      case .ofColumns(let bias): ck_bias(of_columns: bias?.base, of_rows: nil)
      case .ofRows(let bias): ck_bias(of_columns: nil, of_rows: bias?.base)
      }
    }
  }

  /// Room for the numbers as the right side of a product.
  private var packingSpace: Storage { Storage(ck_packed_size(Kernels.isa, rows, columns)) }

  /// The numbers as the right side of a product.
  func packed() -> Storage {
    let packed = packingSpace
    Workers.run([packing(into: packed)])
    return packed
  }

  private func packing(into packed: Storage) -> Workers.Loop {
    Workers.Loop(Kernels.panels(columns), cost: rows * columns * 2) { [self] range in
      ck_pack(Kernels.isa, view, rows, columns, range.lowerBound, range.upperBound, packed.base)
    }
  }

  /// C = A B + bias for a few rows of A and a B that is not packed.
  private func multiplication(
    byFew other: Matrix, into result: Tensor, _ bias: Tensor?
  ) -> Workers.Loop {
    let (m, k, n) = (rows, columns, other.columns)
    // Numbers of B, not multiply-adds, are what takes time.
    return Workers.Loop(m == 0 ? 0 : n, cost: k * n * 2, grain: 16) { [self] range in
      ck_product_few(
        Kernels.isa, view, other.view, result.base, n, m, k, range.lowerBound, range.upperBound,
        bias?.base)
    }
  }

  /// C = A B + bias; every part packs its columns of B, some at a time, and uses them at once.
  private func multiplication(
    packing other: Matrix, into result: Tensor, _ bias: Tensor?
  ) -> Workers.Loop {
    let (m, k, n) = (rows, columns, other.columns)
    let width = ck_panel_width(Kernels.isa)
    let together = max(1, Self.packedAtOnce / (max(1, k) * width))
    return Workers.Loop(
      Kernels.panels(n), cost: Workers.cost(multiplyAdds: m * n * k) + k * n * 2, atLeast: together
    ) { [self] panels in
      let packed = Storage(k * width * together)
      let scratch = Storage(ck_product_scratch(Kernels.isa, m, k))
      for first in stride(from: panels.lowerBound, to: panels.upperBound, by: together) {
        let count = min(together, panels.upperBound - first)
        let column = first * width
        let here = other.view.from(column: column)
        ck_pack(Kernels.isa, here, k, n - column, 0, count, packed.base)
        ck_product(
          Kernels.isa, view, packed.base, result.base + column, n, k,
          min(n - column, count * width), 0, m, 0, count,
          ck_bias(of_columns: bias.map { UnsafePointer($0.base + column) }, of_rows: nil), false,
          scratch.base)
      }
    }
  }

  /// C[M, n] = A B + bias, with B[K, n] packed.
  private func multiplication(
    by packed: Storage, _ n: Int, into result: Tensor, _ start: Start
  ) -> Workers.Loop {
    let (m, k) = (rows, columns)
    let panels = Kernels.panels(n)
    let byRows = m >= n
    return Workers.Loop(
      byRows ? m : panels, cost: Workers.cost(multiplyAdds: m * n * k), grain: byRows ? 12 : 1,
      atLeast: byRows ? 96 : 8
    ) { [self] range in
      let rowRange = byRows ? range : 0..<m
      let panelRange = byRows ? 0..<panels : range
      let scratch = Storage(ck_product_scratch(Kernels.isa, rowRange.count, k))
      ck_product(
        Kernels.isa, view, packed.base, result.base, n, k, n, rowRange.lowerBound,
        rowRange.upperBound, panelRange.lowerBound, panelRange.upperBound, start.bias, false,
        scratch.base)
    }
  }
}

extension ck_matrix {
  /// The columns from number `first` on.
  fileprivate func from(column first: Int) -> ck_matrix {
    ck_matrix(data: data + first * column, row: row, column: column)
  }
}

/// A product of two matrices that is still to be done.
struct Product {
  fileprivate var packing: Workers.Loop?
  fileprivate let multiplication: Workers.Loop
  fileprivate var finish: (() -> Void)?

  /// Does products that do not need each other's results side by side, and `others` beside them.
  static func run(_ products: [Product?], beside others: [Workers.Loop?] = []) {
    let products = products.compactMap(\.self)
    Workers.run(products.compactMap(\.packing))
    Workers.run(products.map(\.multiplication) + others.compactMap(\.self))
    for product in products { product.finish?() }
  }
}
