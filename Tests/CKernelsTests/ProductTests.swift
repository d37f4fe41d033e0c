import CKernels
import Testing

/// One product C[M, N] = A[M, K] · B[K, N] with its operands.
private struct Product {
  let m: Int
  let k: Int
  let n: Int
  var a: Floats
  var b: Floats
  let bias: Floats
  let before: Floats
  var transposesA = false
  var transposesB = false
  /// How far apart the numbers of A and B stand, from one column to the next.
  var spread = 1 {
    didSet {
      (a, b) = (Floats(spreading: a, by: spread), Floats(spreading: b, by: spread))
    }
  }

  init(_ m: Int, _ k: Int, _ n: Int) {
    (self.m, self.k, self.n) = (m, k, n)
    var numbers = Numbers(m * 31 + k * 7 + n)
    a = Floats(random: m * k, from: &numbers)
    b = Floats(random: k * n, from: &numbers)
    bias = Floats(random: n, from: &numbers)
    before = Floats(random: m * n, from: &numbers)
  }

  var left: ck_matrix {
    ck_matrix(
      data: a.pointer, row: spread * (transposesA ? 1 : k), column: spread * (transposesA ? m : 1))
  }
  var right: ck_matrix {
    ck_matrix(
      data: b.pointer, row: spread * (transposesB ? 1 : n), column: spread * (transposesB ? k : 1))
  }

  /// The naive product, in Double.
  func oracle(bias useBias: Bool = false, accumulate: Bool = false) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var sum = (useBias ? bias[j] : 0) + (accumulate ? before[i * n + j] : 0)
        for l in 0..<k {
          let x = left.data[i * left.row + l * left.column]
          sum += Double(x) * Double(right.data[l * right.row + j * right.column])
        }
        c[i * n + j] = sum
      }
    }
    return c
  }

  /// C by the kernels, packed and computed in parts.
  func result(
    _ set: InstructionSet, bias useBias: Bool = false, accumulate: Bool = false, rowParts: Int = 1,
    panelParts: Int = 1
  ) -> Floats {
    let isa = set.pointer
    let panels = set.panels(n)
    let packed = Floats(count: ck_packed_size(isa, k, n))
    for part in cut(panels, into: panelParts) {
      ck_pack(isa, right, k, n, part.lowerBound, part.upperBound, packed.pointer)
    }
    let c = accumulate ? Floats(before.values) : Floats(count: m * n)
    for rows in cut(m, into: rowParts) {
      for part in cut(panels, into: panelParts) {
        let scratch = Floats(count: ck_product_scratch(isa, rows.count, k))
        ck_product(
          isa, left, packed.pointer, c.pointer, n, k, n, rows.lowerBound, rows.upperBound,
          part.lowerBound, part.upperBound,
          ck_bias(of_columns: useBias ? bias.pointer : nil, of_rows: nil), accumulate,
          scratch.pointer)
      }
    }
    return c
  }
}

