import Data
import Foundation

/// What a network made of one time step, or of a whole sequence, whose target is values or flags.
public struct Forecast: Sendable, Equatable {
  /// What the network says: of values the number in its own unit, of flags the probability.
  public let values: [Double]
  /// What was to be said; nil where nothing was.
  public let wanted: [Double]?

  /// A forecast from a network's `outputs` and the `wanted` numbers, as networks see them; changes are
  /// counted from `base`.
  init(
    _ outputs: ArraySlice<Float>, _ wanted: ArraySlice<Float>?, of kind: Target.Kind,
    above base: Double = 0
  ) {
    switch kind {
    case .values(let quantities):
      values = zip(quantities, outputs).map { base + $0.inUnit($1) }
      self.wanted = wanted.map { zip(quantities, $0).map { base + $0.inUnit($1) } }
    case .flags, .classes, .points:
      values = outputs.map { 1 / (1 + exp(-Double($0))) }
      self.wanted = wanted.map { $0.map(Double.init) }
    }
  }

  /// Wanted minus said, value by value; nil where nothing was wanted.
  public var errors: [Double]? { wanted.map { zip($0, values).map { $0 - $1 } } }
}
