import Synchronization

/// A wish for something that takes a while, which can be withdrawn from any thread.
final class Wish: Sendable {
  private let isWithdrawn = Mutex(false)

  /// Whether it was not withdrawn.
  var stands: Bool { !isWithdrawn.withLock { $0 } }

  /// Makes an end of it.
  func withdraw() { isWithdrawn.withLock { $0 = true } }
}
