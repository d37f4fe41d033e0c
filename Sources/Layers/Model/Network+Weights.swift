import Engine
import Formats

extension Network {
  /// The layers of `model` for data like `input`, with weights by full name, `layer.parameter`.
  ///
  /// Throws when a layer cannot take its input, or when the weights are not exactly the model's.
  public init(
    _ model: ModelSpec, input: Signature, named: [String: Signature] = [:],
    weights: [(name: String, value: Tensor)]
  ) throws(ShapeError) {
    try self.init(model, input: input, named: named, seed: 0)
    try load(weights)
  }

  /// Replaces every weight and buffer by the one of the same full name, in any order.
  ///
  /// Throws, and changes nothing, unless `weights` are exactly the model's, each of its shape.
  public func load(_ weights: [(name: String, value: Tensor)]) throws(ShapeError) {
    var given: [String: Tensor] = [:]
    for (name, value) in weights {
      guard given.updateValue(value, forKey: name) == nil else {
        throw ShapeError(
          "Weights need each name once, got \(SafeText.quoted(name)) twice. \(Self.cure)")
      }
    }
    let wanted = saved
    var found: [(parameter: Parameter, value: Tensor)] = []
    for (name, parameter) in wanted {
      let shape = parameter.value.shape
      guard let value = given.removeValue(forKey: name) else {
        throw ShapeError("Weights need '\(name)' of shape \(shape), got none. \(Self.cure)")
      }
      guard value.shape == shape else {
        throw ShapeError(
          "Weights need '\(name)' of shape \(shape), got \(value.shape). \(Self.cure)")
      }
      found.append((parameter, value))
    }
    if let name = given.keys.min() {
      throw ShapeError(
        "The model has no weights \(SafeText.quoted(name)), got some. \(Self.cure)")
    }
    for (parameter, value) in found { parameter.assign(value) }
  }

  private static let cure = "Use the session that they were trained with."
}
