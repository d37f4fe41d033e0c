import Dispatch
import Synchronization

/// What the user wants of a run; the run reads it between steps.
///
/// Any thread may ask; one run reads.
public final class RunControl: Sendable {
  /// What the run should do next.
  public enum Order: Sendable, Equatable {
    /// Go on.
    case run
    /// Wait.
    case pause
    /// Do this many steps, then wait.
    case steps(Int)
    /// Save and end.
    case stop
  }

  /// What the run should do before its next step.
  public struct Request: Sendable, Equatable {
    /// Go on, wait or end. `steps` counts down by one each time it is taken.
    public var order: Order
    /// Knobs changed since the last request, in order.
    public var knobs: [Knob] = []
    /// Whether to write a checkpoint.
    public var wantsCheckpoint = false
    /// Whether to post a copy of the weights.
    public var wantsSnapshot = false

    /// Whether there is something to do rather than to wait for.
    var isDue: Bool { order != .pause || !knobs.isEmpty || wantsCheckpoint || wantsSnapshot }
  }

  private struct State {
    var wanted: Request
    var runWaits = false
  }

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)

  /// A control that begins with `order`.
  public init(_ order: Order = .run) { state = Mutex(State(wanted: Request(order: order))) }

  /// Gives an order; a stop is final.
  public func order(_ order: Order) {
    if case .steps(let count) = order, count < 1 { return self.order(.pause) }
    update { if $0.order != .stop { $0.order = order } }
  }

  /// Changes a knob before the next step.
  public func change(_ knob: Knob) { update { $0.knobs.append(knob) } }

  /// Asks for a checkpoint after the current step.
  public func save() { update { $0.wantsCheckpoint = true } }

  /// Asks for `RunEvent.snapshot`: a copy of the weights after the current step, also while the
  /// run is paused.
  public func snapshot() { update { $0.wantsSnapshot = true } }

  /// Whether a copy of the weights is asked for; the question counts as answered then.
  func takeSnapshotRequest() -> Bool {
    state.withLock { state in
      defer { state.wanted.wantsSnapshot = false }
      return state.wanted.wantsSnapshot
    }
  }

  /// Whether the run should end.
  var isStopped: Bool { state.withLock { $0.wanted.order == .stop } }

  /// Takes what is wanted now, without waiting.
  public func next() -> Request { state.withLock { Self.take(&$0.wanted) } }

  /// Waits until something other than waiting is wanted, then takes it.
  public func wait() -> Request {
    while true {
      let request: Request? = state.withLock { state in
        state.runWaits = !state.wanted.isDue
        return state.runWaits ? nil : Self.take(&state.wanted)
      }
      if let request { return request }
      wake.wait()
    }
  }

  private func update(_ change: (inout Request) -> Void) {
    let runWaits = state.withLock { state in
      change(&state.wanted)
      defer { state.runWaits = false }
      return state.runWaits
    }
    if runWaits { wake.signal() }
  }

  private static func take(_ wanted: inout Request) -> Request {
    let request = wanted
    var order = wanted.order
    if case .steps(let left) = order { order = left > 1 ? .steps(left - 1) : .pause }
    wanted = Request(order: order)
    return request
  }
}
