import Engine
import Synchronization

extension Random {
  /// The numbers 0 ..< `count` in a random order (Fisher and Yates).
  ///
  /// Our own rather than the standard library's, whose order may change from version to version:
  /// splits are fixed for good.
  mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last + 1)) }
    return order
  }

  /// A whole number from 0 to `count` − 1, all equally likely; `count` is at least 1.
  public mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A whole number from `range`, all equally likely.
  mutating func whole(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// `count` different whole numbers below `limit`, in ascending order.
  mutating func different(_ count: Int, below limit: Int) -> [Int] {
    var chosen: Set<Int> = []
    while chosen.count < min(count, limit) { chosen.insert(below(limit)) }
    return chosen.sorted()
  }
}

/// Something that is worked out once a split, when it is first asked for.
final class Once<Value: Sendable>: Sendable {
  private let found = Mutex<[Split: Value]>([:])

  /// The value of `split`: `make` runs the first time only.
  func callAsFunction(_ split: Split, _ make: () -> Value) -> Value {
    found.withLock { found in
      if let value = found[split] { return value }
      let value = make()
      found[split] = value
      return value
    }
  }
}
