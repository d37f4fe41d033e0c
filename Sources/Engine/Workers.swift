import CKernels
import Foundation
import Synchronization

/// Cuts loops into parts and runs the parts on several threads.
///
/// Every part owns its output, and every kernel gives an element the same bits wherever the cuts
/// fall, so results do not depend on the number of threads.
public enum Workers {
  private static let limit = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  /// The number of threads that work is cut for; at least 1.
  public static var threads: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Below this cost (about 3 microseconds) a region stays on the calling thread.
  static let worthSharing = 60_000
  /// Below this cost (about 10 microseconds) a region is shared only with threads that are awake:
  /// waking another one costs more than it saves.
  static let worthWaking = 200_000

  /// The cost of so many multiply-adds in products.
  static func cost(multiplyAdds count: Int) -> Int { count / 4 }

  /// Runs `body` over parts that together cover `0..<count`; `cost` is the work of the whole in units
  /// of about a twentieth of a nanosecond, and cuts fall on multiples of `grain`.
  ///
  /// A long region has several parts for every thread, of `atLeast` elements, so that a thread that
  /// is held up by something else on the machine leaves some of its parts to the others.
  static func run(
    _ count: Int, cost: Int, grain: Int = 1, atLeast: Int = 1,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    let grains = (count + grain - 1) / grain
    let turns = min(4, cost / threads / worthWaking, count / threads / atLeast)
    let parts =
      cost < worthSharing ? 1 : min(threads * max(1, turns), grains, Crew.mostParts)
    guard parts > 1 else {
      if count > 0 { flushingDenormals { body(0..<count) } }
      return
    }
    Crew.shared.run(parts, threads: threads, isLong: cost >= worthWaking) { part in
      let lower = part * grains / parts * grain
      let upper = min(count, (part + 1) * grains / parts * grain)
      flushingDenormals { body(lower..<upper) }
    }
  }

  /// Σ body over blocks that together cover `0..<count`, added up in their order. Blocks do not
  /// depend on the number of threads, so neither does the sum.
  static func sum(
    _ count: Int, cost: Int, _ body: @Sendable (Range<Int>) -> Double
  ) -> Double {
    let blocks = (count + summed - 1) / summed
    guard blocks > 1 else { return body(0..<count) }
    let sums = Mutex(Array(repeating: 0.0, count: blocks))
    run(blocks, cost: cost) { part in
      for block in part {
        let sum = body(block * summed..<min(count, (block + 1) * summed))
        sums.withLock { $0[block] = sum }
      }
    }
    return sums.withLock { $0.reduce(0, +) }
  }

  /// Elements of a block of a sum: large enough that a small tensor is one.
  private static let summed = 1 << 16

  private static func flushingDenormals(_ body: () -> Void) {
    let state = ck_float_flush_denormals()
    body()
    ck_float_restore(state)
  }
}
