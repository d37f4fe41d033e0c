import CKernels
import Foundation
import Synchronization

/// The threads that help the one that calls `Workers.run`.
///
/// A training step of a small model is many regions of some microseconds, and waking a sleeping thread
/// takes longer than that. So a member that has nothing to do looks out for the next region for some
/// tens of microseconds before it sleeps; a short region is shared with members that look out, and
/// only a long one wakes those that sleep.
///
/// One region is open at a time: whoever comes while the crew is busy, from another thread or from
/// inside a region, does all parts alone. The cuts stay the same.
final class Crew: @unchecked Sendable {
  static let shared = Crew()

  private final class Member: Sendable {
    let isAsleep = Atomic(false)
    let call = DispatchSemaphore(value: 0)
  }

  /// What the parts of the open region do. Written before a region opens and after its last part,
  /// and read in between by those who have claimed a part: `parts` and `unfinished` keep them apart.
  private var body: ((Int) -> Void)?
  /// The number of the region, so that nobody takes a part of the next for one of this.
  private var region: UInt64 = 0

  private let isBusy = Atomic(false)
  /// The region's number, and in the low bits how many of its parts nobody has claimed.
  private let parts = Atomic<UInt64>(0)
  /// The parts that have not come to their end.
  private let unfinished = Atomic(0)
  /// The members that would see a region open.
  private let lookouts = Atomic(0)
  private let members = Mutex<[Member]>([])

  private static let partBits: UInt64 = 16
  static let mostParts = 1 << partBits - 1
  /// How often a member looks out before it sleeps: 20 to 60 microseconds.
  private static let patience = 1500

  /// Runs `body` once for each of 0..<count, the first ones first, on this thread and on members;
  /// `isLong`: it is worth waking as many as make up `threads` with this one.
  func run(_ count: Int, threads: Int, isLong: Bool, _ body: (Int) -> Void) {
    guard isLong || lookouts.load(ordering: .relaxed) > 0,
      !isBusy.exchange(true, ordering: .acquiring)
    else {
      for part in 0..<count { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Parts are claimed from the last one down.
      open(count) { body(count - 1 - $0) }
      if isLong { wake(min(count, threads) - 1) }
      while let part = claim() { perform(part) }
      var looks = 0
      while unfinished.load(ordering: .acquiring) > 0 { Self.wait(&looks) }
      self.body = nil
    }
    isBusy.store(false, ordering: .releasing)
  }

  private func open(_ count: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    region += 1
    unfinished.store(count, ordering: .relaxed)
    parts.store(region << Self.partBits | UInt64(count), ordering: .sequentiallyConsistent)
  }

  /// A part of the open region that nobody else does, if there is one.
  private func claim() -> Int? {
    var open = parts.load(ordering: .acquiring)
    while true {
      let unclaimed = open & (1 << Self.partBits - 1)
      guard unclaimed > 0 else { return nil }
      let (exchanged, now) = parts.weakCompareExchange(
        expected: open, desired: open - 1, ordering: .acquiringAndReleasing)
      if exchanged { return Int(unclaimed) - 1 }
      open = now
    }
  }

  private func perform(_ part: Int) {
    call(part)
    unfinished.wrappingSubtract(1, ordering: .releasing)
  }

  /// A function of its own, so that no hold on the body outlives it: the body lives on the stack of
  /// the thread that opened the region.
  @inline(never)
  private func call(_ part: Int) { body?(part) }

  /// Sees that so many members are awake; starts them where they do not exist.
  private func wake(_ count: Int) {
    members.withLock { members in
      while members.count < count { members.append(start()) }
      for member in members.prefix(count)
      where member.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
        member.call.signal()
      }
    }
  }

  private func start() -> Member {
    let member = Member()
    let thread = Thread { [self] in work(as: member) }
    thread.name = "unroll-crew"
    thread.stackSize = 1 << 20
    thread.start()
    return member
  }

  private func work(as member: Member) {
    while true {
      lookouts.add(1, ordering: .relaxed)
      var looks = 0
      while looks < Self.patience {
        if let part = claim() {
          perform(part)
          looks = 0
        } else {
          looks += 1
          ck_pause()
        }
      }
      lookouts.subtract(1, ordering: .relaxed)
      sleep(member)
    }
  }

  private func sleep(_ member: Member) {
    member.isAsleep.store(true, ordering: .sequentiallyConsistent)
    // A region that opened before that has not called: look once more.
    let isOpen = parts.load(ordering: .sequentiallyConsistent) & (1 << Self.partBits - 1) > 0
    if isOpen, member.isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
    member.call.wait()
  }

  /// Lets a moment pass; gives the core away when there have been many.
  private static func wait(_ looks: inout Int) {
    looks += 1
    if looks < patience { ck_pause() } else { sched_yield() }
  }
}
