/// How the parameters of a layer are trained: a group of parameters, as PyTorch's optimisers take them.
///
/// What is set at a layer that holds others goes for those inside, too: rates are multiplied, the nearest
/// weight decay counts, and what is inside something frozen is frozen.
public struct LayerTraining: Configurable {
  /// What messages call it.
  public static let kind = "A layer"
  /// What can be set.
  public static let fields: [Field<LayerTraining>] = Field.optional([
    .decimal("lr_scale", \.rateScale, in: 0...1000, "factor on the learning rate, here alone"),
    .automatic("weight_decay", \.weightDecay, in: 0...10, "pull towards zero, here alone"),
    .flag("frozen", \.isFrozen, "whether training leaves the weights as they are"),
  ])

  /// Factor on the learning rate; 0 or more.
  public var rateScale = 1.0
  /// Weight decay λ; nil: that of the training, or of the layer around.
  public var weightDecay: Double?
  /// Whether neither gradients nor weight decay move the weights. Gradients are still there to be looked at,
  /// but do not count in the norm that is clipped; running statistics go on, as in PyTorch.
  public var isFrozen = false

  /// As the training says.
  public init() {}

  /// Nothing else matters to what is frozen.
  public func heeds(_ name: String) -> Bool { name == "frozen" || !isFrozen }

  /// What this comes to inside a layer that is trained as `outer` says.
  func inside(_ outer: LayerTraining) -> LayerTraining {
    var training = self
    training.rateScale *= outer.rateScale
    training.weightDecay = weightDecay ?? outer.weightDecay
    training.isFrozen = isFrozen || outer.isFrozen
    return training
  }
}

extension LayerEntry {
  /// Every setting by name: those of its kind, then how it is trained.
  public var settings: [(name: String, value: FieldValue)] {
    spec.settings + (mayBeTrained ? training.settings : [])
  }

  /// Whether it has parameters, or layers inside that may have.
  public var mayBeTrained: Bool { !(spec is any UntrainedSpec) }

  /// The settings that a file names, in their order.
  public var savedSettings: [(name: String, value: FieldValue)] {
    spec.savedSettings + training.settings(unlessAs: LayerTraining())
  }

  /// Changes one setting, of its kind or of how it is trained, or says why not.
  public mutating func set(_ name: String, text: String) throws(ShapeError) {
    if mayBeTrained, training.setting(name) != nil {
      try training.set(name, text: text)
    } else if mayBeTrained, spec.setting(name) == nil {
      throw spec.unknownSetting(name, besides: LayerTraining.fields.map(\.name))
    } else {
      try spec.set(name, text: text)
    }
  }
}

extension ModelSpec {
  /// How every layer is trained, with what goes for the layers around it, by name.
  public var trainings: [String: LayerTraining] {
    var found: [String: LayerTraining] = [:]
    func add(_ layers: [LayerEntry], inside outer: LayerTraining) {
      for entry in layers {
        let training = entry.training.inside(outer)
        found[entry.name] = training
        add(entry.children, inside: training)
      }
    }
    add(layers, inside: LayerTraining())
    return found
  }

  /// The parameters in `rows` of this model that training leaves as they are.
  public func frozenCount(in rows: [Row]) -> Int {
    let trainings = trainings
    return rows.reduce(0) {
      $0 + (trainings[$1.name]?.isFrozen == true ? $1.parameterCount : 0)
    }
  }
}
