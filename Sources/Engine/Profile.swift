import Synchronization

/// Where the time of steps went: a clock that is always in one part of a step.
///
/// Whoever begins a part enters it and goes back to the one before at its end, so that every moment
/// counts once: a layer's time is its own, without that of the layers inside it. Layers, tapes and
/// trainers that are given no profile measure nothing.
public final class Profile: Sendable {
  /// A part of a step.
  public struct Part: Hashable, Sendable {
    /// What is done in it.
    public enum Phase: String, Sendable, CaseIterable {
      /// Making the batch.
      case data
      /// Layers, forward.
      case forward
      /// Layers, backward; without a layer: the loss.
      case backward
      /// The loss and the metric, forward.
      case loss
      /// The norm of the gradient and clipping.
      case clipping
      /// The optimiser.
      case update
    }

    /// What is done.
    public let phase: Phase
    /// The layer that does it, if one does.
    public let layer: String?

    /// What `layer` does in `phase`.
    public init(_ phase: Phase, _ layer: String? = nil) {
      self.phase = phase
      self.layer = layer
    }
  }

  private struct State {
    var part: Part?
    var since: ContinuousClock.Instant?
    var times: [Part: Duration] = [:]
    var order: [Part] = []
  }

  private let state = Mutex(State())

  /// A clock that stands still.
  public init() {}

  /// The layer whose part it is.
  public var layer: String? { state.withLock { $0.part?.layer } }

  /// Counts for `part` from now on; returns the part that it was in.
  @discardableResult
  public func enter(_ part: Part) -> Part? { change(to: part) }

  /// Counts for nothing from now on.
  public func leave() { change(to: nil) }

  /// Forgets what was counted.
  public func reset() { state.withLock { $0 = State() } }

  /// Milliseconds of every part so far, in the order that they were entered first.
  public var milliseconds: [(part: Part, time: Double)] {
    state.withLock { state in
      state.order.map { ($0, (state.times[$0] ?? .zero) / .milliseconds(1)) }
    }
  }

  @discardableResult
  private func change(to part: Part?) -> Part? {
    let now = ContinuousClock.now
    return state.withLock { state in
      if let last = state.part, let since = state.since {
        if state.times[last] == nil { state.order.append(last) }
        state.times[last, default: .zero] += now - since
      }
      defer { (state.part, state.since) = (part, now) }
      return state.part
    }
  }
}
