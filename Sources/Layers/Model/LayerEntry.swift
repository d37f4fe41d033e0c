/// A layer of a model: its spec, its name, and the layers inside it.
public struct LayerEntry: Sendable, Equatable {
  /// The name in parameter and signal names; unique in the model.
  public var name: String
  /// What the user edits.
  public var spec: any LayerSpec
  /// How its parameters are trained, and those inside it.
  public var training = LayerTraining()
  /// The layers inside it, for kinds that hold layers.
  public var children: [LayerEntry]

  /// A layer called `name`, with `children` inside it.
  public init(name: String, spec: any LayerSpec, children: [LayerEntry] = []) {
    self.name = name
    self.spec = spec
    self.children = children
  }

  /// The kind of layer.
  public var kind: String { type(of: spec).kind }

  /// Whether it is of a kind that holds layers.
  public var isComposite: Bool { spec is any CompositeSpec }

  /// The levels of layers here: 1 without layers inside.
  var height: Int { 1 + (children.map(\.height).max() ?? 0) }

  /// Whether both are the same layer, whatever is inside.
  public func isSame(as other: LayerEntry) -> Bool {
    func same<S: LayerSpec>(_ spec: S) -> Bool { (other.spec as? S) == spec }
    return name == other.name && training == other.training && same(spec)
  }

  /// Whether both sides are equal, with what is inside.
  public static func == (a: LayerEntry, b: LayerEntry) -> Bool {
    a.isSame(as: b) && a.children == b.children
  }
}
