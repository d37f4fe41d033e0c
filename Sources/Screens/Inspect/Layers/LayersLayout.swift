import Canvas

/// Where the panes of the view of the layers stand: as many as fit, none below its minimum.
struct LayersLayout {
  /// The panes on screen and their places.
  private(set) var panes: [(pane: LayersState.Pane, place: Rect)] = []

  /// Places what `state` shows of `count` layers.
  init(_ state: LayersState, count: Int, in rect: Rect) {
    if state.isEnlarged {
      panes = [(state.focus, rect)]
      return
    }
    let rows = rect.rows([
      .flexible(
        minimum: 5, maximum: max(5, min(count + 3, rect.height / 3 + 1)), weight: 3, priority: 1),
      .flexible(minimum: 8, priority: 2),
    ])
    guard let list = rows[0], let body = rows[1] else {
      panes = [(state.focus, rect)]
      return
    }
    panes = [(.list, list)]
    let columns = body.columns([
      .flexible(minimum: 36, weight: 4, priority: 2),
      .flexible(minimum: 24, maximum: 44, weight: 1, priority: 1),
    ])
    guard let map = columns[0], let side = columns[1] else {
      // Without room for two, the focus decides which one there is below the list.
      panes.append((state.focus == .list ? .map : state.focus, body))
      return
    }
    panes.append((.map, map))
    // Beside the input stands what was asked for last: the focus, else what a silence does.
    let isBelow = state.focus == .histogram || state.focus == .effect
    let below = isBelow ? state.focus : state.hasEffect ? .effect : .histogram
    let places = side.rows([
      .flexible(minimum: 10, weight: 2, priority: 2),
      .flexible(minimum: below == .effect ? 10 : 7, priority: 1),
    ])
    if let input = places[0], let other = places[1] {
      panes += [(.input, input), (below, other)]
    } else {
      panes.append((isBelow || state.hasEffect && state.focus == .list ? below : .input, side))
    }
  }
}
