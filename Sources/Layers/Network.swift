import Engine

/// Layers with their weights, one after another.
public struct Network: Sendable {
  /// One layer of a network.
  public struct Element: Sendable {
    /// The name in parameter and signal names.
    public let name: String
    /// The layer.
    public let layer: any Layer
  }

  /// The layers, in the order data flows.
  public let elements: [Element]
  /// What flows in.
  public let input: Signature
  /// What flows out.
  public let output: Signature

  /// The layers of `model` for data like `input`, with weights drawn from `seed`.
  ///
  /// Every layer has a random stream of its own, so editing one leaves the others' weights alone.
  public init(_ model: ModelSpec, input: Signature, seed: UInt64) throws(ShapeError) {
    self.input = input
    output = try model.output(for: input)
    var flowing = input
    var elements: [Element] = []
    for (position, entry) in model.layers.enumerated() {
      var random = Random.stream(.initialization, position, seed: seed)
      let layer = entry.spec.makeLayer(for: flowing, using: &random)
      elements.append(Element(name: entry.name, layer: layer))
      flowing = try entry.spec.output(for: flowing)
    }
    self.elements = elements
  }

  /// Every trainable parameter with its full name, `layer.parameter`, in the order they are saved.
  public var parameters: [(name: String, parameter: Parameter)] {
    elements.flatMap { element in
      element.layer.parameters.map { ("\(element.name).\($0.name)", $0) }
    }
  }

  /// Everything that is saved, with its full name: of every layer the parameters, then the buffers.
  public var saved: [(name: String, parameter: Parameter)] {
    elements.flatMap { element in
      (element.layer.parameters + element.layer.buffers).map { ("\(element.name).\($0.name)", $0) }
    }
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }

  /// Maps a batch through every layer.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    var flowing = input
    for (position, element) in elements.enumerated() {
      pass.layer = element.name
      pass.position = position
      flowing = element.layer(flowing, &pass)
      if pass.recordsOutputs { pass.outputs.append((element.name, flowing.detached)) }
    }
    return flowing
  }

  /// A copy of every weight and buffer as it is now, by full name, in the order they are saved.
  public func snapshot() -> [(name: String, value: Tensor)] {
    saved.map { ($0.name, $0.parameter.value.copy()) }
  }
}
