import ArgumentParser
import Engine
import Formats
import Layers

/// Times training steps of standard workloads.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time training steps of standard workloads.",
    discussion: """
      A step is forward, backward, clipping by the global norm and Adam, on random ids from a zero \
      state. Workloads: \(BenchWorkload.all.map(\.name).joined(separator: ", ")).
      """)

  @Argument(help: "Workloads; without any, all of them.")
  var workloads: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: "Seconds to measure each workload for.")
  var seconds = 3.0

  @Option(help: "Threads to use.")
  var threads: Int?

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds needs a number above 0 and up to 3600, got \(seconds).")
    }
    for name in workloads where !BenchWorkload.all.contains(where: { $0.name == name }) {
      throw ValidationError(
        "Unknown workload '\(name)'."
          + Suggestion.sentence(for: name, among: BenchWorkload.all.map(\.name))
          + " There are: \(BenchWorkload.all.map(\.name).joined(separator: ", ")).")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads needs a number from 1 to 1024, got \(threads).")
    }
  }

  func run() throws {
    if let threads { Workers.threads = threads }
    let chosen =
      workloads.isEmpty
      ? BenchWorkload.all
      : workloads.compactMap { name in BenchWorkload.all.first { $0.name == name } }
    var results: [JSON] = []
    if !json {
      Output.line("\(Kernels.name), \(Workers.threads) threads")
      Output.line("workload       best ms  median ms   GFLOP/s   allocations/step")
    }
    for workload in chosen {
      let result = try workload.measure(seconds: seconds)
      if json {
        results.append(result.json)
      } else {
        Output.line(result.line)
      }
    }
    guard json else { return }
    let report: JSON = [
      "schema": 1, "isa": .string(Kernels.name), "threads": .integer(Workers.threads),
      "workloads": .array(results),
    ]
    Output.raw(report.text(.pretty))
  }
}
