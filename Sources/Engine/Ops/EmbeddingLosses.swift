/// Losses that place what belongs together close, and the rest apart.
extension Tensor {
  /// The mean contrastive loss of distances between pairs.
  ///
  ///     ℓ = ½ [y d² + (1 − y) max(0, m − d)²]        L = Σ w ℓ / Σ w
  ///
  /// `self` is the distances d `[M]`, as of `distances(to:)`; `similar` is y, 1 for a pair that belongs
  /// together (some libraries mean the opposite); m is the margin, above 0; `weights` are M numbers
  /// (nil: all 1).
  /// Source: Hadsell, Chopra and LeCun 2006, "Dimensionality reduction by learning an invariant
  /// mapping".
  public func contrastiveLoss(
    similar: [Float], margin: Float, weights: [Float]? = nil
  ) -> Tensor {
    precondition(shape == [similar.count], "Every pair has a distance and a flag.")
    let y = Tensor(similar, shape)
    let room = relu(margin - self)
    return (y * self * self + (1 - y) * room * room).mean(weights) * 0.5
  }

  /// The mean triplet loss of points, with Euclidean distances.
  ///
  ///     ℓ = max(0, ‖a − p‖ − ‖a − n‖ + m)        L = Σ w ℓ / Σ w
  ///
  /// `self` is the anchors a, `positive` p what belongs to each, `negative` n what does not, `[M, D]`
  /// each; m is the margin, above 0; `weights` are M numbers (nil: all 1).
  /// Source: Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832, there with squares.
  public func tripletLoss(
    positive: Tensor, negative: Tensor, margin: Float, weights: [Float]? = nil
  ) -> Tensor {
    relu(distances(to: positive) - distances(to: negative) + margin).mean(weights)
  }

  /// The mean InfoNCE loss of a batch: every row finds its own among the others' partners.
  ///
  ///     ℓ_m = −log softmax(s_m / τ)_m,   s_mn = cos(a_m, k_n)        L = Σ w ℓ / Σ w
  ///
  /// `self` is a, `keys` k, `[M, D]` both; row m belongs to key m. τ is the temperature, above 0;
  /// `weights` are M numbers (nil: all 1).
  /// Source: van den Oord, Li and Vinyals 2018, arXiv:1807.03748.
  public func infoNCELoss(keys: Tensor, temperature: Float, weights: [Float]? = nil) -> Tensor {
    precondition(shape == keys.shape, "Every row has a key.")
    let similarities = unitRows().linear(keys.unitRows()) * (1 / temperature)
    return similarities.softmaxCrossEntropy(
      (0..<Int32(shape.rows)).map { $0 }, weights: weights
    ).loss
  }

  /// Σ w x / Σ w over `[M]`.
  private func mean(_ weights: [Float]?) -> Tensor {
    (self * Tensor(Tensor.shares(weights, rows: count), shape)).sum()
  }
}