@Suite struct ProductTests {
  @Test(arguments: InstructionSet.all)
  func productOfAnyShapeAgreesWithTheNaiveOne(_ set: InstructionSet) {
    let lanes = set.lanes
    let sizes = [
      (1, 1, 1), (2, 3, 1), (5, 7, lanes - 1), (6, 64, lanes), (7, 31, lanes + 1),
      (3, 300, 4 * lanes), (13, 513, 4 * lanes - 1), (100, 17, 4 * lanes + 1), (19, 40, 10),
      (97, 257, 2 * lanes + 3), (12, 11, 3 * lanes), (193, 2, 9 * lanes + 5),
    ]
    for (m, k, n) in sizes {
      var product = Product(m, k, n)
      for transposes in 0..<4 {
        (product.transposesA, product.transposesB) = (transposes & 1 != 0, transposes & 2 != 0)
        expectClose(
          product.result(set), product.oracle(), tolerance: 3e-5,
          "\(m)x\(k)x\(n) transposes \(transposes)")
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func everyTileShapeAgreesWithTheNaiveProduct(_ set: InstructionSet) {
    for m in 1...13 {
      for vectors in 1...4 {
        for columns in [vectors * set.lanes, vectors * set.lanes - 1] {
          let product = Product(m, 9, columns)
          expectClose(product.result(set), product.oracle(), "\(m)x9x\(columns)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func biasAndWhatCHoldsAreAddedOnce(_ set: InstructionSet) {
    for (m, k, n) in [(7, 9, 10), (3, 600, 4 * set.lanes), (14, 257, 6 * set.lanes + 1)] {
      let product = Product(m, k, n)
      for (bias, accumulate) in [(true, false), (false, true), (true, true)] {
        expectClose(
          product.result(set, bias: bias, accumulate: accumulate),
          product.oracle(bias: bias, accumulate: accumulate), tolerance: 3e-5,
          "\(m)x\(k)x\(n) bias \(bias) accumulate \(accumulate)")
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func weightsBeyondTheCacheAreMultipliedToo(_ set: InstructionSet) {
    let product = Product(2, 700, 400)
    expectClose(product.result(set), product.oracle(), tolerance: 1e-4, "2x700x400")
  }

  @Test(arguments: InstructionSet.all)
  func everyOtherNumberOfAMatrixIsAMatrixToo(_ set: InstructionSet) {
    var product = Product(50, 9, 11)
    let expected = product.result(set).bits
    product.spread = 2
    #expect(product.result(set).bits == expected)
  }

  @Test(arguments: InstructionSet.all)
  func anEmptySumLeavesTheBias(_ set: InstructionSet) {
    let product = Product(3, 0, 5)
    expectClose(product.result(set, bias: true), product.oracle(bias: true), "bias")
    expectClose(product.result(set), product.oracle(), "zeros")
  }

  @Test(arguments: InstructionSet.all)
  func anyPartitionOfRowsAndPanelsGivesTheSameBits(_ set: InstructionSet) {
    for (m, k, n) in [(32, 300, 5 * set.panelWidth), (29, 129, 3 * set.panelWidth + 7)] {
      for transposesA in [false, true] {
        var product = Product(m, k, n)
        product.transposesA = transposesA
        let whole = product.result(set, bias: true, accumulate: true).bits
        for parts in [2, 3, 8] {
          let byRows = product.result(set, bias: true, accumulate: true, rowParts: parts)
          #expect(byRows.bits == whole, "\(parts) parts of rows")
          let byPanels = product.result(set, bias: true, accumulate: true, panelParts: parts)
          #expect(byPanels.bits == whole, "\(parts) parts of panels")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.all)
  func aColumnIsTheSameWhateverStandsBesideIt(_ set: InstructionSet) {
    // The last panel is narrower than the others: other tiles, the same order over k.
    let wide = Product(17, 70, 2 * set.panelWidth)
    let columns = set.panelWidth + 3
    let narrow = Product(17, 70, columns)
    for i in 0..<17 * 70 { narrow.a.pointer[i] = wide.a.pointer[i] }
    for l in 0..<70 {
      for j in 0..<columns { narrow.b.pointer[l * columns + j] = wide.b.pointer[l * wide.n + j] }
    }
    let (c, d) = (wide.result(set), narrow.result(set))
    for i in 0..<17 {
      for j in 0..<columns { #expect(c.pointer[i * wide.n + j] == d.pointer[i * columns + j]) }
    }
  }

  /// C = A B + bias and Cᵀ = Bᵀ Aᵀ + bias are the same sums in the same order.
  @Test(arguments: InstructionSet.all)
  func theTransposedProductGivesTheSameBits(_ set: InstructionSet) {
    for (m, k, n) in [(1, 300, 21), (5, 17, 40), (19, 513, 3 * set.panelWidth + 5)] {
      let product = Product(m, k, n)
      let isa = set.pointer
      let panels = set.panels(m)
      let packed = Floats(count: ck_packed_size(isa, k, m))
      ck_pack(isa, flipped(product.left), k, m, 0, panels, packed.pointer)
      let (flippedC, c) = (Floats(count: n * m), Floats(count: m * n))
      let scratch = Floats(count: ck_product_scratch(isa, n, k))
      ck_product(
        isa, flipped(product.right), packed.pointer, flippedC.pointer, m, k, m, 0, n, 0, panels,
        ck_bias(of_columns: nil, of_rows: product.bias.pointer), false, scratch.pointer)
      ck_transpose(isa, flippedC.pointer, n, m, c.pointer)
      #expect(c.bits == product.result(set, bias: true).bits, "\(m)x\(k)x\(n)")
    }
  }

  private func flipped(_ matrix: ck_matrix) -> ck_matrix {
    ck_matrix(data: matrix.data, row: matrix.column, column: matrix.row)
  }

  /// Three matrices beside each other, a third of the columns of A each, are A.
  @Test(arguments: InstructionSet.all)
  func aSumOverTapsIsTheProductOfAllOfThem(_ set: InstructionSet) {
    for (m, depth, n) in [(1, 1, 1), (14, 20, 2 * set.panelWidth + 3), (50, 33, set.lanes)] {
      let product = Product(m, 3 * depth, n)
      let isa = set.pointer
      let panels = set.panels(n)
      let packed = Floats(count: ck_packed_size(isa, 3 * depth, n))
      ck_pack(isa, product.right, 3 * depth, n, 0, panels, packed.pointer)
      let c = Floats(count: m * n)
      for rows in cut(m, into: 2) {
        ck_product_taps(
          isa, product.left, 3, depth, packed.pointer, c.pointer, n, depth, n, rows.lowerBound,
          rows.upperBound, product.bias.pointer)
      }
      #expect(c.bits == product.result(set, bias: true).bits, "\(m)x3·\(depth)x\(n)")
    }
  }
}
