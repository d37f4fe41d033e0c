import ArgumentParser
import Benchmarks
import Engine
import Formats

extension ProductOrder: ExpressibleByArgument {}

/// Times the engine's general matrix product.
struct BenchProducts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Time the general matrix product on many shapes.",
    discussion: """
      C [M, N] = A [M, K] B [K, N] with either side read transposed, best of many, packing included. \
      Tests/Peers/products.py compares with OpenBLAS.

      Without shapes: \(ProductShape.standard.map(\.name).joined(separator: ", ")).
      """)

  @Argument(help: "Shapes MxKxN, or N for squares.")
  var shapes: [String] = []

  @Option(parsing: .upToNextOption, help: "What is read transposed: nn, nt (B), tn (A).")
  var orders = ProductOrder.allCases

  @Option(parsing: .upToNextOption, help: "Numbers of threads; one and all of them by default.")
  var threads: [Int] = []

  @Option(help: "Seconds to measure each product for.")
  var seconds = 0.2

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try Bench.check(seconds: seconds)
    try Bench.check(threads: threads)
    for text in shapes where ProductShape(text) == nil {
      throw ValidationError(
        "A shape is MxKxN or N with sizes from 1 to 65536, such as 64x512x2048, got '\(text)'.")
    }
  }

  func run() throws {
    let machine = Machine.measured()
    let counts = threads.isEmpty ? Array(Set([1, Workers.threads])).sorted() : threads
    if !json { printHeader(machine, counts) }
    var results: [JSON] = []
    for shape in shapes.isEmpty ? ProductShape.standard : shapes.compactMap(ProductShape.init) {
      do {
        try AvailableMemory.require(shape.bytes, for: "A product of \(shape.name)")
      } catch {
        throw Failure(error)
      }
      for order in orders {
        let found = counts.map { count in
          Workers.threads = count
          return ProductTiming.measured(shape, order, seconds: seconds)
        }
        results += found.map(\.json)
        if !json { printRow(found) }
      }
    }
    if json { Output.raw(machine.json("products", results).text(.pretty)) }
  }

  private func printHeader(_ machine: Machine, _ counts: [Int]) {
    Output.line(machine.text)
    let columns = counts.map { "ms on \($0)".leftPadded(to: 10) + "GFLOP/s".leftPadded(to: 9) }
    Output.line("M x K x N        order" + columns.joined())
  }

  private func printRow(_ found: [ProductTiming]) {
    let columns = found.map {
      $0.bestMilliseconds.formatted(3).leftPadded(to: 10)
        + $0.gigaflops.formatted(3).leftPadded(to: 9)
    }
    Output.line(
      found[0].shape.name.padded(to: 17) + found[0].order.rawValue.padded(to: 5) + columns.joined())
  }
}
