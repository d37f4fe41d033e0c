import Layers

/// One signal of one layer over a sequence: a value for every time step and unit, `[T, H]`.
///
/// T time steps, H units. Values may be NaN or infinite when the network's weights are; every
/// summary passes over those.
public struct SignalMatrix: Sendable, Equatable {
  /// The layer's name.
  public let layer: String
  /// Which signal.
  public let signal: Signal
  /// The number of time steps, T.
  public let steps: Int
  /// The number of units, H.
  public let units: Int
  /// The values, step by step.
  private let values: [Float]

  /// The lowest and highest finite value; 0 when there is none.
  public let minimum, maximum: Float
  /// The mean and the standard deviation of the finite values; 0 when there is none.
  public let mean, deviation: Float

  /// A matrix of `steps` rows with `units` values each.
  init(layer: String, signal: Signal, steps: Int, units: Int, values: [Float]) {
    precondition(values.count == steps * units, "A matrix has a value for every step and unit.")
    self.layer = layer
    self.signal = signal
    self.steps = steps
    self.units = units
    self.values = values
    let finite = values.lazy.filter(\.isFinite)
    minimum = finite.min() ?? 0
    maximum = finite.max() ?? 0
    let spread = Spread(finite)
    mean = Float(spread.mean)
    deviation = Float(spread.deviation)
  }

  /// The first `steps` steps of what was recorded of one sequence of T = `time` time steps,
  /// `[1, T′, H]`.
  ///
  /// After layers that change the number of steps, such as strided convolutions and pools, T′ is not
  /// T: time step t then shows step ⌊t T′ / T⌋, the one made of what was read around t.
  init(_ recorded: RecordedSignal, steps: Int, of time: Int) {
    let all = recorded.values
    let (made, units) = (all.shape[1], all.shape.dimensions.dropFirst(2).reduce(1, *))
    let values = all.scalars
    self.init(
      layer: recorded.layer, signal: recorded.signal, steps: steps, units: units,
      values: (0..<steps).flatMap { t in
        let row = t * made / time
        return values[row * units..<(row + 1) * units]
      })
  }

  /// `layer.signal`, the name in trace files.
  public var fullName: String { layer + "." + signal.name }

  /// The value of `unit` at time step `t`.
  public func value(_ t: Int, _ unit: Int) -> Float {
    precondition(0..<steps ~= t && 0..<units ~= unit, "The step and the unit are in the matrix.")
    return values[t * units + unit]
  }

  /// The values of `unit` at every time step.
  public func trace(of unit: Int) -> [Float] { (0..<steps).map { value($0, unit) } }

  /// Where colours saturate, above 0: 1 for a gate or a mask, else three times the root mean square, but no
  /// more than the largest absolute value.
  public var limit: Float {
    if signal.range.isShare { return 1 }
    let largest = max(abs(minimum), abs(maximum))
    let typical = (mean * mean + deviation * deviation).squareRoot()
    let limit = min(largest, 3 * typical)
    return limit > 0 && limit.isFinite ? limit : 1
  }

  /// This matrix minus `other`, value by value; nil unless both have the same steps and units.
  public func difference(from other: SignalMatrix) -> SignalMatrix? {
    guard steps == other.steps, units == other.units else { return nil }
    return SignalMatrix(
      layer: layer, signal: Signal(signal.name, "change of \(signal.meaning)", .unbounded),
      steps: steps, units: units, values: zip(values, other.values).map { $0 - $1 })
  }
}

/// The mean and the standard deviation of some finite numbers; 0 of none.
struct Spread {
  let mean, deviation: Double

  init(_ values: some Sequence<Float>) {
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for value in values { (count, sum) = (count + 1, sum + Double(value)) }
    let mean = count > 0 ? sum / count : 0
    for value in values { squares += (Double(value) - mean) * (Double(value) - mean) }
    self.mean = mean
    deviation = count > 0 ? (squares / count).squareRoot() : 0
  }
}
