import Foundation

/// Where a session keeps its things and how it tells time.
public struct SessionEnvironment: Sendable {
  /// Where runs are kept.
  public var runs: RunPlace
  /// Where unsaved edits are kept; nil: nowhere.
  public var stateDirectory: String?
  /// Seconds since 1970.
  public var clock: @Sendable () -> Double
  /// Called, on any thread, when the run has something to say.
  public var wake: @Sendable () -> Void

  /// Keeps nothing, unless it is told where, and tells the time of the system.
  public init(
    runs: RunPlace = .nowhere, stateDirectory: String? = nil,
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
    wake: @escaping @Sendable () -> Void = {}
  ) {
    self.runs = runs
    self.stateDirectory = stateDirectory
    self.clock = clock
    self.wake = wake
  }
}
