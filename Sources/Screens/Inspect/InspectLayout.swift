import Canvas
import Inspection

/// Where the parts of the Inspect screen stand: as many as fit, none below its minimum.
struct InspectLayout {
  /// The sequence with the cursor.
  private(set) var sequence: Rect?
  /// The unit's values in one row, where the pane of them has no room.
  private(set) var readingLine: Rect?
  /// The panes on screen and their places.
  private(set) var panes: [(pane: InspectScreen.Pane, place: Rect)] = []
  /// Whether there are two columns.
  let isWide: Bool

  /// Places what `state` shows.
  init(_ state: InspectScreen.State, in rect: Rect) {
    isWide = rect.width >= 104 && rect.height >= 20
    let more = (state.recording?.hasTags == true ? 1 : 0) + (state.marksChanges ? 1 : 0)
    let rows = rect.rows([
      .fixed((isWide ? 7 : 6) + more, priority: 1), .flexible(minimum: 6, priority: 2),
    ])
    sequence = rows[0]
    guard let body = rows[1] else { return }
    if state.isEnlarged {
      panes = [(state.focus, body)]
    } else if isWide {
      placeWide(in: body, focus: state.focus)
    } else {
      placeNarrow(in: body, focus: state.focus)
    }
  }

  /// The trace lends its place to the time scales while they have the focus.
  private mutating func placeWide(in rect: Rect, focus: InspectScreen.Pane) {
    let columns = rect.columns([
      .flexible(minimum: 64, weight: 3, priority: 2),
      .flexible(minimum: 38, maximum: 48, weight: 1, priority: 1),
    ])
    place([(.map, 7, 3), (focus == .timeScales ? focus : .trace, 7, 2)], in: columns[0])
    place([(.reading, 6, 1), (.predictions, 6, 1)], in: columns[1])
  }

  private mutating func place(
    _ wanted: [(pane: InspectScreen.Pane, minimum: Int, weight: Int)], in rect: Rect?
  ) {
    guard let rect else { return }
    let slots = wanted.enumerated().map { index, pane in
      Slot.flexible(minimum: pane.minimum, weight: pane.weight, priority: -index)
    }
    for (pane, place) in zip(wanted, rect.rows(slots)) {
      if let place { panes.append((pane.pane, place)) }
    }
  }

  /// The pane below the map is the one with the focus, so that Tab leads to all of them.
  private mutating func placeNarrow(in rect: Rect, focus: InspectScreen.Pane) {
    // A trace can be read in few rows; units are what there is never enough room for.
    let rows = rect.rows([
      .flexible(minimum: 6, weight: 2, priority: 3), .fixed(1, priority: 2),
      .flexible(minimum: 6, maximum: max(6, rect.height / 3), weight: 1, priority: 1),
    ])
    // Without room for two panes, the focus decides which one there is.
    if let map = rows[0] { panes.append((rows[2] == nil ? focus : .map, map)) }
    readingLine = rows[1]
    if let place = rows[2] { panes.append((focus == .map ? .trace : focus, place)) }
  }
}
