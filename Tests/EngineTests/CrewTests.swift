import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct CrewTests {
  private let crew = Crew()

  @Test(arguments: [1, 2, 3, 9])
  func everyPartIsDoneOnceAndBeforeTheRegionEnds(parts: Int) {
    for round in 0..<2000 {
      let done = Counts(parts)
      crew.run(parts, threads: 3, isLong: round % 3 == 0) { done.add($0) }
      #expect(done.all == Array(repeating: 1, count: parts))
    }
  }

  @Test func theFirstPartsAreTakenFirst() {
    let order = Mutex<[Int]>([])
    crew.run(4, threads: 1, isLong: true) { part in order.withLock { $0.append(part) } }
    #expect(order.withLock { $0 } == [0, 1, 2, 3])
  }

  @Test func regionsOpenedByManyThreadsAndInsideOthersAreDoneOnce() {
    let done = Counts(4)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<200 {
        crew.run(2, threads: 2, isLong: true) { outer in
          crew.run(2, threads: 2, isLong: true) { done.add(outer * 2 + $0) }
        }
      }
    }
    #expect(done.all == [1600, 1600, 1600, 1600])
  }

  @Test func noMoreThreadsComeThanAreAskedFor() {
    let threads = Mutex<Set<UInt>>([])
    for _ in 0..<200 {
      crew.run(64, threads: 2, isLong: true) { _ in
        threads.withLock { _ = $0.insert(UInt(pthread_self())) }
      }
    }
    #expect(threads.withLock { $0.count } <= 2)
  }

  @Test func aMemberWakesAfterASleep() {
    let threads = Mutex<Set<UInt>>([])
    for _ in 0..<100 {
      Thread.sleep(forTimeInterval: 0.001)  // longer than a member's patience
      crew.run(2, threads: 2, isLong: true) { _ in
        threads.withLock { _ = $0.insert(UInt(pthread_self())) }
        Thread.sleep(forTimeInterval: 0.001)  // time enough for the other one to come
      }
    }
    #expect(threads.withLock { $0.count } == 2)
  }
}

/// How often each part was done.
private final class Counts: Sendable {
  private let counts: Mutex<[Int]>

  init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

  func add(_ part: Int) { counts.withLock { $0[part] += 1 } }

  var all: [Int] { counts.withLock { $0 } }
}
