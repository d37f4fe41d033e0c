import Canvas
import Layers
import Workbench

extension BuildScreen {
  /// The keys of the screen.
  static let bindings: [Binding] =
    layerKeys + [
      Binding(
        .screen(.build), [.character("v")], hint: "view data",
        help: "the data before training: splits, classes, lengths, columns, and every example",
        disabled: { $0.session.target == nil ? $0.session.dataSummary : nil }
      ) { state in
        state.popups.append(DataPopup())
        return [.readSample(0, .train), .previewData]
      },
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
      state.popups.append(palette(at: place(under: state, after: true), state))
      return []
    },
    Binding(
      .screen(.build), [.character("A")], hint: "inside", help: "add a layer inside the cursor's",
      disabled: { whyNotInside($0, "added to") }
    ) { state in
      guard let (path, entry) = layer(under: state) else { return [] }
      let end = LayerPath(entry.children.count, inside: path)
      state.popups.append(palette(at: end, state))
      return []
    },
    Binding(.screen(.build), [.character("i")], help: "insert a layer before the cursor") { state in
      state.popups.append(palette(at: place(under: state, after: false), state))
      return []
    },
    Binding(
      .screen(.build), [.character("e"), .enter], hint: "edit", help: "edit the row's settings",
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
      help: "delete the layer and all inside", disabled: { needsLayer($0, "deleted") }
    ) { state in layer(under: state).map { [.command(.delete(at: $0.path))] } ?? [] },
    Binding(
      .screen(.build), [.character("J")], hint: "move", help: "move the layer down",
      disabled: { whyNotMove($0, .down) }
    ) { moveLayer(&$0, .down) },
    Binding(
      .screen(.build), [.character("K")], hint: "move", help: "move the layer up",
      disabled: { whyNotMove($0, .up) }
    ) { moveLayer(&$0, .up) },
    Binding(
      .screen(.build), [.character(">")], hint: "move", help: "move the layer into its neighbour",
      disabled: { whyNotMove($0, .inside) }
    ) { moveLayer(&$0, .inside) },
    Binding(
      .screen(.build), [.character("<")], hint: "move",
      help: "move the layer out, after its parent",
      disabled: { whyNotMove($0, .outside) }
    ) { moveLayer(&$0, .outside) },
    Binding(
      .screen(.build), [.character("w")], hint: "wrap",
      help: "put a layer around the cursor's, such as residual",
      disabled: { needsLayer($0, "wrapped") }
    ) { state in
      guard let (path, _) = layer(under: state) else { return [] }
      state.popups.append(wrappers(of: path, state))
      return []
    },
    Binding(
      .screen(.build), [.character("W")], help: "put what is inside the layer in its place",
      disabled: { whyNotInside($0, "unwrapped") }
    ) { state in layer(under: state).map { [.command(.unwrap(at: $0.path))] } ?? [] },
    Binding(
      .screen(.build), [.character("r")], help: "give the layer another name",
      disabled: { needsLayer($0, "renamed") }
    ) { state in
      guard let (at, entry) = layer(under: state) else { return [] }
      let name = entry.name
      state.popups.append(
        Prompt("rename \(name) to:", text: name, verb: "rename") { text, _ in
          [.command(.rename(at: at, to: text))]
        })
      return []
    },
  ]

  @Sendable static func needsLayer(_ state: AppState, _ verb: String) -> String? {
    if layer(under: state) != nil { return nil }
    let row = state.build.cursor == 0 ? "data" : "loss"
    return "The \(row) cannot be \(verb). Put the cursor on a layer."
  }

  @Sendable private static func whyNotInside(_ state: AppState, _ verb: String) -> String? {
    guard let (_, entry) = layer(under: state) else { return needsLayer(state, verb) }
    if entry.isComposite { return nil }
    return "\(entry.kind) holds no layers. Press a to add after it, or w to put one around it."
  }

  /// Where a layer goes that is added before or after the cursor.
  private static func place(under state: AppState, after: Bool) -> LayerPath {
    if let (path, _) = layer(under: state) { return after ? path.moved(by: 1) : path }
    return state.build.cursor == 0 ? 0 : LayerPath(state.session.document.model.layers.count)
  }
}
