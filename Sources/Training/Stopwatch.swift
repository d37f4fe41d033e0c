import Dispatch

/// Seconds of a run, without its pauses, on a clock that never goes back.
struct Stopwatch {
  private let clock: @Sendable () -> Double
  private var counted: Double
  private var runningSince: Double?

  /// A running stopwatch that begins at `start` seconds.
  init(clock: @escaping @Sendable () -> Double, from start: Double = 0) {
    self.clock = clock
    counted = start
    runningSince = clock()
  }

  /// Seconds until now, without pauses.
  var seconds: Double { counted + (runningSince.map { clock() - $0 } ?? 0) }

  /// Counts no more until `resume()`.
  mutating func pause() {
    counted = seconds
    runningSince = nil
  }

  /// Counts on.
  mutating func resume() { runningSince = runningSince ?? clock() }
}

/// Seconds on the machine's monotonic clock, from an arbitrary beginning.
public let monotonicSeconds: @Sendable () -> Double = {
  Double(DispatchTime.now().uptimeNanoseconds) / 1e9
}
