import Data
import Formats
import Layers
import Training

/// Session files: one readable JSON document.
///
///     {
///       "format": 1,
///       "name": "char-lstm",
///       "seed": 1,
///       "data": {"set": "shakespeare", "batch_size": 32, "sequence_length": 64},
///       "model": [{"layer": "lstm", "name": "lstm", "hidden_size": 128}, …],
///       "training": {"optimizer": "adam", "learning_rate": 0.004, …}
///     }
///
/// A layer that holds others has them under "layers", in the same form.
///
/// What is left out has its default, but the model is not. What is unknown or of the wrong type is
/// an error, so that no typing mistake passes for a default. A seed too large for a JSON reader's
/// whole numbers, above 2⁶³ − 1, is written as text.
extension Document {
  /// The newest version of the file format.
  public static let format = 1

  /// The document as a session file.
  public var json: JSON {
    [
      "format": .integer(Document.format),
      "name": .string(name),
      "seed": seedJSON,
      "data": JSON(
        data.settings(unlessAs: DataRecipe(source: data.source)).map { ($0.name, $0.value.json) }),
      "model": .array(model.layers.map(\.json)),
      "training": JSON(
        training.settings(unlessAs: TrainingRecipe()).map { ($0.name, $0.value.json) }),
    ]
  }

  /// The seed in JSON: a whole number, or text when it is too large for one.
  public var seedJSON: JSON { Int(exactly: seed).map(JSON.integer) ?? .string(String(seed)) }

  /// Reads a session from JSON, or says what is wrong and where.
  public init(_ json: JSON) throws(SessionError) {
    self.init(
      name: "untitled", data: DataRecipe(source: .bundled("shakespeare")), model: ModelSpec())
    do {
      try read(json.root)
    } catch {
      throw SessionError(error)
    }
  }

  private mutating func read(_ root: JSONField) throws {
    _ = try root.members()
    let format = try root["format"].integer()
    guard format == Document.format else {
      throw SessionError(
        "This program reads session format \(Document.format), got \(format). Use a newer unroll.")
    }
    try root.allowOnly(["format", "name", "seed", "data", "model", "training"])
    if let name = root["name"].ifPresent { try set("name", to: name.string()) }
    if let seed = root["seed"].ifPresent {
      try set("seed", to: seed.json?.string ?? String(seed.integer()))
    }
    let known = Dictionary(uniqueKeysWithValues: settings.map { ($0.path, $0.value) })
    for part in [DataRecipe.kind, TrainingRecipe.kind] where root[part].exists {
      for (key, field) in try root[part].members() {
        let path = "\(part).\(key)"
        try set(path, to: field.text(like: known[path]))
      }
    }
    for (position, layer) in try root["model"].elements().enumerated() {
      try addLayer(layer, at: LayerPath(position))
    }
  }

  /// Adds the layer that `field` holds, and those inside it.
  private mutating func addLayer(_ field: JSONField, at path: LayerPath) throws {
    let kind = try field["layer"].string()
    let spec = try LayerRegistry.spec(of: kind)
    let inside = spec is any CompositeSpec ? field["layers"].ifPresent : nil
    let others = ["layer", "name"] + (spec is any CompositeSpec ? ["layers"] : [])
    let settings = try field.members().filter { !others.contains($0.key) }
    let fresh = LayerEntry(name: kind, spec: spec)
    let known = Dictionary(uniqueKeysWithValues: fresh.settings.map { ($0.name, $0.value) })
    try apply(
      .add(
        kind: kind, at: path,
        settings: settings.map { .init($0.key, try $0.field.text(like: known[$0.key])) }))
    if let name = field["name"].ifPresent { try apply(.rename(at: path, to: name.string())) }
    for (position, layer) in try inside?.elements().enumerated() ?? [].enumerated() {
      try addLayer(layer, at: LayerPath(position, inside: path))
    }
  }
}

extension LayerEntry {
  /// The layer in a session file, with those inside it.
  fileprivate var json: JSON {
    JSON(
      [("layer", .string(kind)), ("name", .string(name))]
        + savedSettings.map { ($0.name, $0.value.json) }
        + (isComposite ? [("layers", .array(children.map(\.json)))] : []))
  }
}

extension JSONField {
  /// The value as the text that a user would type; it must be of the same type as `known`, the
  /// setting's value so far. Nil: a setting that nobody knows, which is for others to say.
  fileprivate func text(like known: FieldValue?) throws(FormatError) -> String {
    switch known {
    case .integer, .sizes:
      if let sizes = json?.string.flatMap({ AxisSizes($0) }), sizes.common == nil {
        sizes.description
      } else {
        String(try integer())
      }
    case .decimal, .automatic:
      json?.string == FieldValue.automatic.description
        ? FieldValue.automatic.description : String(try double())
    case .flag: try bool() ? "true" : "false"
    case .choice: if let number = json?.integer { String(number) } else { try string() }
    case .text: try string()
    case nil: ""
    }
  }
}

extension FieldValue {
  /// The value in a session file.
  var json: JSON {
    switch self {
    case .integer(let value): .integer(value)
    case .decimal(let value): .number(value)
    case .flag(let value): .bool(value)
    case .sizes, .choice, .text, .automatic: .string(description)
    }
  }
}
