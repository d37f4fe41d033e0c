import Canvas

/// Where the panes of the Train screen stand: as many as fit, none below its minimum.
enum TrainLayout {
  /// The panes on screen and their places, with `knobs` rows of knobs.
  static func places(
    for state: TrainScreen.State, in rect: Rect, knobs: Int = 5
  ) -> [(pane: TrainScreen.Pane, place: Rect)] {
    if state.isEnlarged { return [(state.focus, rect)] }
    let places =
      switch rect.width {
      case ..<104: narrow(rect)
      case 104..<160: wide(rect, knobs: knobs)
      default: widest(rect, knobs: knobs)
      }
    if places.contains(where: { $0.pane == state.focus }) { return places }
    return lend(to: state.focus, in: rect, rows: state.focus == .knobs ? knobs : 5)
  }

  /// Loss above, gradient and gates below it, then what else there is room for.
  private static func narrow(_ rect: Rect) -> [(pane: TrainScreen.Pane, place: Rect)] {
    let rows = rect.rows([
      .flexible(minimum: 7, weight: 3, priority: 4),
      .flexible(minimum: 6, maximum: 11, weight: 2, priority: 3),
      .flexible(minimum: 9, maximum: 16, weight: 1, priority: 2),
    ])
    return pair([.loss], rows[0]) + strips(rows[1])
      + across(rows[2], [(.health, 38, .max, 2), (.knobs, 30, 46, 1)])
  }

  /// Two columns, as in the drawing of the design.
  private static func wide(_ rect: Rect, knobs: Int) -> [(pane: TrainScreen.Pane, place: Rect)] {
    let columns = rect.columns([
      .flexible(minimum: 38, maximum: 44, weight: 1, priority: 1),
      .flexible(minimum: 64, weight: 3, priority: 2),
    ])
    let right =
      columns[1]?.rows([
        .flexible(minimum: 8, weight: 3, priority: 3),
        .flexible(minimum: 8, maximum: 12, weight: 2, priority: 2),
        .flexible(minimum: 5, maximum: 8, weight: 1, priority: 1),
      ]) ?? []
    return pair(leftColumn(rect), columns[0], knobs: knobs) + pair([.loss], right.first ?? nil)
      + strips(right.dropFirst().first ?? nil) + pair([.journal], right.last ?? nil)
  }

  /// Three columns: gradient and gates stand beside the loss.
  private static func widest(_ rect: Rect, knobs: Int) -> [(pane: TrainScreen.Pane, place: Rect)] {
    let columns = rect.columns([
      .flexible(minimum: 38, maximum: 46, weight: 1, priority: 1),
      .flexible(minimum: 64, weight: 3, priority: 3),
      .flexible(minimum: 48, maximum: 64, weight: 2, priority: 2),
    ])
    let middle =
      columns[1]?.rows([
        .flexible(minimum: 8, weight: 3, priority: 2),
        .flexible(minimum: 5, maximum: 10, weight: 1, priority: 1),
      ]) ?? []
    let right =
      columns[2]?.rows([
        .flexible(minimum: 8, weight: 1, priority: 2),
        .flexible(minimum: 8, maximum: 12, weight: 1, priority: 1),
      ]) ?? []
    return pair(leftColumn(rect), columns[0], knobs: knobs) + pair([.loss], middle.first ?? nil)
      + pair([.journal], middle.last ?? nil) + pair([.gradient], right.first ?? nil)
      + pair([.gates], right.last ?? nil)
  }

  /// The metrics stand in it where the weights keep room for every matrix.
  private static func leftColumn(_ rect: Rect) -> [TrainScreen.Pane] {
    rect.height < 40 ? [.health, .knobs, .checkpoints] : [.health, .knobs, .metrics, .checkpoints]
  }

  /// Panes above each other; those of the left column in their own proportions.
  private static func pair(
    _ panes: [TrainScreen.Pane], _ rect: Rect?, knobs: Int = 5
  ) -> [(pane: TrainScreen.Pane, place: Rect)] {
    guard let rect else { return [] }
    let slots = panes.map { pane in
      switch pane {
      case .knobs: Slot.fixed(knobs + 2, priority: 2)
      case .metrics: Slot.flexible(minimum: 4, maximum: 9, weight: 1, priority: 0)
      case .checkpoints: Slot.flexible(minimum: 4, maximum: 9, weight: 1, priority: 1)
      default: Slot.flexible(minimum: 4, weight: 3, priority: 3)
      }
    }
    return zip(panes, rect.rows(slots)).compactMap { pane, place in place.map { (pane, $0) } }
  }

  private static func strips(_ rect: Rect?) -> [(pane: TrainScreen.Pane, place: Rect)] {
    across(rect, [(.gradient, 28, .max, 2), (.gates, 36, 41, 1)])
  }

  /// Panes beside each other, with the fewest and most columns and the priority of each.
  private static func across(
    _ rect: Rect?, _ panes: [(pane: TrainScreen.Pane, minimum: Int, maximum: Int, priority: Int)]
  ) -> [(pane: TrainScreen.Pane, place: Rect)] {
    guard let rect else { return [] }
    let slots = panes.map {
      Slot.flexible(minimum: $0.minimum, maximum: $0.maximum, priority: $0.priority)
    }
    return zip(panes, rect.columns(slots)).compactMap { pane, place in
      place.map { (pane.pane, $0) }
    }
  }

  /// A pane for which there is no room gets the lower part of the screen as long as it has the
  /// focus, with at least so many `rows` inside.
  private static func lend(
    to pane: TrainScreen.Pane, in rect: Rect, rows: Int
  ) -> [(pane: TrainScreen.Pane, place: Rect)] {
    let parts = rect.rows([
      .flexible(minimum: 7, weight: 3, priority: 1),
      .flexible(minimum: rows + 2, weight: 2, priority: 2),
    ])
    let upper = parts[0].map { [(pane: TrainScreen.Pane.loss, place: $0)] } ?? []
    return upper + [(pane, parts[1] ?? rect)]
  }
}
