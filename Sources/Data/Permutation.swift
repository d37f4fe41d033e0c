import Engine
import Synchronization

extension Random {
  /// The numbers 0 ..< `count` in a random order (Fisher and Yates).
  ///
  /// Our own rather than the standard library's, whose order may change from version to version:
  /// splits are fixed for good.
  mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      let chosen = Int(next().multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, chosen)
    }
    return order
  }
}

/// The order of the training examples in each epoch: a pure function of the seed and the epoch,
/// remembered for the latest epoch because every step of it asks again.
final class EpochOrder: Sendable {
  private let count: Int
  private let seed: UInt64
  private let latest = Mutex<(epoch: Int, order: [Int])?>(nil)

  /// Orders of `count` examples under `seed`.
  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// The order of epoch `epoch`, from 0.
  func callAsFunction(_ epoch: Int) -> [Int] {
    latest.withLock { latest in
      if let latest, latest.epoch == epoch { return latest.order }
      var random = Random.stream(.shuffle, step: epoch, seed: seed)
      let order = random.permutation(of: count)
      latest = (epoch, order)
      return order
    }
  }
}

/// Something that is worked out once, when it is first asked for.
final class Once<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)

  /// The value: `make` runs the first time only.
  func callAsFunction(_ make: () -> Value) -> Value {
    found.withLock { found in
      if let found { return found }
      let value = make()
      found = value
      return value
    }
  }
}
