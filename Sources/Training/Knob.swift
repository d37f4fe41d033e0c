import Layers

/// A setting of the recipe that changes while a run goes on, without resetting anything.
public struct Knob: Sendable, Hashable {
  /// The setting's name: `learning_rate`.
  public let name: String
  /// Its new value.
  public let value: FieldValue

  /// The settings that are knobs.
  public static let names = [
    "learning_rate", "clip_norm", "steps", "validate_every", "checkpoint_every", "patience",
    "min_delta",
  ]

  /// The setting called `name` at `value`.
  init(_ name: String, _ value: FieldValue) {
    self.name = name
    self.value = value
  }

  /// The setting called `name` at what `text` says; nil when it is no knob or does not take that.
  init?(_ name: String, parsing text: String) {
    guard Self.names.contains(name),
      let value = TrainingRecipe().setting(name)?.domain.parse(text)
    else { return nil }
    self.init(name, value)
  }

  /// The learning rate; above 0.
  public static func learningRate(_ rate: Double) -> Knob { Knob("learning_rate", .decimal(rate)) }
  /// The limit of clipping; 0 switches clipping off.
  public static func clipNorm(_ limit: Double) -> Knob { Knob("clip_norm", .decimal(limit)) }
  /// Training steps in all.
  public static func steps(_ count: Int) -> Knob { Knob("steps", .integer(count)) }

  /// Training steps in all, if the knob sets them.
  public var totalSteps: Int? {
    if name == "steps", case .integer(let count) = value { count } else { nil }
  }
}

extension TrainingRecipe {
  /// Every knob as it stands.
  public var knobs: [Knob] {
    settings.filter { Knob.names.contains($0.name) }.map { Knob($0.name, $0.value) }
  }

  /// The knobs that stand differently than those of `other`.
  public func knobs(changedFrom other: TrainingRecipe) -> [Knob] {
    zip(knobs, other.knobs).filter { $0 != $1 }.map(\.0)
  }

  /// Sets what `knob` is about, or says why not.
  public mutating func turn(_ knob: Knob) throws(ShapeError) {
    try set(knob.name, to: knob.value)
  }

  /// This recipe with the knobs of `other`.
  public func with(knobsOf other: TrainingRecipe) -> TrainingRecipe {
    var recipe = self
    recipe.copy(Knob.names, from: other)
    return recipe
  }
}
