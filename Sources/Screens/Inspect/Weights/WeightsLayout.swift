import Canvas

/// Where the panes of the weights view stand: as many as fit, none below its minimum.
struct WeightsLayout {
  /// The panes on screen and their places.
  private(set) var panes: [(pane: WeightsState.Pane, place: Rect)] = []

  /// Places what `state` shows.
  init(_ state: WeightsState, in rect: Rect) {
    if state.isEnlarged {
      panes = [(state.focus, rect)]
      return
    }
    let count = state.reading?.weights.count ?? 0
    let rows = rect.rows([
      .flexible(minimum: 5, maximum: max(5, min(count + 3, rect.height / 3 + 1)), priority: 1),
      .flexible(minimum: 7, weight: 3, priority: 2),
    ])
    guard let list = rows[0], let body = rows[1] else {
      panes = [(state.focus, rect)]
      return
    }
    panes = [(.list, list)]
    let columns = body.columns([
      .flexible(minimum: 44, weight: 2, priority: 2),
      .flexible(minimum: 28, maximum: 48, weight: 1, priority: 1),
    ])
    let side = Self.side(of: state, height: body.height)
    let places =
      columns[1]?.rows(
        side.map { pane in
          pane == .components ? .flexible(minimum: 9, weight: 3) : .flexible(minimum: 6)
        }) ?? []
    guard let map = columns[0], places.count == side.count, !places.contains(nil) else {
      // Without room for all, the focus decides which one there is beside the list.
      panes.append((state.focus == .list ? .map : state.focus, body))
      return
    }
    panes.append((.map, map))
    for (pane, place) in zip(side, places) {
      if let place { panes.append((pane, place)) }
    }
  }

  /// The panes beside the map. The plane of an embedding needs room: another one stands below it only
  /// where there is some, and takes its place if it has the focus.
  private static func side(of state: WeightsState, height: Int) -> [WeightsState.Pane] {
    let others = state.panes.filter { $0 == .histogram || $0 == .spectrum }
    guard state.panes.contains(.components) else { return others }
    let chosen = others.contains(state.focus) ? state.focus : others.last
    if height >= 18 { return [.components] + (chosen.map { [$0] } ?? []) }
    return others.contains(state.focus) ? others : [.components]
  }
}
