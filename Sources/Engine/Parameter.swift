/// A named tensor that training changes.
///
/// Its numbers change in place, between steps and only by an optimiser step or `assign`; whoever
/// wants to look while training goes on looks at a `copy()` made between steps.
public final class Parameter: Sendable {
  /// The name inside its layer, such as `weight_ih_l0`.
  public let name: String
  /// The numbers.
  public let value: Tensor
  /// Whether an update moves only the rows of a table that the batch used, and what the optimiser
  /// remembers of them.
  public let isSparse: Bool

  /// A parameter with a block of its own that starts as `value`.
  public init(_ name: String, _ value: Tensor, isSparse: Bool = false) {
    self.name = name
    self.isSparse = isSparse
    let storage = Storage(value.count, packings: Packings())
    storage.base.update(from: value.base, count: value.count)
    self.value = Tensor(shape: value.shape, storage: storage)
  }

  /// The value as an operand beside `other`: a leaf of its tape, or a constant without one.
  public func beside(_ other: Tensor) -> Tensor { other.tape?.leaf(self) ?? value }

  /// Replaces the numbers by those of `other`, which has the same shape.
  public func assign(_ other: Tensor) {
    precondition(other.shape == value.shape, "A parameter keeps its shape.")
    value.base.update(from: other.base, count: value.count)
    hasChanged()
  }

  /// Moves every number into `range`, to the nearer end where it is outside.
  public func clamp(to range: ClosedRange<Float>) {
    for index in 0..<value.count {
      value.base[index] = min(max(value.base[index], range.lowerBound), range.upperBound)
    }
    hasChanged()
  }

  /// To be called whenever the numbers have changed.
  func hasChanged() { value.storage.packings?.forget() }
}
