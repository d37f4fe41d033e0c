import CKernels

extension Tensor {
  /// The identity matrix, `[size, size]`.
  public static func identity(_ size: Int) -> Tensor {
    let result = Tensor.zeros([size, size])
    for index in 0..<size { result.base[index * size + index] = 1 }
    return result
  }

  /// A square orthogonal matrix, `[size, size]`, drawn uniformly (by Haar's measure).
  public static func orthogonal(_ size: Int, using random: inout Random) -> Tensor {
    orthogonal([size, size], using: &random)
  }

  /// A matrix `[N, M]` with orthonormal rows, or columns where there are more rows, drawn uniformly.
  ///
  /// Along the longer side it is Q of the QR factors of a Gaussian matrix. Q is unique, and uniform,
  /// only with the diagonal of R positive; Gram and Schmidt's method gives it so, and is done twice
  /// for each row in Float64 for orthogonality to the last digit.
  /// Source: Mezzadri 2007, arXiv:math-ph/0609050; Saxe et al. 2014, arXiv:1312.6120.
  public static func orthogonal(_ shape: Shape, using random: inout Random) -> Tensor {
    precondition(shape.rank == 2, "A matrix has two axes.")
    let (count, size) = (min(shape[0], shape[1]), max(shape[0], shape[1]))
    var rows = (0..<count).map { _ in (0..<size).map { _ in Double(random.normal()) } }
    for index in 0..<count {
      for _ in 0..<2 {
        for earlier in 0..<index {
          let along = dot(rows[index], rows[earlier])
          for column in 0..<size { rows[index][column] -= along * rows[earlier][column] }
        }
      }
      let norm = dot(rows[index], rows[index]).squareRoot()
      for column in 0..<size { rows[index][column] /= norm }
    }
    let values =
      shape[0] <= shape[1]
      ? rows.joined().map { Float($0) }
      : (0..<shape.count).map { Float(rows[$0 % count][$0 / count]) }
    return Tensor(values, shape)
  }

  /// 0 with probability `rate`, in [0, 1], and 1 otherwise, as a constant.
  ///
  /// The numbers depend on the random stream only, so a mask can be replayed.
  public static func mask(dropping rate: Float, _ shape: Shape, _ random: Random) -> Tensor {
    precondition(rate >= 0 && rate <= 1, "A rate is in [0, 1].")
    guard rate > 0 && rate < 1 else { return .filled(with: rate == 0 ? 1 : 0, shape) }
    let mask = Tensor(uninitialized: shape)
    pointwise(shape.count, cost: 16) { at, n in
      ck_dropout_mask(Kernels.isa, random.seed, random.stream, rate, at, at + n, mask.base + at)
      for index in at..<at + n where mask.base[index] != 0 { mask.base[index] = 1 }
    }
    return mask
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
