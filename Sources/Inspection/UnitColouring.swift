/// The values of one unit over the steps of a sequence as shades, to colour its text with.
public struct UnitColouring: Sendable, Equatable {
  /// The value that has the full shade, above 0; beyond it colours saturate.
  public let limit: Float
  /// A shade for every step, −1 to 1; nil where the value is not finite.
  public let shades: [Float?]
}

extension SignalMatrix {
  /// The shades of `unit`; without a `limit`, 1 for a gate and else its largest absolute value.
  public func colouring(of unit: Int, limit: Float? = nil) -> UnitColouring {
    let trace = trace(of: unit)
    let largest = trace.lazy.filter(\.isFinite).map { abs($0) }.max() ?? 0
    let wanted = limit ?? (signal.range.isShare ? 1 : largest)
    let limit = wanted > 0 && wanted.isFinite ? wanted : 1
    return UnitColouring(
      limit: limit,
      shades: trace.map { $0.isFinite ? max(-1, min(1, $0 / limit)) : nil })
  }
}
