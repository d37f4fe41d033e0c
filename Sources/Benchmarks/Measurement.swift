import Formats
import Layers

/// What the timing of a workload found.
public struct Measurement: Sendable {
  /// What steps do besides taking time.
  public struct Cost: Sendable {
    /// The operations of the products in one step.
    public let work: Work
    /// Blocks of memory that the tensors asked the system for, for each step.
    public let allocationsPerStep: Double
  }

  /// The workload.
  public let name: String
  /// The shortest step.
  public let bestMilliseconds: Double
  /// The step in the middle.
  public let medianMilliseconds: Double
  /// The steps that were timed.
  public let steps: Int
  /// The most memory that the process has had by the end of it, in bytes.
  public let peakMemory: Int
  /// What a step costs; nil where that is not known.
  public let cost: Cost?

  /// What steps that took `milliseconds` come to; there is at least one.
  public init(name: String, milliseconds: [Double], peakMemory: Int, cost: Cost? = nil) {
    let sorted = milliseconds.sorted()
    self.name = name
    bestMilliseconds = sorted.first ?? 0
    medianMilliseconds = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    steps = sorted.count
    self.peakMemory = peakMemory
    self.cost = cost
  }

  /// The speed of the products in the best step, in 10⁹ operations a second; nil without products.
  public var gigaflops: Double? {
    guard let cost, bestMilliseconds > 0 else { return nil }
    return cost.work.total / bestMilliseconds / 1e6
  }

  /// The result as JSON, with the profile if there is one; `peak` is what the machine reaches with
  /// all threads, in 10⁹ a second.
  public func json(peak: Double, profile: StepProfile? = nil) -> JSON {
    var members: [(String, JSON)] = [
      ("name", .string(name)), ("best_ms", .number(bestMilliseconds)),
      ("median_ms", .number(medianMilliseconds)), ("steps", .integer(steps)),
      ("peak_memory_bytes", .integer(peakMemory)),
    ]
    if let cost, let gigaflops {
      members += [
        ("flops", .number(cost.work.total)), ("flops_forward", .number(cost.work.forward)),
        ("gflops", .number(gigaflops)), ("share_of_peak", .number(gigaflops / peak)),
        ("allocations_per_step", .number(cost.allocationsPerStep)),
      ]
    }
    if let profile { members.append(("profile", profile.json)) }
    return JSON(members)
  }
}
