import Formats
import Layers

extension Document {
  /// Applies an edit, or says why it cannot be done; commands that are no edits change nothing.
  mutating func apply(_ command: Command) throws(SessionError) {
    switch command {
    case .add(let kind, let at, let settings): try add(kind, at: at, settings)
    case .delete(let at):
      try check(at)
      model.layers.remove(at: at)
    case .move(let from, let to):
      try check(from)
      try check(to)
      model.layers.insert(model.layers.remove(at: from), at: to)
    case .rename(let at, let name): try rename(at, to: name)
    case .set(let setting): try set(setting.name, to: setting.value)
    default: break
    }
  }

  private mutating func add(
    _ kind: String, at: Int?, _ settings: [Command.Setting]
  ) throws(SessionError) {
    let position = at ?? model.layers.count
    guard 0...model.layers.count ~= position else {
      throw SessionError(
        "A new layer needs a position from 0 to \(model.layers.count), got \(position).")
    }
    do throws(ShapeError) {
      var spec = try LayerRegistry.spec(of: kind)
      for setting in settings { try spec.set(setting.name, text: setting.value) }
      let entry = LayerEntry(name: model.freeName(for: spec), spec: spec)
      model.layers.insert(entry, at: position)
    } catch {
      throw SessionError(error.description)
    }
  }

  private mutating func rename(_ at: Int, to name: String) throws(SessionError) {
    try check(at)
    let isPlain = name.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    }
    guard isPlain, !name.isEmpty, name.count <= 64, !["data", "training"].contains(name) else {
      throw SessionError(
        "A layer's name needs letters, digits or '_' and is not 'data' or 'training', got "
          + "\(SafeText.quoted(name)).")
    }
    guard !model.layers.enumerated().contains(where: { $0 != at && $1.name == name }) else {
      throw SessionError("The name '\(name)' is taken by another layer. Choose another one.")
    }
    model.layers[at].name = name
  }

  private func check(_ position: Int) throws(SessionError) {
    guard model.layers.indices.contains(position) else {
      throw SessionError(
        model.layers.isEmpty
          ? "The model has no layers, got position \(position). Add one first."
          : "The model has layers 0 to \(model.layers.count - 1), got \(position).")
    }
  }
}
