import Canvas
import Workbench

extension BuildScreen {
  /// The keys of the screen.
  static let bindings: [Binding] =
    layerKeys + [
      Binding(.screen(.build), [.down, .character("j")], help: "next row") { state in
        move(to: state.build.cursor + 1, &state)
        return []
      },
      Binding(.screen(.build), [.up, .character("k")], help: "previous row") { state in
        move(to: state.build.cursor - 1, &state)
        return []
      },
      Binding(.screen(.build), [.character("g"), .home], help: "first row: the data") { state in
        move(to: 0, &state)
        return []
      },
      Binding(.screen(.build), [.character("G"), .end], help: "last row: the loss") { state in
        move(to: .max, &state)
        return []
      },
    ]

  private static let layerKeys: [Binding] = [
    Binding(
      .screen(.build), [.character("a")], hint: "add", help: "add a layer after the cursor"
    ) { state in
      let last = state.session.document.model.layers.count
      state.popups.append(palette(at: min(state.build.cursor, last), state))
      return []
    },
    Binding(.screen(.build), [.character("i")], help: "insert a layer before the cursor") { state in
      state.popups.append(palette(at: max(0, state.build.cursor - 1), state))
      return []
    },
    Binding(
      .screen(.build), [.enter, .character("e")], hint: "edit", help: "edit the row's settings",
      disabled: { state in
        group(under: state).settings(of: state.session.document).isEmpty
          ? "This layer has no settings." : nil
      }
    ) { state in
      state.popups.append(SettingsForm(group(under: state)))
      return []
    },
    Binding(
      .screen(.build), [.character("D"), .character("x"), .delete], hint: "delete",
      help: "delete the layer", disabled: { needsLayer($0, "deleted") }
    ) { state in layer(under: state).map { [.command(.delete(at: $0))] } ?? [] },
    Binding(
      .screen(.build), [.character("J")], hint: "move", help: "move the layer down",
      disabled: { whyNotMove($0, by: 1) }
    ) { moveLayer(&$0, by: 1) },
    Binding(
      .screen(.build), [.character("K")], hint: "move", help: "move the layer up",
      disabled: { whyNotMove($0, by: -1) }
    ) { moveLayer(&$0, by: -1) },
    Binding(
      .screen(.build), [.character("r")], help: "give the layer another name",
      disabled: { needsLayer($0, "renamed") }
    ) { state in
      guard let at = layer(under: state) else { return [] }
      let name = state.session.document.model.layers[at].name
      state.popups.append(
        Prompt("rename \(name) to:", text: name, verb: "rename") { text, _ in
          [.command(.rename(at: at, to: text))]
        })
      return []
    },
  ]

  @Sendable private static func needsLayer(_ state: AppState, _ verb: String) -> String? {
    if layer(under: state) != nil { return nil }
    let row = state.build.cursor == 0 ? "data" : "loss"
    return "The \(row) cannot be \(verb). Put the cursor on a layer."
  }

  @Sendable private static func whyNotMove(_ state: AppState, by step: Int) -> String? {
    guard let at = layer(under: state) else { return needsLayer(state, "moved") }
    if state.session.document.model.layers.indices.contains(at + step) { return nil }
    return step > 0 ? "This is the last layer already." : "This is the first layer already."
  }

  @Sendable private static func moveLayer(_ state: inout AppState, by step: Int) -> [Effect] {
    guard let at = layer(under: state) else { return [] }
    state.build.cursor += step
    return [.command(.move(from: at, to: at + step))]
  }
}
