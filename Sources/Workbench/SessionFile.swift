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
/// What is left out has its default. What is unknown is an error, so that no typing mistake passes
/// for a default.
extension Document {
  /// The newest version of the file format.
  public static let format = 1

  /// The document as a session file.
  public var json: JSON {
    [
      "format": .integer(Document.format),
      "name": .string(name),
      "seed": .integer(Int(clamping: seed)),
      "data": JSON(data.settings.map { ($0.name, $0.value.json) }),
      "model": .array(
        model.layers.map { layer in
          JSON(
            [("layer", .string(layer.kind)), ("name", .string(layer.name))]
              + layer.spec.settings.map { ($0.name, $0.value.json) })
        }),
      "training": JSON(training.settings.map { ($0.name, $0.value.json) }),
    ]
  }

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
    try root.allowOnly(["format", "name", "seed", "data", "model", "training"])
    let format = try root["format"].integer()
    guard format == Document.format else {
      throw SessionError(
        "This program reads session format \(Document.format), got \(format). Use a newer unroll.")
    }
    if let name = root["name"].ifPresent { try set("name", to: name.string()) }
    if let seed = root["seed"].ifPresent { try set("seed", to: String(seed.integer())) }
    for part in [DataRecipe.kind, TrainingRecipe.kind] where root[part].exists {
      for (key, field) in try root[part].members() {
        try set("\(part).\(key)", to: field.plainText())
      }
    }
    for (position, layer) in try root["model"].elements().enumerated() {
      try addLayer(layer, position)
    }
  }

  private mutating func addLayer(_ layer: JSONField, _ position: Int) throws {
    let settings = try layer.members().filter { $0.key != "layer" && $0.key != "name" }
    try apply(
      .add(
        kind: layer["layer"].string(), at: nil,
        settings: settings.map { .init($0.key, try $0.field.plainText()) }))
    if let name = layer["name"].ifPresent {
      try apply(.rename(at: position, to: name.string()))
    }
  }
}

extension JSONField {
  /// A plain value as the text that a user would type.
  fileprivate func plainText() throws(FormatError) -> String {
    switch json {
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .bool(let flag): return flag ? "true" : "false"
    case .null, .array, .object, nil: throw error(needs: "one plain value")
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
    case .choice(let value), .text(let value): .string(value)
    }
  }
}
