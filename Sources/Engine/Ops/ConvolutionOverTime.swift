import CKernels

extension Tensor {
  /// The convolution (cross-correlation) of sequences over time, features last.
  ///
  ///     y[b, t, o] = b[o] + Σ_tap Σ_d W[o, d, tap] x[b, t · stride − padding + tap · dilation, d]
  ///
  /// `self` is `[B, T, D]`, `weight` `[O, D / groups, kernel]`, `bias` `[O]`; the window has one
  /// axis over T. The result is `[B, out, O]`. What stands at or past a sequence's length counts as
  /// padding: 0, without a gradient.
  public func convolvedOverTime(
    _ weight: Tensor, _ bias: Tensor? = nil, _ window: Window, groups: Int = 1,
    lengths: [Int]? = nil
  ) -> Tensor {
    let (batch, time, features) = sequenceSizes
    precondition(features == weight.shape[1] * groups, "The weights fit the features.")
    if groups == 1 && window.seesAll(of: time) {
      // One place to stand: a dense layer over all steps.
      return channelsFirst(lengths: lengths).reshaped([batch, features * time])
        .linear(weight.reshaped([weight.shape[0], features * time]), bias)
        .reshaped([batch, 1, weight.shape[0]])
    }
    let plan = SequenceConvolution(
      batch: batch, time: time, features: features, outputs: weight.shape[0], groups: groups,
      window: window, lengths: lengths ?? Array(repeating: time, count: batch))
    let padded = plan.padded(self)
    let w = plan.tapsFirst(weight)
    let result = Tensor(uninitialized: [batch, window.output[0], plan.outputs])
    plan.forward(padded, w, bias, into: result)
    let needs = [self, weight].map(\.needsGradient)
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      let dx = needs[0] ? plan.gradientOfInput(dy, w) : nil
      let dw = needs[1] ? plan.gradientOfWeight(padded, dy) : nil
      return [dx, dw, dy.sumOfRows()]
    }
  }
}

extension Window {
  /// Whether the kernel stands in one place only, from the first of `time` steps to the last.
  fileprivate func seesAll(of time: Int) -> Bool {
    output == [1] && kernel == [time] && padding == [0] && dilation == [1]
  }
}
