/// Which sides of a matrix product are read transposed.
public enum ProductOrder: String, CaseIterable, Sendable {
  /// A B: `a` is `[M, K]`, `b` `[K, N]`. Gradients of what a linear layer reads.
  case nn
  /// A Bᵀ: `a` is `[M, K]`, `b` `[N, K]`. A linear layer.
  case nt
  /// Aᵀ B: `a` is `[K, M]`, `b` `[K, N]`. Gradients of a linear layer's weights.
  case tn
}

extension Tensor {
  /// The matrix product `[M, N]` of two tensors of two axes, as `order` reads them. It has no gradient.
  public func product(_ other: Tensor, _ order: ProductOrder = .nn) -> Tensor {
    precondition(shape.rank == 2 && other.shape.rank == 2, "A product needs two matrices.")
    var (a, b) = (Matrix(self, shape[0], shape[1]), Matrix(other, other.shape[0], other.shape[1]))
    if order == .tn { a = a.transposed }
    if order == .nt { b = b.transposed }
    let result = Tensor(uninitialized: [a.rows, b.columns])
    a.times(b, into: result)
    return result
  }
}
