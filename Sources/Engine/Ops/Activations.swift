import CKernels

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ); dσ = σ (1 − σ).
public func sigmoid(_ x: Tensor) -> Tensor { x.activated(CK_SIGMOID) }

/// The hyperbolic tangent; dtanh = 1 − tanh².
public func tanh(_ x: Tensor) -> Tensor { x.activated(CK_TANH_OF) }

/// max(0, x); the gradient at 0 is 0.
public func relu(_ x: Tensor) -> Tensor { x.activated(CK_RELU_OF) }

extension Tensor {
  /// The softmax over the last axis: y = eˣ / Σ eˣ; dx = y ⊙ (dy − Σ dy ⊙ y).
  public func softmax() -> Tensor {
    let result = Tensor(uninitialized: shape)
    let columns = shape.last
    Workers.run(shape.rows, cost: count * 16) { rows in
      ck_softmax(Kernels.isa, base, columns, rows.lowerBound, rows.upperBound, result.base)
    }
    return Tape.record([self], to: result) { dy in
      let weighted = dy * result
      let dx = Tensor(uninitialized: dy.shape)
      Workers.run(dy.shape.rows, cost: dy.count * 8) { rows in
        for at in rows.map({ $0 * columns }) {
          let share = Float(ck_sum(Kernels.isa, weighted.base + at, columns))
          ck_affine(Kernels.isa, dy.base + at, 1, -share, dx.base + at, columns)
        }
      }
      return [dx * result]
    }
  }

  /// y = f(x) for a function whose derivative follows from y.
  fileprivate func activated(_ function: ck_unary) -> Tensor {
    let result = Tensor(uninitialized: shape)
    Tensor.pointwise(count, cost: 16) { at, n in
      ck_pointwise1(Kernels.isa, function, base + at, result.base + at, n)
    }
    return Tape.record([self], to: result) { dy in
      let dx = Tensor(uninitialized: dy.shape)
      Tensor.pointwise(dy.count) { at, n in
        ck_pointwise1_back(
          Kernels.isa, function, result.base + at, dy.base + at, dx.base + at, n)
      }
      return [dx]
    }
  }
}
