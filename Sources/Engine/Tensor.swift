/// An array of Float32 numbers: contiguous, row-major, with a shape.
///
/// A tensor is a value: operations make new ones. Where an input stands on a `Tape`, so does the
/// result, and the tape can say later how a loss depends on it.
public struct Tensor: Sendable {
  /// The sizes of the axes.
  public let shape: Shape
  /// Where operations on this tensor are recorded; nil when nobody asks for gradients.
  public let tape: Tape?

  let storage: Storage
  /// Where this tensor's gradient is gathered on the tape; nil for a constant.
  let slot: Int?

  init(shape: Shape, storage: Storage, tape: Tape? = nil, slot: Int? = nil) {
    self.shape = shape
    self.storage = storage
    self.tape = tape
    self.slot = slot
  }

  /// A tensor with arbitrary contents, for an operation to fill.
  init(uninitialized shape: Shape) { self.init(shape: shape, storage: Storage(shape.count)) }

  /// A tensor of `shape` holding `scalars` in row-major order.
  public init(_ scalars: [Float], _ shape: Shape) {
    precondition(scalars.count == shape.count, "A tensor needs as many scalars as its shape has.")
    self.init(uninitialized: shape)
    scalars.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { base.update(from: first, count: source.count) }
    }
  }

  /// A tensor without axes.
  public init(scalar: Float) { self.init([scalar], []) }

  /// A tensor filled with one value.
  public static func filled(with value: Float, _ shape: Shape) -> Tensor {
    let result = Tensor(uninitialized: shape)
    result.base.update(repeating: value, count: shape.count)
    return result
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { filled(with: 0, shape) }

  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { filled(with: 1, shape) }

  /// The number of elements.
  public var count: Int { shape.count }

  /// A copy of the elements in row-major order.
  public var scalars: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The only element of a one-element tensor.
  public var scalar: Float {
    precondition(count == 1, "Only a tensor of one element is a scalar.")
    return base[0]
  }

  /// One element, by its position in row-major order.
  public subscript(flat index: Int) -> Float {
    precondition(index >= 0 && index < count, "The index is outside the tensor.")
    return base[index]
  }

  /// One element, by its index on every axis.
  public subscript(indices: Int...) -> Float {
    precondition(indices.count == shape.rank, "An element has one index an axis.")
    var flat = 0
    for (index, size) in zip(indices, shape.dimensions) {
      precondition(index >= 0 && index < size, "The index is outside the tensor.")
      flat = flat * size + index
    }
    return base[flat]
  }

  /// The same numbers as a constant that no tape knows.
  public var detached: Tensor { Tensor(shape: shape, storage: storage) }

  /// The same numbers in a block of their own, as a constant.
  public func copy() -> Tensor {
    let result = Tensor(uninitialized: shape)
    result.base.update(from: base, count: count)
    return result
  }

  /// Whether a gradient can flow to this tensor.
  var needsGradient: Bool { slot != nil }

  /// The first element, for calls into the kernels.
  var base: UnsafeMutablePointer<Float> { storage.base }
}
