import Layers
import Workbench

extension BuildScreen {
  /// Where the layer under the cursor can be moved to.
  enum Move: Sendable {
    /// One place on among its neighbours.
    case down
    /// One place back among its neighbours.
    case up
    /// To the end of the neighbour above if that holds layers, else to the beginning of the one below.
    case inside
    /// Out of the layer around it, to stand after that.
    case outside
  }

  /// Where `move` leads; nil where it leads nowhere.
  private static func target(of move: Move, _ state: AppState) -> LayerPath? {
    guard let (path, _) = layer(under: state) else { return nil }
    let (above, below) = (path.moved(by: -1), path.moved(by: 1))
    let model = state.session.document.model
    switch move {
    case .down: return model[below] == nil ? nil : below
    case .up: return model[above] == nil ? nil : above
    case .inside:
      if let neighbour = model[above], neighbour.isComposite {
        return LayerPath(neighbour.children.count, inside: above)
      }
      return model[below]?.isComposite == true ? LayerPath(0, inside: below) : nil
    case .outside: return path.parent?.moved(by: 1)
    }
  }

  /// Why the layer under the cursor cannot be moved so; nil when it can.
  @Sendable static func whyNotMove(_ state: AppState, _ move: Move) -> String? {
    if layer(under: state) == nil { return needsLayer(state, "moved") }
    if target(of: move, state) != nil { return nil }
    switch move {
    case .down: return "This is the last layer already."
    case .up: return "This is the first layer already."
    case .inside: return "No neighbour holds layers. Add one that does, such as sequential."
    case .outside: return "This layer is not inside another one."
    }
  }

  /// Moves the layer under the cursor, and the cursor with it.
  @Sendable static func moveLayer(_ state: inout AppState, _ move: Move) -> [Effect] {
    guard let (path, _) = layer(under: state), let end = target(of: move, state) else { return [] }
    var model = state.session.document.model
    if let reached = try? model.move(from: path, to: end),
      let row = model.tree.firstIndex(where: { $0.path == reached })
    {
      state.build.cursor = row + 1
    }
    return [.command(.move(from: path, to: end))]
  }
}
