import Canvas
import Workbench

extension App {
  /// Draws the program as it stands.
  public static func view(_ state: AppState, on canvas: inout Canvas) {
    let card = TooSmall(
      neededWidth: AppLayout.smallest.width, neededHeight: AppLayout.smallest.height)
    if card.applies(to: canvas.bounds) { return card.draw(on: &canvas, in: canvas.bounds) }
    let status = StatusLine(state, width: canvas.width - 2)
    let layout = AppLayout(canvas.bounds, statusRows: status.rows)
    TitleBar(state).draw(on: &canvas, in: layout.title)
    canvas.clipped(to: layout.body) { canvas in
      switch state.screen {
      case .build: BuildScreen.view(state, on: &canvas, in: layout.body)
      case .train: TrainScreen.view(state, on: &canvas, in: layout.body)
      case .inspect: InspectScreen.view(state, on: &canvas, in: layout.body)
      case .log: LogScreen.view(state, on: &canvas, in: layout.body)
      case .lab: LabScreen.view(state, on: &canvas, in: layout.body)
      }
    }
    status.draw(on: &canvas, in: layout.status)
    for popup in state.popups { popup.draw(state, on: &canvas, in: layout) }
    HintBar(state.popups.last?.hints(state) ?? KeyTable.hints(for: state))
      .draw(on: &canvas, in: layout.hints)
  }
}
