import Foundation

/// Where a session keeps its things and how it tells time.
public struct SessionEnvironment: Sendable {
  /// Where runs are kept.
  public var runs: RunPlace
  /// Where unsaved edits are kept; nil: nowhere.
  public var stateDirectory: String?
  /// Whether somebody sees the closer looks that a run takes at its steps; without, it takes none.
  public var showsDetail: Bool
  /// Seconds since 1970.
  public var clock: @Sendable () -> Double
  /// Called, on any thread, when the run has something to say.
  public var wake: @Sendable () -> Void

  /// Keeps nothing, unless it is told where, and tells the time of the system.
  public init(
    runs: RunPlace = .nowhere, stateDirectory: String? = nil, showsDetail: Bool = true,
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
    wake: @escaping @Sendable () -> Void = {}
  ) {
    self.runs = runs
    self.stateDirectory = stateDirectory
    self.showsDetail = showsDetail
    self.clock = clock
    self.wake = wake
  }
}
