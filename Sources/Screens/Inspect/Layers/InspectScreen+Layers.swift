/// Moves in the view of the layers: the focus decides whether they go through layers and time, or
/// through the numbers of a layer.
extension InspectScreen.State {
  /// Whether moves go through the numbers of the chosen layer.
  private var isInMap: Bool { layers.focus == .map }
  /// Whether these are those of an image, or a vector without time.
  private var isStill: Bool {
    layers.view.map { $0.output.isImage || !$0.output.isSequence } ?? false
  }

  /// Goes to the layer `count` places further down.
  mutating func chooseLayer(by count: Int) {
    guard let recording else { return }
    layers.chooseLayer(by: count, in: recording)
  }

  /// Goes `count` layers down; in the map as many rows or features.
  mutating func moveDown(by count: Int) {
    if isInMap { layers.moveCell(rows: count) } else { chooseLayer(by: count) }
  }

  /// Goes `count` time steps on; in an image or a vector as many columns.
  mutating func moveAcross(by count: Int) {
    if isInMap, isStill {
      layers.moveCell(columns: count)
    } else if isInMap {
      moveLayerStep(by: count)
    } else {
      moveCursor(to: t + count)
    }
  }

  /// Goes `count` times `wide` time steps on; in an image `count`.
  mutating func moveWide(by count: Int, wide: Int) {
    if isInMap, isStill {
      moveCursor(to: t + count)
    } else if isInMap {
      moveLayerStep(by: count * wide)
    } else {
      moveCursor(to: t + count * wide)
    }
  }
}
