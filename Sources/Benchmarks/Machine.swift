import Engine
import Formats

/// What workloads are measured on.
public struct Machine: Sendable {
  /// The instruction set of the kernels.
  public let instructionSet: String
  /// The threads that work is cut for.
  public let threads: Int
  /// The most operations of one thread, in 10⁹ a second.
  public let peakOfOneThread: Double
  /// The most operations of all threads, in 10⁹ a second.
  public let peak: Double

  /// This machine as it is now, which takes about a fifth of a second.
  public static func measured() -> Machine {
    let threads = Workers.threads
    Workers.threads = 1
    let alone = Kernels.peakGigaflops()
    Workers.threads = threads
    let together = threads == 1 ? alone : Kernels.peakGigaflops()
    return Machine(
      instructionSet: Kernels.name, threads: threads, peakOfOneThread: alone, peak: together)
  }

  /// The report of a benchmark as JSON, with what was found for each workload.
  public func json(workloads: [JSON]) -> JSON {
    [
      "schema": 1, "isa": .string(instructionSet), "threads": .integer(threads),
      "peak_gflops_one_thread": .number(peakOfOneThread), "peak_gflops": .number(peak),
      "workloads": .array(workloads),
    ]
  }
}
