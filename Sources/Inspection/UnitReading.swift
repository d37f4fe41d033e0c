import Layers

/// Everything that one unit of a layer did at one time step.
public struct UnitReading: Sendable, Equatable {
  /// One signal's value.
  public struct Entry: Sendable, Equatable {
    /// Which signal.
    public let signal: Signal
    /// Its value at the time step.
    public let value: Float
    /// Its value one time step before; nil at the first.
    public let previous: Float?
  }

  /// The layer's name.
  public let layer: String
  /// The unit's number in the layer, from 0.
  public let unit: Int
  /// The time step, from 0.
  public let t: Int
  /// The signals, in the order of the layer's equations.
  public let entries: [Entry]

  /// The value of the signal called `name`.
  public subscript(name: String) -> Float? { entries.first { $0.signal.name == name }?.value }
}

extension SequenceRecording {
  /// What `unit` of `layer` did at time step `t`; signals without such a unit are left out.
  public func reading(of unit: Int, in layer: String, at t: Int) -> UnitReading {
    let entries = signals(of: layer).filter { 0..<$0.units ~= unit && 0..<$0.steps ~= t }.map {
      UnitReading.Entry(
        signal: $0.signal, value: $0.value(t, unit), previous: t > 0 ? $0.value(t - 1, unit) : nil)
    }
    return UnitReading(layer: layer, unit: unit, t: t, entries: entries)
  }
}
