import CKernels

extension Tensor {
  /// The convolution (cross-correlation) of images, channels first.
  ///
  ///     y[n, o, p] = b[o] + Σ_c Σ_tap W[o, c, tap] x[n, c, seen(p, tap)]
  ///
  /// `self` is `[…, C, in]` with the window's input axes, `weight` `[O, C / groups, kernel]`, `bias`
  /// `[O]`; the result is `[…, O, out]`. Group g of outputs sees group g of channels only.
  public func convolved(
    _ weight: Tensor, _ bias: Tensor? = nil, _ window: Window, groups: Int = 1
  ) -> Tensor {
    let plan = ImageConvolution(
      images: count / (weight.shape[1] * groups * window.inputs),
      inChannels: weight.shape[1] * groups, outChannels: weight.shape[0], groups: groups,
      window: window)
    precondition(count == plan.images * plan.inChannels * window.inputs, "Images fill the tensor.")
    let leading = shape.dimensions.dropLast(window.input.count + 1)
    let result = Tensor(uninitialized: Shape(leading + [plan.outChannels] + window.output))
    plan.forward(self, weight, bias, into: result)
    let (x, w) = (detached, weight.detached)
    let needs = [self, weight].map(\.needsGradient)
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      let dx = needs[0] ? plan.gradientOfInput(dy, w, shape: x.shape) : nil
      let dw = needs[1] ? plan.gradientOfWeight(x, dy, shape: w.shape) : nil
      return [dx, dw, dy.sumOfChannels(plan.outChannels, window.outputs)]
    }
  }

  /// The transposed convolution of images: the adjoint of `convolved`, which maps the window's
  /// output axes to its input axes.
  ///
  /// `self` is `[…, C, out]`, `weight` `[C, O / groups, kernel]`, `bias` `[O]`; the result is
  /// `[…, O, in]`.
  public func convolvedTransposed(
    _ weight: Tensor, _ bias: Tensor? = nil, _ window: Window, groups: Int = 1
  ) -> Tensor {
    let plan = ImageConvolution(
      images: count / (weight.shape[0] * window.outputs), inChannels: weight.shape[1] * groups,
      outChannels: weight.shape[0], groups: groups, window: window)
    precondition(count == plan.images * plan.outChannels * window.outputs, "Images fill it.")
    let leading = shape.dimensions.dropLast(window.output.count + 1)
    let (x, w) = (detached, weight.detached)
    let result = plan.gradientOfInput(
      x, w, shape: Shape(leading + [plan.inChannels] + window.input))
    if let bias { plan.addToChannels(bias, of: result) }
    let needs = [self, weight].map(\.needsGradient)
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      var dx: Tensor?
      if needs[0] {
        let gradient = Tensor(uninitialized: x.shape)
        plan.forward(dy, w, nil, into: gradient)
        dx = gradient
      }
      let dw = needs[1] ? plan.gradientOfWeight(dy, x, shape: w.shape) : nil
      return [dx, dw, dy.sumOfChannels(plan.inChannels, window.inputs)]
    }
  }
}

extension [Tensor] {
  /// The sum of tensors of one shape, in their order, in the block of the first.
  func sum() -> Tensor {
    for other in dropFirst() {
      ck_add_scaled(Kernels.isa, other.base, 1, self[0].base, self[0].count)
    }
    return self[0]
  }
}
