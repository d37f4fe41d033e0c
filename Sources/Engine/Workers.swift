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

  /// A loop over `0..<count` that can be cut: `cost` is the work of the whole in units of about a
  /// twentieth of a nanosecond, cuts fall on multiples of `grain`, and a part of so many elements as
  /// `atLeast` is worth the cut.
  struct Loop: Sendable {
    let count, cost, grain, atLeast: Int
    let body: @Sendable (Range<Int>) -> Void

    init(
      _ count: Int, cost: Int, grain: Int = 1, atLeast: Int = 1,
      _ body: @escaping @Sendable (Range<Int>) -> Void
    ) {
      (self.count, self.cost, self.grain, self.atLeast) = (count, cost, grain, atLeast)
      self.body = body
    }
  }

  /// Runs loops that do not need each other's results side by side: a thread that has no part left of
  /// one goes on with the next, and all meet at the end only.
  static func run(_ loops: [Loop]) {
    let cost = loops.reduce(0) { $0 + $1.cost }
    let counts = loops.map {
      parts(of: $0.count, cost: $0.cost, grain: $0.grain, atLeast: $0.atLeast)
    }
    let all = counts.reduce(0, +)
    guard cost >= worthSharing, all > 1, all <= Crew.mostParts else {
      for loop in loops where loop.count > 0 { flushingDenormals { loop.body(0..<loop.count) } }
      return
    }
    Crew.shared.run(all, threads: threads, isLong: cost >= worthWaking) { index in
      var (loop, part) = (0, index)
      while part >= counts[loop] { (loop, part) = (loop + 1, part - counts[loop]) }
      let work = loops[loop]
      let range = self.part(part, of: counts[loop], work.count, grain: work.grain)
      flushingDenormals { work.body(range) }
    }
  }

  /// Runs `body` over parts that together cover `0..<count`; the other arguments are those of a `Loop`.
  static func run(
    _ count: Int, cost: Int, grain: Int = 1, atLeast: Int = 1,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    let parts = parts(of: count, cost: cost, grain: grain, atLeast: atLeast)
    guard parts > 1 else {
      if count > 0 { flushingDenormals { body(0..<count) } }
      return
    }
    Crew.shared.run(parts, threads: threads, isLong: cost >= worthWaking) { index in
      let range = part(index, of: parts, count, grain: grain)
      flushingDenormals { body(range) }
    }
  }

  /// How many parts a loop is cut into. A long one has several for every thread, so that a thread
  /// that is held up by something else on the machine leaves some of its parts to the others.
  private static func parts(of count: Int, cost: Int, grain: Int, atLeast: Int) -> Int {
    let grains = (count + grain - 1) / grain
    let turns = min(4, cost / threads / worthWaking, count / threads / atLeast)
    return cost < worthSharing
      ? min(1, count) : min(threads * max(1, turns), grains, Crew.mostParts)
  }

  private static func part(_ index: Int, of parts: Int, _ count: Int, grain: Int) -> Range<Int> {
    let grains = (count + grain - 1) / grain
    return index * grains / parts * grain..<min(count, (index + 1) * grains / parts * grain)
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
