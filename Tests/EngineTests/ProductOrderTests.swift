import Testing

@testable import Engine
@testable import TestSupport

@Suite struct ProductOrderTests {
  @Test(arguments: ProductOrder.allCases, [(2, 3, 4), (70, 5, 9), (9, 33, 130)])
  func everyOrderIsTheSumThatItSays(order: ProductOrder, sizes: (Int, Int, Int)) {
    let (m, k, n) = sizes
    var random = Random.stream(.generation, seed: 3)
    let a: Tensor = .uniform(-1...1, order == .tn ? [k, m] : [m, k], using: &random)
    let b: Tensor = .uniform(-1...1, order == .nt ? [n, k] : [k, n], using: &random)
    let c = a.product(b, order)
    #expect(c.shape == [m, n])
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<k).reduce(0.0) { sum, p in
          let left = order == .tn ? a[p, i] : a[i, p]
          let right = order == .nt ? b[j, p] : b[p, j]
          return sum + Double(left) * Double(right)
        }
        #expect(abs(Double(c[i, j]) - sum) < 1e-5)
      }
    }
  }

  @Test(arguments: ProductOrder.allCases, [2, 5, 100])
  func anEmptySumIsZeroOrTheBias(order: ProductOrder, rows: Int) {
    let (a, b) = (Tensor.zeros([rows, 0]), Tensor.zeros([0, 131]))
    let left = order == .tn ? a.reshaped([0, rows]) : a
    let right = order == .nt ? b.reshaped([131, 0]) : b
    #expect(left.product(right, order).scalars == Array(repeating: 0, count: rows * 131))
    let bias = drawn([131], seed: 1)
    let biases = (0..<rows).flatMap { _ in bias.scalars }
    #expect(a.linear(b.reshaped([131, 0]), bias).scalars == biases)
  }

  /// A few rows take another way than many, fewer than columns another than more, and a block of k ends
  /// before 300.
  @Test(
    arguments: [1, 2, 3, 4, 5, 30, 100],
    [(1, 5), (9, 40), (300, 17), (64, 531), (601, 33), (300, 531)])
  func aRowHasTheSameBitsWhateverStandsBesideIt(rows: Int, sizes: (k: Int, n: Int)) {
    let (k, n) = sizes
    let many = drawn([130, k], seed: 1)
    let few = many.rows(0..<rows, of: k)
    let fewTransposed = few.turned(rows, k)
    let (b, bias) = (drawn([k, n], seed: 2), drawn([n], seed: 3))
    let transposed = b.turned(k, n)
    let expected = many.product(b).rows(0..<rows, of: n)
    expectSameBits(few.product(b, .nn), expected, "nn")
    expectSameBits(few.product(transposed, .nt), expected, "nt")
    expectSameBits(fewTransposed.product(b, .tn), expected, "tn")
    expectSameBits(
      few.linear(transposed, bias), many.linear(transposed, bias).rows(0..<rows, of: n), "linear")
  }
}

extension Tensor {
  fileprivate func rows(_ rows: Range<Int>, of columns: Int) -> Tensor {
    Tensor(
      Array(scalars[rows.lowerBound * columns..<rows.upperBound * columns]), [rows.count, columns])
  }

  fileprivate func turned(_ rows: Int, _ columns: Int) -> Tensor {
    let all = scalars
    return Tensor(
      (0..<columns).flatMap { j in (0..<rows).map { all[$0 * columns + j] } }, [columns, rows])
  }
}
