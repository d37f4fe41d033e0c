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

  /// The layer under the cursor with its place; nil on the rows of the data and the loss.
  static func layer(under state: AppState) -> (path: LayerPath, entry: LayerEntry)? {
    state.session.document.model.layer(state.build.cursor - 1)
  }

  /// The settings that belong to the row under the cursor.
  static func group(under state: AppState) -> SettingGroup {
    if layer(under: state) != nil { return .layer(state.build.cursor - 1) }
    return state.build.cursor == 0 ? .data : .training
  }

  /// Keeps the cursor on what an edit changed: the layer that came, or the place of the one that
  /// went.
  static func follow(from before: Document, _ state: inout AppState) {
    let layers = state.session.document.model.tree
    let old = before.model.tree
    if layers.count != old.count {
      let same = zip(layers, old).prefix {
        $0.path == $1.path && $0.entry.isSame(as: $1.entry)
      }.count
      // Where the last layer inside another one went, the cursor stays inside, or on that one.
      let place = old.indices.contains(same) ? old[same].path : 0
      let isGone = layers.count < old.count && !layers.contains { $0.path == place }
      let near = isGone ? [place.moved(by: -1), place.parent].compactMap(\.self) : []
      let row = near.lazy.compactMap { near in layers.firstIndex { $0.path == near } }.first
      state.build.cursor = (row ?? min(same, max(layers.count - 1, 0))) + 1
    }
    move(to: state.build.cursor, &state)
  }

  /// Puts the cursor on row `row`, or the nearest there is.
  static func move(to row: Int, _ state: inout AppState) {
    state.build.cursor = min(max(row, 0), state.session.document.model.tree.count + 1)
  }

  /// The palette of what can be put around the layer at `path`.
  static func wrappers(of path: LayerPath, _ state: AppState) -> Menu {
    let name = state.session.document.model[path]?.name ?? ""
    return Menu(
      "put a layer around \(name)",
      LayerRegistry.all.filter { $0 is any CompositeSpec.Type }.map { type in
        let kind = type.kind
        return Menu.Item(name: kind, detail: type.summary) { _ in
          [.command(.wrap(at: path, in: kind))]
        }
      })
  }

  /// The palette: every kind of layer, with what it would make of the data at `place`.
  static func palette(at place: LayerPath, _ state: AppState) -> Menu {
    let owner = place.parent.flatMap { state.session.document.model[$0] }
    let inside = owner.map { "add a \($0.partNoun) to \($0.name)" } ?? "add a layer"
    return Menu(
      "\(inside) at \(place)",
      LayerRegistry.all.map { type in
        let kind = type.kind
        return Menu.Item(
          name: kind, detail: type.summary, note: note(on: type, at: place, state.session),
          keywords: words(of: type)
        ) { _ in
          [.command(.add(kind: kind, at: place, settings: []))]
        }
      })
  }

  /// What a kind of layer is found by besides its name: its settings and their choices, such as
  /// `bidirectional`, `relu` and `sum`.
  private static func words(of type: any LayerSpec.Type) -> [String] {
    type.init().settingInfo.flatMap { info in
      switch info.domain {
      case .choice(let names), .choiceOrSizes(let names, _, _): [info.name] + names
      default: [info.name]
      }
    }
  }

  /// What a new layer would make of the data at `place`, as far as that can be said.
  private static func note(
    on type: any LayerSpec.Type, at place: LayerPath, _ session: SessionView
  ) -> String {
    if type is any CompositeSpec.Type { return "holds layers" }
    var model = session.document.model
    let entry = LayerEntry(name: "", spec: type.init())
    guard let input = session.input, (try? model.insert(entry, at: place)) != nil else { return "" }
    let rows = model.rows(for: input, named: session.namedInputs)
    guard let row = rows.first(where: { $0.path == place }), row.input != nil else { return "" }
    return row.output.map { "\($0)" } ?? "does not fit"
  }
}
