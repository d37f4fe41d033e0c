import Canvas
import Workbench

extension BuildScreen {
  /// Draws the layers, and where there is room the settings of the row under the cursor.
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {
    let layout = BuildLayout(rect, layers: state.session.document.model.tree.count)
    table(state).draw(on: &canvas, in: layout.table)
    if let pane = layout.pane {
      SettingsPane(session: state.session, group: group(under: state), form: nil)
        .draw(on: &canvas, in: pane)
    }
  }

  /// Puts the cursor on the row under column `x`, row `y`.
  static func click(x: Int, y: Int, _ state: inout AppState, in rect: Rect) {
    let layout = BuildLayout(rect, layers: state.session.document.model.tree.count)
    guard layout.table.contains(x: x, y: y) else { return }
    if let row = table(state).row(y: y, in: layout.table) { move(to: row, &state) }
  }

  private static func table(_ state: AppState) -> LayerTable {
    let form = state.popups.last as? SettingsForm
    return LayerTable(
      session: state.session, preview: form?.preview(state.session) ?? ModelPreview(state.session),
      cursor: state.build.cursor, isFocused: state.popups.isEmpty)
  }
}

extension SettingsForm {
  func draw(_ state: AppState, on canvas: inout Canvas, in layout: AppLayout) {
    let build = BuildLayout(layout.body, layers: state.session.document.model.tree.count)
    let body = layout.body
    // Over the other screens the form stands in the middle, as large as on the smallest canvas.
    let place =
      state.screen == .build
      ? build.form(in: body)
      : body.centered(width: min(body.width - 2, 78), height: min(body.height, 15))
    SettingsPane(session: state.session, group: group, form: self).draw(on: &canvas, in: place)
  }
}
