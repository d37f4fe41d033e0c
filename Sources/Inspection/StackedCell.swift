import Engine
import Layers

/// A recurrent cell of H units, for what its weights mean: gates stacked in rows.
struct StackedCell {
  /// Number of hidden units, H.
  let hiddenSize: Int
  /// What the cell shows over time; the gates come first, in the order they are stacked.
  let signals: [Signal]
  /// The cell's parameters.
  let parameters: [Parameter]
  /// The largest |u| that the cell keeps its recurrent weights to; nil when it has no such bound.
  let bound: Double?

  /// The cells of `layer`: none, one, or one for each direction.
  static func all(in layer: any Layer) -> [StackedCell] {
    switch layer {
    case let both as Bidirectional: [StackedCell(both.forward), StackedCell(both.backward)]
    case let cell as any RecurrentLayer: [StackedCell(cell)]
    default: []
    }
  }

  private init(_ cell: any RecurrentLayer) {
    hiddenSize = cell.hiddenSize
    signals = cell.signals
    parameters = cell.parameters
    bound = (cell as? IndRNN).map { Double($0.bound) }
  }

  /// The gates that a parameter of `shape` `[G·H, …]` is stacked of; none when it is not.
  func gates(in shape: Shape) -> [String] {
    let rows = shape.rank > 0 ? shape[0] : 0
    let count = rows / hiddenSize
    guard rows % hiddenSize == 0, count > 1, count < signals.count else { return [] }
    return signals[..<count].map(\.name)
  }
}
