import CKernels

extension Tensor {
  /// Zeroes each element with probability `rate` and scales the others by 1 / (1 − rate).
  ///
  /// `rate` is in [0, 1). The mask depends on the random stream only, so it can be replayed.
  public func dropout(_ rate: Float, _ random: Random) -> Tensor {
    precondition(rate >= 0 && rate < 1, "A dropout rate is in [0, 1).")
    if rate == 0 { return self }
    let mask = Tensor(uninitialized: shape)
    Tensor.pointwise(count, cost: 16) { at, n in
      ck_dropout_mask(Kernels.isa, random.seed, random.stream, rate, at, at + n, mask.base + at)
    }
    return self * mask
  }
}
