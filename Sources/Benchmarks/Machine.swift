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

  /// The machine in one line.
  public var text: String {
    "\(instructionSet), \(threads) threads; peak \(peakOfOneThread.formatted(3)) GFLOP/s on one thread, "
      + "\(peak.formatted(3)) on all"
  }

  /// The report of a benchmark as JSON, with what was found in the list `results`, such as
  /// `workloads`.
  public func json(_ results: String, _ found: [JSON]) -> JSON {
    JSON([
      ("schema", 1), ("isa", .string(instructionSet)), ("threads", .integer(threads)),
      ("peak_gflops_one_thread", .number(peakOfOneThread)), ("peak_gflops", .number(peak)),
      (results, .array(found)),
    ])
  }
}
