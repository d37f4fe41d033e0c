import Data

/// How far predictions of a quantity are off, in its own unit.
struct ErrorTally {
  private let quantity: Quantity
  private var absolute = 0.0
  private var squares = 0.0
  private var total = 0.0

  /// No prediction of `quantity` yet.
  init(_ quantity: Quantity) { self.quantity = quantity }

  /// Adds one prediction, both numbers as networks see them.
  mutating func add(_ value: Float, wanted: Float, _ weight: Double) {
    let error = quantity.inUnit(value) - quantity.inUnit(wanted)
    absolute += weight * abs(error)
    squares += weight * error * error
    total += weight
  }

  /// Mean |error|.
  var meanAbsolute: Double { total > 0 ? absolute / total : 0 }
  /// Mean error².
  var meanSquare: Double { total > 0 ? squares / total : 0 }
}
