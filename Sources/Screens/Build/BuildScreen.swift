import Canvas
import Layers
import Workbench

/// Lists the layers with their shapes and edits them.
enum BuildScreen {
  /// What the screen remembers.
  struct State: Sendable, Equatable {
    /// The row under the cursor: 0 is the data, then the layers, the last is the loss.
    var cursor = 0
  }

  /// The position of the layer under the cursor; nil on the rows of the data and the loss.
  static func layer(under state: AppState) -> Int? {
    let index = state.build.cursor - 1
    return state.session.document.model.layers.indices.contains(index) ? index : nil
  }

  /// The settings that belong to the row under the cursor.
  static func group(under state: AppState) -> SettingGroup {
    if let layer = layer(under: state) { return .layer(layer) }
    return state.build.cursor == 0 ? .data : .training
  }

  /// Keeps the cursor on what an edit changed: the layer that came, or the place of the one that
  /// went.
  static func follow(from before: Document, _ state: inout AppState) {
    let layers = state.session.document.model.layers
    let old = before.model.layers
    if layers.count != old.count {
      let same = zip(layers, old).prefix { $0 == $1 }.count
      state.build.cursor = min(same, max(layers.count - 1, 0)) + 1
    }
    move(to: state.build.cursor, &state)
  }

  /// Puts the cursor on row `row`, or the nearest there is.
  static func move(to row: Int, _ state: inout AppState) {
    state.build.cursor = min(max(row, 0), state.session.document.model.layers.count + 1)
  }

  /// The palette: every kind of layer, with what it would make of the data at `position`.
  static func palette(at position: Int, _ state: AppState) -> Menu {
    let rows = state.session.rows
    let input =
      position == 0
      ? state.session.input : rows.indices.contains(position - 1) ? rows[position - 1].output : nil
    return Menu(
      "add a layer at \(position)",
      LayerRegistry.all.map { type in
        let kind = type.kind
        let output = input.map { try? type.init().output(for: $0) }
        let note = output.map { $0.map { "\($0)" } ?? "does not fit" } ?? ""
        return Menu.Item(name: kind, detail: type.summary, note: note) { _ in
          [.command(.add(kind: kind, at: position, settings: []))]
        }
      })
  }
}
