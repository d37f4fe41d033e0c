/// What a safetensors file holds: named arrays and text about them.
public struct TensorFile: Equatable, Sendable {
  /// The arrays; names are different.
  public private(set) var tensors: [NumericArray] = []

  /// Text by key, such as `step` or `config`; checksums are not kept here.
  public var metadata: [String: String]

  private var index: [String: Int] = [:]

  /// A file without arrays.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// A file of `tensors`, whose names must be different.
  public init(_ tensors: [NumericArray], metadata: [String: String] = [:]) {
    self.metadata = metadata
    for tensor in tensors { add(tensor) }
  }

  /// Adds `tensor`, whose name must be new.
  public mutating func add(_ tensor: NumericArray) {
    let old = index.updateValue(tensors.count, forKey: tensor.name)
    precondition(old == nil, "tensor '\(tensor.name)' is in the file already")
    tensors.append(tensor)
  }

  /// The array named `name`, if there is one.
  public subscript(name: String) -> NumericArray? { index[name].map { tensors[$0] } }

  /// The array named `name`, which must have `shape`; `owner` says who needs it.
  public func tensor(
    _ name: String, shape: [Int], for owner: String
  ) throws(FormatError) -> NumericArray {
    guard let tensor = self[name] else {
      throw .badData(
        "\(owner) needs tensor \(SafeText.quoted(name)), got none."
          + Suggestion.sentence(for: name, among: tensors.map(\.name)))
    }
    guard tensor.shape == shape else {
      throw .badData(
        "\(owner) needs tensor \(SafeText.quoted(name)) with shape \(shape), got \(tensor.shape).")
    }
    return tensor
  }
}
