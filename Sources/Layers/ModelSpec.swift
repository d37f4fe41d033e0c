import Engine
import Formats

/// A layer of a model: its spec and its name.
public struct LayerEntry: Sendable, Equatable {
  /// The name in parameter and signal names; unique in the model.
  public var name: String
  /// What the user edits.
  public var spec: any LayerSpec

  /// A layer called `name`.
  public init(name: String, spec: any LayerSpec) {
    self.name = name
    self.spec = spec
  }

  /// The kind of layer.
  public var kind: String { type(of: spec).kind }

  /// Whether both sides are equal.
  public static func == (a: LayerEntry, b: LayerEntry) -> Bool {
    func same<S: LayerSpec>(_ x: S) -> Bool { (b.spec as? S) == x }
    return a.name == b.name && same(a.spec)
  }
}

/// A model as the user edits it: layers one after another.
public struct ModelSpec: Sendable, Equatable {
  /// The layers, in the order data flows.
  public var layers: [LayerEntry]

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
    let taken = Set(layers.map(\.name))
    if !taken.contains(kind) { return kind }
    var number = 2
    while taken.contains(kind + String(number)) { number += 1 }
    return kind + String(number)
  }

  /// What one layer does to the data, as far as that can be said.
  public struct Row: Sendable, Equatable {
    /// The layer's name.
    public let name: String
    /// What flows in; nil when an earlier layer failed.
    public let input: Signature?
    /// What flows out; nil when this or an earlier layer failed.
    public let output: Signature?
    /// Why this layer cannot take its input.
    public let error: ShapeError?
    /// The parameters, empty when the input is unknown.
    public let parameters: [ParameterShape]
    /// Floats that one time step of one example keeps during a training step, roughly.
    public let activations: Int

    /// The number of trainable numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }
  }

  /// Every layer's shapes and parameters for data like `input`.
  public func rows(for input: Signature) -> [Row] {
    var flowing: Signature? = input
    return layers.map { entry in
      guard let input = flowing else {
        return Row(
          name: entry.name, input: nil, output: nil, error: nil, parameters: [], activations: 0)
      }
      do throws(ShapeError) {
        let output = try entry.spec.output(for: input)
        flowing = output
        return Row(
          name: entry.name, input: input, output: output, error: nil,
          parameters: entry.spec.parameterShapes(for: input),
          activations: entry.spec.activations(for: input))
      } catch {
        flowing = nil
        return Row(
          name: entry.name, input: input, output: nil, error: error, parameters: [],
          activations: 0)
      }
    }
  }

  /// What the model makes of data like `input`, or why some layer cannot.
  public func output(for input: Signature) throws(ShapeError) -> Signature {
    guard !layers.isEmpty else {
      throw ShapeError("The model needs at least one layer, got none. Add one.")
    }
    var flowing = input
    var names: Set<String> = []
    for entry in layers {
      let name = SafeText.quoted(entry.name)
      // States and parameters are kept by name: two layers would share them.
      guard names.insert(entry.name).inserted else {
        throw ShapeError("Two layers are called \(name). Give one of them another name.")
      }
      do {
        flowing = try entry.spec.output(for: flowing)
      } catch {
        throw ShapeError("Layer \(name): \(error.description)")
      }
    }
    return flowing
  }
}
