import Engine

/// What decides how much of a cell's state stays from one time step to the next.
///
///     sₜ = kₜ ⊙ sₜ₋₁ + …                  k the share that a unit keeps
///     kₜ = z + (1 − z) kₜ                 with zoneout z, whose expectation evaluation uses
///
/// A cell says it as data, beside its signals, so that a new cell can be looked at the day it is
/// written.
public struct CellMemory: Sendable {
  /// What keeps the state of a unit.
  public enum Keeper: Sendable {
    /// The gate of this name among the cell's signals: k is its value.
    case gate(String)
    /// Recurrent weights u, `[H]`, one a unit: k = u, and |u| ≤ `bound` after every update.
    case weight(Parameter, bound: Double)
    /// Nothing by itself: units keep each other, and only what they do tells for how long.
    case network
  }

  /// The name of the signal that is kept: `c` of an LSTM, `h` of a GRU.
  public let state: String
  /// What keeps it.
  public let keeper: Keeper
  /// The chance z that a unit stays as it was, whatever the keeper says; in [0, 1].
  public let zoneout: Double

  /// The memory of the signal called `state`, which `keeper` keeps.
  public init(of state: String, keptBy keeper: Keeper, zoneout: Double = 0) {
    self.state = state
    self.keeper = keeper
    self.zoneout = zoneout
  }

  /// The same for a cell whose signals are named for `lane`.
  func named(for lane: Lane) -> CellMemory {
    var keeper = keeper
    if case .gate(let name) = keeper { keeper = .gate(name + lane.suffix) }
    return CellMemory(of: state + lane.suffix, keptBy: keeper, zoneout: zoneout)
  }
}

extension RecurrentLayer {
  /// Most cells have nothing that keeps a unit by itself.
  public var keeper: CellMemory.Keeper { .network }

  /// What keeps the last part of the state: c where there is one, for h is made of it anew.
  public var memories: [CellMemory] {
    let state = stateNames.last ?? "h"
    return [CellMemory(of: state, keptBy: keeper, zoneout: options.zoneout(of: state))]
  }
}
