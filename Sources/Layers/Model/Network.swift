import Engine

/// A tree of layers with their weights.
public struct Network: Sendable {
  /// One layer of a network.
  public struct Element: Sendable {
    /// The name in parameter and signal names.
    public let name: String
    /// The layer.
    public let layer: any Layer
    /// Its number in the tree, which keys its random numbers.
    let position: Int
    /// Whether it puts out sequences, or single steps of them.
    let isSequence: Bool

    /// Itself and all layers inside it.
    var tree: [Element] { [self] + layer.children.flatMap(\.tree) }

    /// Runs the layer as the one that the pass is at.
    func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
      let around = (pass.layer, pass.position, pass.isSequence)
      (pass.layer, pass.position, pass.isSequence) = (name, position, isSequence)
      let outside = pass.profile?.enter(Profile.Part(.forward, name))
      let made = layer(input, &pass)
      let output = pass.silenced.contains(name) ? made.silent : made
      if let outside { pass.profile?.enter(outside) }
      (pass.layer, pass.position, pass.isSequence) = around
      pass.keep(output, of: self)
      return output
    }
  }

  /// What it was made of.
  public let model: ModelSpec
  /// Every layer of the tree, each before those inside it.
  public let elements: [Element]
  /// What flows in.
  public let input: Signature
  /// What may be read besides, by name: what a pass must hold.
  public let namedInputs: [String: Signature]
  /// What flows out.
  public let output: Signature
  /// The layers at the top, in the order data flow.
  private let layers: [Element]

  /// The layers of `model` for data like `input` and the inputs `named` besides, with weights drawn
  /// from `seed`.
  ///
  /// Every layer has a random stream of its own, so editing one leaves the others' weights alone.
  public init(
    _ model: ModelSpec, input: Signature, named: [String: Signature] = [:], seed: UInt64
  ) throws(ShapeError) {
    try model.checkTree()
    let flows = model.flows(input, named)
    output = try ModelSpec.end(of: flows, input)
    self.input = input
    self.model = model
    var builder = NetworkBuilder(seed: seed)
    layers = flows.compactMap { $0.element(&builder) }
    elements = layers.flatMap(\.tree)
    let read = Set(elements.compactMap { ($0.layer as? NamedInput)?.source })
    namedInputs = named.filter { read.contains($0.key) && $0.key != NamedInput.main }
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
    pass.mainInput = input
    pass.lengthsOfInput = pass.lengths
    defer { pass.mainInput = nil }
    return layers.run(input, &pass)
  }

  /// A copy of every weight and buffer as it is now, by full name, in the order they are saved.
  public func snapshot() -> [(name: String, value: Tensor)] {
    saved.map { ($0.name, $0.parameter.value.copy()) }
  }
}

extension Tensor {
  /// Zeros in its place, on the same tape.
  fileprivate var silent: Tensor {
    let zeros = Tensor.zeros(shape)
    return tape?.constant(zeros) ?? zeros
  }
}
