import CKernels

extension Tensor {
  /// y = x Wᵀ + b over the last axis.
  ///
  /// `self` is `[…, D]`, `weight` `[N, D]`, `bias` `[N]`; the result is `[…, N]`.
  public func linear(_ weight: Parameter, _ bias: Parameter? = nil) -> Tensor {
    linear(weight.beside(self), bias?.beside(self))
  }

  /// y = x Wᵀ + b over the last axis, for weights that are tensors: `[N, D]` and `[N]`.
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    precondition(shape.last == inputs, "linear: the input's last axis is the weight's second.")
    precondition(bias.map { $0.shape == [outputs] } ?? true, "linear: one bias an output.")
    let rows = shape.rows
    let result = Tensor(uninitialized: shape.replacingLast(with: outputs))
    Matrix(self, rows, inputs)
      .times(
        Matrix(weight, outputs, inputs).transposed, into: result, bias: bias,
        keepsPacking: tape == nil)

    let (x, w) = (detached, weight.detached)
    let (xNeeds, wNeeds) = (needsGradient, weight.needsGradient)
    let bNeeds = bias?.needsGradient ?? false
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      let dx = xNeeds ? Tensor(uninitialized: x.shape) : nil
      let dw = wNeeds ? Tensor(uninitialized: w.shape) : nil
      let db = bNeeds ? Tensor(uninitialized: [outputs]) : nil
      let gradient = Matrix(dy, rows, outputs)
      Product.run(
        [
          dx.map { gradient.product(Matrix(w, outputs, inputs), into: $0) },
          dw.map { gradient.transposed.product(Matrix(x, rows, inputs), into: $0) },
        ], beside: [db.map { dy.sum(ofRowsInto: $0) }])
      return [dx, dw, db]
    }
  }

  /// The sum over every axis but the last: `[…, N]` becomes `[N]`. Has no gradient.
  func sumOfRows() -> Tensor {
    let result = Tensor(uninitialized: [shape.last])
    Workers.run([sum(ofRowsInto: result)])
    return result
  }

  /// The loop that writes the sum over every axis but the last, `[N]`.
  func sum(ofRowsInto result: Tensor) -> Workers.Loop {
    let (rows, columns) = (shape.rows, shape.last)
    let x = detached
    return Workers.Loop(columns, cost: count, grain: 64) { range in
      ck_sum_rows(
        Kernels.isa, x.base, rows, columns, range.lowerBound, range.upperBound, result.base, false)
    }
  }
}
