/// A loss of one number against the one that was wanted, with d = y − t.
public enum PointwiseLoss: Sendable, Hashable {
  /// d².
  case squared
  /// |d|; the gradient at 0 is 0.
  case absolute
  /// d² / 2 for |d| ≤ δ, beyond it δ (|d| − δ / 2).
  case huber(delta: Float)
  /// −t log σ(y) − (1 − t) log(1 − σ(y)) = log(1 + eʸ) − t y, for t from 0 to 1.
  case logistic
}

extension Tensor {
  /// The mean of a loss over rows and columns, rows weighted.
  ///
  ///     L = Σ_m w_m (1/K) Σ_k ℓ(y_mk, t_mk) / Σ_m w_m
  ///
  /// `self` is y `[…, K]` with M rows, `targets` t `[M, K]`, `weights` M numbers (nil: all 1). With no
  /// weight at all the loss is 0.
  public func mean(_ loss: PointwiseLoss, of targets: Tensor, weights: [Float]? = nil) -> Tensor {
    let (rows, columns) = (shape.rows, shape.last)
    precondition(targets.shape == [rows, columns], "Every row has its targets.")
    let shares = Tensor.shares(weights, rows: rows)
    let scale = Tensor(
      shares.flatMap { repeatElement($0 / Float(columns), count: columns) }, [rows, columns])
    return (reshaped([rows, columns]).losses(loss, targets) * scale).sum()
  }

  private func losses(_ loss: PointwiseLoss, _ t: Tensor) -> Tensor {
    switch loss {
    case .squared:
      let d = self - t
      return d * d
    case .absolute:
      let d = self - t
      return relu(d) + relu(-d)
    case .huber(let delta):
      let d = self - t
      let near = (d * (1 / delta)).applying(.hardTanh) * delta  // d between −δ and δ
      return near * (d - near * 0.5)
    case .logistic: return applying(.softplus) - self * t
    }
  }
}
