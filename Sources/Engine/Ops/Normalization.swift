import CKernels

/// What `normalizedRows` finds.
public struct NormalizedRows: Sendable {
  /// The normalised numbers, in the input's shape.
  public let output: Tensor
  /// The mean of every row, `[R]`; 0 where rows are not centred.
  public let mean: Tensor
  /// The mean square around that mean (the biased variance), `[R]`.
  public let variance: Tensor
}

extension Tensor {
  /// Normalises every run of `width` neighbouring elements by itself.
  ///
  ///     x̂ = (x − μ) r,   r = 1 / √(σ² + ε)        μ = 0 unless `centered`
  ///     dx = r (dx̂ − mean(dx̂) − x̂ mean(dx̂ ⊙ x̂))
  ///
  /// Sums are in Float64. `width` divides the number of elements; R is the number of runs.
  public func normalizedRows(
    of width: Int, epsilon: Double, centered: Bool = true
  ) -> NormalizedRows {
    precondition(width > 0 && count % width == 0, "Rows of a width fill the tensor.")
    let rows = count / width
    let result = Tensor(uninitialized: shape)
    let (mean, variance) = (Tensor.zeros([rows]), Tensor.zeros([rows]))
    let scale = Tensor(uninitialized: [rows])
    Workers.run(rows, cost: count * 8) { part in
      for row in part {
        let (from, to) = (base + row * width, result.base + row * width)
        if centered { mean.base[row] = Float(ck_sum(Kernels.isa, from, width) / Double(width)) }
        ck_affine(Kernels.isa, from, 1, -mean.base[row], to, width)
        let square = ck_sum_squares(Kernels.isa, to, width) / Double(width)
        variance.base[row] = Float(square)
        scale.base[row] = Float(1 / (square + epsilon).squareRoot())
        ck_affine(Kernels.isa, to, scale.base[row], 0, to, width)
      }
    }
    let output = Tape.record([self], to: result) { gradient in
      [result.gradientOfRows(gradient, width, scale, centered: centered)]
    }
    return NormalizedRows(output: output, mean: mean, variance: variance)
  }

  /// dx of `normalizedRows`, for the normalised rows x̂ in `self`.
  private func gradientOfRows(
    _ gradient: Tensor, _ width: Int, _ scale: Tensor, centered: Bool
  ) -> Tensor {
    let dx = Tensor(uninitialized: shape)
    Workers.run(scale.count, cost: count * 8) { part in
      for row in part {
        let at = row * width
        let (given, normal, to) = (gradient.base + at, base + at, dx.base + at)
        let r = scale.base[row]
        ck_pointwise2(Kernels.isa, CK_MULTIPLY, given, normal, to, width)
        let along = Float(ck_sum(Kernels.isa, to, width) / Double(width))
        let mean = centered ? Float(ck_sum(Kernels.isa, given, width) / Double(width)) : 0
        ck_affine(Kernels.isa, given, r, -r * mean, to, width)
        ck_add_scaled(Kernels.isa, normal, -r * along, to, width)
      }
    }
    return dx
  }

  /// y = x ⊙ w + b with one scale and one offset a channel.
  ///
  /// `self` is seen as `[N, C, inner]`, `scale` and `offset` have C elements. dw = Σ dy ⊙ x and
  /// db = Σ dy over N and inner.
  public func scaledByChannel(_ scale: Tensor, _ offset: Tensor? = nil, inner: Int) -> Tensor {
    let channels = scale.count
    precondition(count % (channels * inner) == 0, "Channels fill the tensor.")
    let result = Tensor(uninitialized: shape)
    scaleChannels(scale, offset, inner, into: result)
    let (x, w) = (detached, scale.detached)
    let (scaleShape, offsetShape) = (scale.shape, offset?.shape)
    let needs = [self, scale].map(\.needsGradient)
    let inputs = [self, scale] + (offset.map { [$0] } ?? [])
    return Tape.record(inputs, to: result) { dy in
      var dx: Tensor?
      if needs[0] {
        let gradient = Tensor(uninitialized: dy.shape)
        dy.scaleChannels(w, nil, inner, into: gradient)
        dx = gradient
      }
      let dw = needs[1] ? (dy * x).sumOfChannels(channels, inner).reshaped(scaleShape) : nil
      return [dx, dw, offsetShape.map { dy.sumOfChannels(channels, inner).reshaped($0) }]
    }
  }

  private func scaleChannels(
    _ scale: Tensor, _ offset: Tensor?, _ inner: Int, into result: Tensor
  ) {
    let channels = scale.count
    let width = inner == 1 ? channels : inner
    Workers.run(count / width, cost: count * 4) { rows in
      for row in rows {
        let (from, to) = (base + row * width, result.base + row * width)
        if inner == 1 {
          ck_pointwise2(Kernels.isa, CK_MULTIPLY, from, scale.base, to, width)
          if let offset { ck_pointwise2(Kernels.isa, CK_ADD, to, offset.base, to, width) }
        } else {
          let channel = row % channels
          ck_affine(
            Kernels.isa, from, scale.base[channel], offset?.base[channel] ?? 0, to, width)
        }
      }
    }
  }

  /// The sum over N and inner of `[N, C, inner]`: `[C]`. Has no gradient.
  func sumOfChannels(_ channels: Int, _ inner: Int) -> Tensor {
    let rows = count / (channels * inner)
    if inner == 1 {
      return Tensor(shape: [rows, channels], storage: storage).sumOfRows()
    }
    let result = Tensor(uninitialized: [channels])
    Workers.run(channels, cost: count) { part in
      for channel in part {
        let total = (0..<rows).reduce(0.0) {
          $0 + ck_sum(Kernels.isa, base + ($1 * channels + channel) * inner, inner)
        }
        result.base[channel] = Float(total)
      }
    }
    return result
  }
}
