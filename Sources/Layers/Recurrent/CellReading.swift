import Engine

/// A recurrent cell and what it read in a pass.
public struct CellReading: Sendable {
  /// The layer's name, with `_reverse` for a cell that reads from the end.
  public let layer: String
  /// The cell.
  public let cell: any RecurrentLayer
  /// The sequences in the order in which the cell read them, `[B, T, D]`.
  public let input: Tensor
  /// The valid time steps of every sequence; nil: all of them.
  public let lengths: [Int]?
  /// The state that it began with, `[B, H]` each.
  public let start: [Tensor]

  /// What `cell` of the layer called `layer` read, from its initial state unless there is a `start`.
  public init(
    layer: String, cell: any RecurrentLayer, input: Tensor, lengths: [Int]? = nil,
    start: [Tensor]? = nil
  ) {
    self.layer = layer
    self.cell = cell
    self.input = input.detached
    self.lengths = lengths
    self.start = start ?? cell.initialState(batch: input.shape[0])
  }
}

extension Pass {
  /// Keeps what a cell of the layer that is running reads, if that is asked for.
  mutating func keep(
    _ cell: some RecurrentLayer, reading input: Tensor, from start: [Tensor]?, _ lane: Lane
  ) {
    guard recordsReadings else { return }
    readings.append(
      CellReading(
        layer: layer + lane.suffix, cell: cell, input: input, lengths: lengths, start: start))
  }
}
