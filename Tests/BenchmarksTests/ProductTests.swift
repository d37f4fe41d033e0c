import Engine
import Testing

@testable import Benchmarks

@Suite struct ProductTests {
  @Test func shapesAreReadAsTheyAreWritten() throws {
    for shape in ProductShape.standard { #expect(ProductShape(shape.name) == shape) }
    #expect(Set(ProductShape.standard).count == ProductShape.standard.count)
    #expect(ProductShape("3x4x5")?.operations == 120)
    #expect(ProductShape("7")?.name == "7")
    for text in ["", "0", "x", "3x4", "3x4x5x6", "3x-4x5", "3xx5", "65537", "3x4x5 "] {
      #expect(ProductShape(text) == nil, "\(text)")
    }
  }

  @Test(arguments: ProductOrder.allCases)
  func sidesOfEveryOrderMultiplyToTheShape(order: ProductOrder) throws {
    let shape = try #require(ProductShape("2x3x5"))
    let (a, b) = shape.makeSides(order)
    #expect(a.product(b, order).shape == [2, 5])
    let timing = ProductTiming.measured(shape, order, seconds: 0)
    #expect(timing.bestMilliseconds > 0 && timing.threads == Workers.threads)
    #expect(timing.json["shape"]?.string == "2x3x5")
    #expect(timing.json["order"]?.string == order.rawValue)
    #expect(
      timing.json.object?.keys == ["shape", "order", "threads", "best_ms", "gflops"])
  }

  @Test func speedIsOperationsOverTime() throws {
    let shape = try #require(ProductShape("10x100x1000"))
    let timing = ProductTiming(shape: shape, order: .nn, threads: 1, bestMilliseconds: 2)
    #expect(timing.gigaflops == 1)
  }
}
