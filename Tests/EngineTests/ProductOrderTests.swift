import Testing

@testable import Engine

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
}
