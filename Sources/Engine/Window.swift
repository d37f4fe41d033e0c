import CKernels

/// How a kernel slides over one to three spatial axes, outermost first.
///
/// Output o of an axis sees inputs o · stride − padding + tap · dilation for every tap of the
/// kernel; what lies outside the input is padding. So the padding behind follows from the output's
/// size.
public struct Window: Hashable, Sendable {
  /// The sizes of the input's and of the output's axes.
  public let input, output: [Int]
  /// Taps, steps between outputs, padding in front, and steps between taps, of every axis.
  public let kernel, stride, padding, dilation: [Int]

  /// A kernel of `kernel` taps over `input`, with `output` places to stand.
  public init(
    over input: [Int], to output: [Int], kernel: [Int], stride: [Int], padding: [Int],
    dilation: [Int]
  ) {
    let all = [input, output, kernel, stride, padding, dilation]
    precondition((1...3).contains(input.count), "A window has one to three axes.")
    precondition(all.allSatisfy { $0.count == input.count }, "A window's axes match.")
    precondition(padding.allSatisfy { $0 >= 0 }, "Padding adds to what there is.")
    precondition(stride.allSatisfy { $0 > 0 } && kernel.allSatisfy { $0 > 0 }, "A window moves.")
    self.input = input
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// Inputs and outputs of one channel, and taps of the kernel.
  var inputs: Int { input.reduce(1, *) }
  var outputs: Int { output.reduce(1, *) }
  var taps: Int { kernel.reduce(1, *) }

  /// The same for the kernels, which always have three axes.
  func over(channels: Int) -> ck_window {
    func three(_ sizes: [Int], _ fill: Int) -> (Int, Int, Int) {
      let all = Array(repeating: fill, count: 3 - sizes.count) + sizes
      return (all[0], all[1], all[2])
    }
    return ck_window(
      channels: channels, in: three(input, 1), out: three(output, 1), kernel: three(kernel, 1),
      stride: three(stride, 1), pad: three(padding, 0), dilation: three(dilation, 1))
  }
}
