import Foundation

/// What the user wants of a run; the run reads it between steps.
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

  private struct State {
    var order = Order.run
    var knobs: [Knob] = []
    var wantsCheckpoint = false
  }

  private let condition = NSCondition()
  nonisolated(unsafe) private var state = State()  // guarded by `condition`

  /// A control that lets the run go on.
  public init(_ order: Order = .run) { state.order = order }

  /// Gives an order; a stop is final.
  public func order(_ order: Order) {
    condition.withLock {
      if state.order != .stop { state.order = order }
      condition.broadcast()
    }
  }

  /// Changes a knob before the next step.
  public func change(_ knob: Knob) {
    condition.withLock {
      state.knobs.append(knob)
      condition.broadcast()
    }
  }

  /// Asks for a checkpoint after the current step.
  public func save() {
    condition.withLock {
      state.wantsCheckpoint = true
      condition.broadcast()
    }
  }

  /// What the run should do before its next step.
  public struct Request: Sendable, Equatable {
    /// Go on, wait or end. `steps` counts down by one each time it is taken.
    public var order: Order
    /// Knobs changed since the last request, in order.
    public var knobs: [Knob]
    /// Whether to write a checkpoint.
    public var wantsCheckpoint: Bool
  }

  /// Takes what is wanted now, without waiting.
  public func next() -> Request {
    condition.withLock { take() }
  }

  /// Waits until something other than waiting is wanted: a step, a stop, a knob or a checkpoint.
  public func wait() -> Request {
    condition.withLock {
      while state.order == .pause && state.knobs.isEmpty && !state.wantsCheckpoint {
        condition.wait()
      }
      return take()
    }
  }

  private func take() -> Request {
    let request = Request(
      order: state.order, knobs: state.knobs, wantsCheckpoint: state.wantsCheckpoint)
    state.knobs = []
    state.wantsCheckpoint = false
    if case .steps(let left) = state.order { state.order = left > 1 ? .steps(left - 1) : .pause }
    return request
  }
}
