import Synchronization

/// Where a run puts its events; whoever shows them empties it when there is time.
public final class Mailbox: Sendable {
  private let events = Mutex<[RunEvent]>([])
  private let wake: @Sendable () -> Void

  /// An empty mailbox; `wake` is called after something arrives in it while it was empty.
  public init(wake: @escaping @Sendable () -> Void = {}) { self.wake = wake }

  /// Puts an event in; never waits for a reader.
  public func post(_ event: RunEvent) {
    let wasEmpty = events.withLock { events in
      defer { events.append(event) }
      return events.isEmpty
    }
    if wasEmpty { wake() }
  }

  /// Takes everything out, oldest first.
  public func drain() -> [RunEvent] {
    events.withLock { events in
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }
}
