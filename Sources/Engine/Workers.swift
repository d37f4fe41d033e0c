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

  /// How a loop over `0..<count` is cut: `cost` is the work of the whole in units of about a twentieth
  /// of a nanosecond, and cuts fall on multiples of `grain`.
  ///
  /// A long loop has several parts for every thread, so that a thread that is held up by something else
  /// on the machine leaves some of its parts to the others. Beyond one part a thread they have at least
  /// `atLeast` elements.
  fileprivate struct Cut: Sendable {
    let count, cost, grain, atLeast: Int

    private var grains: Int { (count + grain - 1) / grain }

    var parts: Int {
      guard cost >= worthSharing else { return min(1, count) }
      let turns = min(4, cost / threads / worthWaking, count / threads / atLeast)
      return min(threads * max(1, turns), grains, Crew.mostParts)
    }

    func range(_ part: Int, of parts: Int) -> Range<Int> {
      part * grains / parts * grain..<min(count, (part + 1) * grains / parts * grain)
    }
  }

  /// Runs `body` over parts that together cover `0..<count`; see `Cut` for the other arguments.
  static func run(
    _ count: Int, cost: Int, grain: Int = 1, atLeast: Int = 1,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    run(Cut(count: count, cost: cost, grain: grain, atLeast: atLeast), body)
  }

  private static func run(_ cut: Cut, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = cut.parts
    guard parts > 1 else {
      if cut.count > 0 { flushingDenormals { body(0..<cut.count) } }
      return
    }
    Crew.shared.run(parts, threads: threads, isLong: cut.cost >= worthWaking) { part in
      let range = cut.range(part, of: parts)
      flushingDenormals { body(range) }
    }
  }

  /// A loop that is still to be run.
  struct Loop: Sendable {
    fileprivate let cut: Cut
    fileprivate let body: @Sendable (Range<Int>) -> Void

    /// A loop over `0..<count`; see `Cut` for the other arguments.
    init(
      _ count: Int, cost: Int, grain: Int = 1, atLeast: Int = 1,
      _ body: @escaping @Sendable (Range<Int>) -> Void
    ) {
      cut = Cut(count: count, cost: cost, grain: grain, atLeast: atLeast)
      self.body = body
    }
  }

  /// Runs loops that do not need each other's results side by side: a thread that finds no part of one
  /// left goes on with the next, and all meet at the end only. The longest loop comes first.
  static func run(_ loops: [Loop]) {
    if loops.count == 1 { return run(loops[0].cut, loops[0].body) }
    let cost = loops.reduce(0) { $0 + $1.cut.cost }
    let counts = loops.map(\.cut.parts)
    let all = counts.reduce(0, +)
    guard cost >= worthSharing, all > 1, all <= Crew.mostParts else {
      for loop in loops where loop.cut.count > 0 {
        flushingDenormals { loop.body(0..<loop.cut.count) }
      }
      return
    }
    Crew.shared.run(all, threads: threads, isLong: cost >= worthWaking) { index in
      var (loop, part) = (0, index)
      while part >= counts[loop] { (loop, part) = (loop + 1, part - counts[loop]) }
      let range = loops[loop].cut.range(part, of: counts[loop])
      flushingDenormals { loops[loop].body(range) }
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
