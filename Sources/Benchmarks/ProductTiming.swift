import Engine
import Formats

/// How fast the engine's general matrix product is for one shape.
public struct ProductTiming: Sendable {
  /// The sizes.
  public let shape: ProductShape
  /// Which sides are read transposed.
  public let order: ProductOrder
  /// The threads that work was cut for.
  public let threads: Int
  /// The shortest product, packing included.
  public let bestMilliseconds: Double

  /// The speed of the best one, in 10⁹ operations a second.
  public var gigaflops: Double { shape.operations / bestMilliseconds / 1e6 }

  /// Multiplies random matrices for about `seconds` and at least five times, on as many threads as
  /// `Workers` has now, after some products that do not count.
  public static func measured(
    _ shape: ProductShape, _ order: ProductOrder, seconds: Double
  ) -> ProductTiming {
    let (a, b) = shape.makeSides(order)
    let clock = ContinuousClock()
    for _ in 0..<2 { _ = a.product(b, order) }
    var best = Double.infinity
    var count = 0
    let end = clock.now + .seconds(seconds)
    repeat {
      let start = clock.now
      _ = a.product(b, order)
      best = min(best, (clock.now - start) / .milliseconds(1))
      count += 1
    } while clock.now < end || count < 5
    return ProductTiming(
      shape: shape, order: order, threads: Workers.threads, bestMilliseconds: best)
  }

  /// The result as JSON.
  public var json: JSON {
    [
      "shape": .string(shape.name), "order": .string(order.rawValue), "threads": .integer(threads),
      "best_ms": .number(bestMilliseconds), "gflops": .number(gigaflops),
    ]
  }
}

extension ProductShape {
  /// Two matrices of numbers from U(−1, 1) that multiply to this shape as `order` reads them.
  func makeSides(_ order: ProductOrder) -> (Tensor, Tensor) {
    var random = Random.stream(.generation, seed: 1)
    let a: Shape = order == .tn ? [depth, rows] : [rows, depth]
    let b: Shape = order == .nt ? [columns, depth] : [depth, columns]
    return (.uniform(-1...1, a, using: &random), .uniform(-1...1, b, using: &random))
  }
}
