/// Where a session's run stands.
public struct RunStatus: Sendable, Equatable {
  /// What a run is doing.
  public enum Phase: Sendable, Equatable {
    /// Nothing has been trained.
    case idle
    /// The data and the network are being made ready.
    case starting
    /// Steps are being done.
    case running
    /// Waiting for the user.
    case paused
    /// Over: all steps done, or stopped by the user.
    case finished(wasStopped: Bool)
    /// Over: it could not go on, for this reason.
    case failed(String)
  }

  /// What the run is doing.
  public var phase = Phase.idle
  /// Training steps done.
  public var step = 0
  /// Training steps in all.
  public var totalSteps = 0
  /// Training steps in an epoch.
  public var stepsPerEpoch = 0

  /// Nothing has been trained.
  public init() {}

  /// Whether a run is going on, paused or not.
  public var isActive: Bool {
    switch phase {
    case .starting, .running, .paused: true
    case .idle, .finished, .failed: false
    }
  }
}
