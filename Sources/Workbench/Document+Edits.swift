import Formats
import Layers

extension Document {
  /// Applies an edit, or says why it cannot be done; commands that are no edits change nothing.
  mutating func apply(_ command: Command) throws(SessionError) {
    switch command {
    case .add(let kind, let at, let settings): try add(kind, at: at, settings)
    case .delete(let at):
      try change { model throws(ShapeError) in _ = try model.remove(at: at) }
    case .move(let from, let to):
      try change { model throws(ShapeError) in _ = try model.move(from: from, to: to) }
    case .wrap(let at, let kind):
      try change { model throws(ShapeError) in
        let spec = try LayerRegistry.spec(of: kind)
        try model.wrap(at: at, in: LayerEntry(name: model.freeName(for: spec), spec: spec))
      }
    case .unwrap(let at): try change { model throws(ShapeError) in try model.unwrap(at: at) }
    case .rename(let at, let name): try rename(at, to: name)
    case .set(let setting): try set(setting.name, to: setting.value)
    default: break
    }
  }

  private mutating func add(
    _ kind: String, at: LayerPath?, _ settings: [Command.Setting]
  ) throws(SessionError) {
    try change { model throws(ShapeError) in
      let spec = try LayerRegistry.spec(of: kind)
      var entry = LayerEntry(name: model.freeName(for: spec), spec: spec)
      for setting in settings { try entry.set(setting.name, text: setting.value) }
      try model.insert(entry, at: at ?? LayerPath(model.layers.count))
    }
  }

  private mutating func rename(_ at: LayerPath, to name: String) throws(SessionError) {
    try change { model throws(ShapeError) in
      _ = try model.layer(at: at)
      let isPlain = name.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || $0 == "_"
      }
      guard isPlain, !name.isEmpty, name.count <= 64, !["data", "training"].contains(name) else {
        throw ShapeError(
          "A layer's name needs letters, digits or '_' and is not 'data' or 'training', got "
            + "\(SafeText.quoted(name)).")
      }
      guard model.path(of: name).map({ $0 == at }) ?? true else {
        throw ShapeError("The name '\(name)' is taken by another layer. Choose another one.")
      }
      model.rename(at, to: name)
    }
  }

  /// Changes the model, or says why it cannot be.
  private mutating func change(
    _ edit: (inout ModelSpec) throws(ShapeError) -> Void
  ) throws(SessionError) {
    do throws(ShapeError) {
      try edit(&model)
    } catch {
      throw SessionError(error.description)
    }
  }
}
