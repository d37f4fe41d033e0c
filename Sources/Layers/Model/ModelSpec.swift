import Engine
import Formats

/// A model as the user edits it: a tree of layers. Those at the top follow one another; what happens
/// to those inside another one is that one's kind.
public struct ModelSpec: Sendable, Equatable {
  /// The layers at the top, in the order data flow.
  public var layers: [LayerEntry]

  /// The most levels that a tree may have.
  public static let deepest = 16

  /// A model of these layers.
  public init(_ layers: [LayerEntry] = []) { self.layers = layers }

  /// A model of layers with these specs, named after their kinds.
  public init(_ specs: [any LayerSpec]) {
    layers = []
    for spec in specs { layers.append(LayerEntry(name: freeName(for: spec), spec: spec)) }
  }

  /// The kind of `spec`, with a number when that name is taken: `lstm`, `lstm2`.
  public func freeName(for spec: any LayerSpec) -> String {
    let kind = type(of: spec).kind
    let taken = Set(tree.map(\.entry.name))
    if !taken.contains(kind) { return kind }
    var number = 2
    while taken.contains(kind + String(number)) { number += 1 }
    return kind + String(number)
  }

  /// What one layer does to the data, as far as that can be said.
  public struct Row: Sendable, Equatable {
    /// The layer's place.
    public let path: LayerPath
    /// The layer's name.
    public let name: String
    /// What flows in; nil when an earlier layer failed.
    public let input: Signature?
    /// What flows out; nil when this or an earlier layer failed, or one inside it.
    public let output: Signature?
    /// Why this layer cannot take its input.
    public let error: ShapeError?
    /// Its own parameters, empty when the input is unknown.
    public let parameters: [ParameterShape]
    /// Whether a time step of what flows out depends on later steps of what flows in: this layer is not
    /// causal.
    public let seesLaterSteps: Bool
    /// Floats that one time step of one example keeps during a training step, roughly.
    public let activations: Int
    /// Whether it keeps them for every time step.
    let isPerStep: Bool
    /// The time steps of what flows out, or of what that is a single step of; nil when it has none.
    public let time: TimeSteps?

    /// The time steps that it keeps them of, for data with `time` steps: at least as many.
    public func steps(of time: Int) -> Int { isPerStep ? max(time, input?.time(time) ?? 0) : 1 }

    /// The number of trainable numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }
  }

  /// The shapes and parameters of every layer of the tree, each before those inside it, for data like
  /// `input` with `named` inputs besides.
  public func rows(for input: Signature, named: [String: Signature] = [:]) -> [Row] {
    flows(input, named).flatMap(\.rows)
  }

  /// What the model makes of data like `input`, or why some layer cannot.
  public func output(
    for input: Signature, named: [String: Signature] = [:]
  ) throws(ShapeError) -> Signature {
    try checkTree()
    return try Self.end(of: flows(input, named), input)
  }

  /// Every layer with what flows through it.
  func flows(_ input: Signature, _ named: [String: Signature]) -> [Flow] {
    let residuals = tree.count { $0.entry.spec is Residual.Spec }
    return Flow.series(
      layers, input, DataInputs(main: input, named: named, residuals: residuals))
  }

  /// What comes out of `flows`, or the first error among them.
  static func end(of flows: [Flow], _ input: Signature) throws(ShapeError) -> Signature {
    for row in flows.flatMap(\.rows) {
      guard let error = row.error else { continue }
      throw ShapeError("Layer \(SafeText.quoted(row.name)): \(error.description)")
    }
    return flows.last?.output ?? input
  }

  /// Throws unless there are layers, every name is there once and the tree is not too deep.
  func checkTree() throws(ShapeError) {
    guard !layers.isEmpty else {
      throw ShapeError("The model needs at least one layer, got none. Add one.")
    }
    try Self.check(height: layers.map(\.height).max() ?? 0)
    var names: Set<String> = []
    // States and parameters are kept by name: two layers would share them.
    for (_, entry) in tree where !names.insert(entry.name).inserted {
      throw ShapeError(
        "Two layers are called \(SafeText.quoted(entry.name)). Give one of them another name.")
    }
  }

  static func check(height: Int) throws(ShapeError) {
    guard height <= deepest else {
      throw ShapeError(
        "Layers may stand inside each other \(deepest) deep, got \(height). Use fewer levels.")
    }
  }
}
