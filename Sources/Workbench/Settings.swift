import Data
import Formats
import Layers
import Training

extension Document {
  /// Every setting that `set(_:to:)` knows, with its value: `training.learning_rate`.
  public var settings: [(path: String, value: FieldValue)] {
    [("name", .text(name)), ("seed", .text(String(seed)))]
      + data.settings.map { ("data." + $0.name, $0.value) }
      + model.tree.flatMap { _, layer in
        layer.settings.map { (layer.name + "." + $0.name, $0.value) }
      }
      + training.settings.map { ("training." + $0.name, $0.value) }
  }

  /// Changes the setting at `path`: `seed`, `data.batch_size`, `lstm.hidden_size`,
  /// `training.learning_rate`.
  public mutating func set(_ path: String, to text: String) throws(SessionError) {
    if path == "name" { return try rename(to: text) }
    if path == "seed" {
      guard let seed = UInt64(text) else {
        throw SessionError(
          "The seed needs to be a whole number from 0 to \(UInt64.max), got "
            + "\(SafeText.quoted(text)).")
      }
      self.seed = seed
      return
    }
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw unknownSetting(path) }
    do throws(ShapeError) {
      if parts[0] == DataRecipe.kind {
        try data.set(parts[1], text: text)
      } else if parts[0] == TrainingRecipe.kind {
        try training.set(parts[1], text: text)
      } else if let layer = model.path(of: parts[0]) {
        try model[layer]?.set(parts[1], text: text)
      } else {
        throw ShapeError(unknownSetting(path).description)
      }
    } catch {
      throw SessionError(error.description)
    }
  }

  private mutating func rename(to text: String) throws(SessionError) {
    let allowed = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_. ".unicodeScalars.contains($0)
    }
    let isTight = !text.hasPrefix(".") && !text.hasPrefix(" ") && !text.hasSuffix(" ")
    guard allowed, isTight, !text.isEmpty, text.count <= 64 else {
      throw SessionError(
        "A session's name needs 1 to 64 letters, digits, '-', '_', '.' or spaces, got "
          + "\(SafeText.quoted(text)).")
    }
    name = text
  }

  private func unknownSetting(_ path: String) -> SessionError {
    // What the data do not heed would only be in the way.
    let others = DataSetting.allCases.map(\.rawValue).filter { !data.heeds($0) }
      .map { DataRecipe.kind + "." + $0 }
    let known = settings.map(\.path).filter { !others.contains($0) }
    // What papers and other programs call them.
    let usual = [
      "lr": "training.learning_rate", "wd": "training.weight_decay", "bs": "data.batch_size",
    ]
    return SessionError(
      "Unknown setting \(SafeText.quoted(path))."
        + Suggestion.choice(for: usual[path] ?? path, among: known))
  }
}
