import Canvas

extension App {
  /// A click on a tab, a hint or a row does what its key does.
  static func click(x: Int, y: Int, _ state: inout AppState) -> [Effect] {
    guard let size = state.size else { return [] }
    let bounds = Rect(width: size.width, height: size.height)
    let status = StatusLine(state, width: bounds.width - 2)
    let layout = AppLayout(bounds, statusRows: status.rows)
    if let screen = TitleBar(state).screen(x: x, y: y, in: layout.title) {
      state.screen = screen
      return []
    }
    let hinted = KeyTable.hinted(for: state)
    if let hit = HintBar(hinted.map(\.hint)).hint(x: x, y: y, in: layout.hints) {
      return hinted[hit].binding.run(&state)
    }
    guard layout.body.contains(x: x, y: y) else { return [] }
    switch state.screen {
    case .build: BuildScreen.click(x: x, y: y, &state, in: layout.body)
    case .log: LogScreen.click(x: x, y: y, &state, in: layout.body)
    case .lab: LabScreen.click(x: x, y: y, &state, in: layout.body)
    case .train, .inspect: break
    }
    return []
  }
}
