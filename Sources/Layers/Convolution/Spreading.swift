import Engine

/// A transposed kernel along one axis: k taps, stride s, dilation d. Every input spreads over the taps,
/// s outputs after the one before it.
///
/// With e = d (k − 1) + 1 outputs between the ends of the kernel, S inputs give s S outputs, or all
/// (S − 1) s + e of them, or without p at both ends and with a more behind (S − 1) s + e − 2p + a.
struct Spreading {
  let kernel, stride, dilation: Int
  let padding: TimePadding
  /// Outputs that are cut off at both ends, p; nil: as `padding` says.
  let sides: Int?
  /// Outputs that are more behind, a.
  let behind: Int

  /// Outputs of one input, from the first to the last.
  var extent: Int { dilation * (kernel - 1) + 1 }

  /// Outputs that are cut off in front: half of what overlaps at the ends, or none.
  var front: Int { sides ?? (padding == .same ? max(0, extent - stride) / 2 : 0) }

  /// Outputs beyond s S.
  private var excess: Int {
    if sides == nil && padding != .valid { return 0 }
    return extent - stride - 2 * (sides ?? 0) + behind
  }

  /// The number of outputs of `size` inputs.
  func outputs(over size: Int) -> Int { stride * size + excess }

  /// The same for time steps.
  func steps(_ before: TimeSteps) -> TimeSteps {
    before.then(times: stride, adding: excess)
  }
}

extension [Spreading] {
  /// The convolution that these kernels over as many axes are the adjoint of.
  func window(over sizes: [Int]) -> Window {
    Window(
      over: zip(self, sizes).map { $0.outputs(over: $1) }, to: sizes, kernel: map(\.kernel),
      stride: map(\.stride), padding: map(\.front), dilation: map(\.dilation))
  }
}

extension ConvolutionSpec {
  /// The transposed kernel along every axis.
  var spreadings: [Spreading] {
    (0..<Kind.axes).map { axis in
      Spreading(
        kernel: kernelSize[axis], stride: stride[axis], dilation: dilation[axis],
        padding: padding(along: axis), sides: sides?[axis],
        behind: heeds("output_padding") ? outputPadding[axis] : 0)
    }
  }

  /// Maps a batch of sequences `[B, T, …]`, whose steps spread over others: the lengths grow with them.
  func spreadOverTime(
    _ input: Tensor, _ weights: ConvolutionParameters, _ pass: inout Pass
  ) -> Tensor {
    let lengths = pass.lengths
    pass.lengths = lengths?.map(spreadings[0].steps(TimeSteps()).callAsFunction)
    let sizes = [input.shape[1]] + input.shape.dimensions.dropFirst(3)
    return input.channelsFirst(lengths: lengths)
      .convolvedTransposed(
        weights.weight.beside(input), weights.bias?.beside(input),
        spreadings.window(over: sizes), groups: groups
      ).timeFirst()
  }
}
