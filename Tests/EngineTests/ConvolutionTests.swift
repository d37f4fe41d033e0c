import Testing

@testable import Engine
@testable import TestSupport

/// Sizes of a convolution of images, other on every axis.
struct ImageCase: CustomTestStringConvertible, Sendable {
  let window: Window
  let channels, outChannels, groups: Int

  var testDescription: String {
    "\(window.input) k\(window.kernel) s\(window.stride) p\(window.padding) "
      + "d\(window.dilation) g\(groups)"
  }

  init(_ kernel: Int, stride s: Int, padding p: Int, dilation d: Int, groups: Int, axes: Int = 2) {
    let input = Array([9, 7, 11].suffix(axes))
    let kernels = (0..<axes).map { $0 == 0 ? kernel : max(1, kernel - 1) }
    let output = zip(input, kernels).map { ($0 + 2 * p - d * ($1 - 1) - 1) / s + 1 }
    func each(_ value: Int) -> [Int] { input.map { _ in value } }
    window = Window(
      over: input, to: output, kernel: kernels, stride: each(s), padding: each(p),
      dilation: each(d))
    (channels, outChannels, self.groups) = (4, 6, groups)
  }

  static let all: [ImageCase] = {
    var cases: [ImageCase] = []
    for kernel in [1, 2, 3] {
      for stride in [1, 2] {
        for (padding, dilation) in [(0, 1), (1, 1), (0, 2), (1, 2)] {
          for groups in [1, 2] {
            cases.append(
              ImageCase(
                kernel, stride: stride, padding: padding, dilation: dilation, groups: groups))
          }
        }
      }
    }
    cases.append(ImageCase(3, stride: 1, padding: 1, dilation: 1, groups: 2, axes: 3))
    cases.append(ImageCase(3, stride: 2, padding: 1, dilation: 1, groups: 1, axes: 3))
    cases.append(ImageCase(5, stride: 3, padding: 2, dilation: 1, groups: 1, axes: 1))
    return cases
  }()

  var x: Tensor { drawn(Shape([3, channels] + window.input), seed: 1) }
  var weight: Tensor { drawn(Shape([outChannels, channels / groups] + window.kernel), seed: 2) }
  var bias: Tensor { drawn([outChannels], seed: 3) }

  /// Calls `body` with the flat places of every product of the definition: in x, in W and in y.
  func eachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    let (ins, outs) = (channels / groups, outChannels / groups)
    for n in 0..<3 {
      for o in 0..<outChannels {
        for (place, position) in places(window.output).enumerated() {
          for c in 0..<ins {
            for (index, tap) in places(window.kernel).enumerated() {
              var at = 0
              var isInside = true
              for axis in window.input.indices {
                let i =
                  position[axis] * window.stride[axis] - window.padding[axis] + tap[axis]
                  * window.dilation[axis]
                isInside = isInside && i >= 0 && i < window.input[axis]
                at = at * window.input[axis] + i
              }
              guard isInside else { continue }
              body(
                (n * channels + o / outs * ins + c) * window.inputs + at,
                (o * ins + c) * window.taps + index,
                (n * outChannels + o) * window.outputs + place)
            }
          }
        }
      }
    }
  }
}

/// Every index of a box, in row-major order.
private func places(_ sizes: [Int]) -> [[Int]] {
  sizes.reduce([[]]) { found, size in found.flatMap { head in (0..<size).map { head + [$0] } } }
}

@Suite struct ConvolutionTests {
  @Test(arguments: ImageCase.all)
  func aConvolutionEqualsItsDefinitionForwardAndBackward(of sizes: ImageCase) {
    let tape = Tape()
    let inputs = [sizes.x, sizes.weight, sizes.bias].map(tape.variable)
    let y = inputs[0].convolved(inputs[1], inputs[2], sizes.window, groups: sizes.groups)
    let gradients = tape.gradients(of: weightedLoss([y]))

    let (x, w, dy) = (sizes.x.doubles, sizes.weight.doubles, lossWeights(y.shape).doubles)
    var (expected, dx, dw) = (
      [Double](repeating: 0, count: y.count), [Double](repeating: 0, count: x.count),
      [Double](repeating: 0, count: w.count)
    )
    for place in expected.indices {
      expected[place] = sizes.bias.doubles[place / sizes.window.outputs % sizes.outChannels]
    }
    sizes.eachProduct { atX, atW, atY in
      expected[atY] += x[atX] * w[atW]
      dx[atX] += dy[atY] * w[atW]
      dw[atW] += dy[atY] * x[atX]
    }
    for (found, expected) in [
      (y, expected), (gradients[inputs[0]], dx), (gradients[inputs[1]], dw),
    ] {
      expectClose(
        found, found.map { Tensor(expected.map { Float($0) }, $0.shape) }, within: 2e-6)
    }
  }

  /// ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, and the gradients are those of the definition.
  @Test(arguments: ImageCase.all)
  func theTransposedConvolutionIsTheAdjoint(of sizes: ImageCase) {
    let forward = sizes.x.convolved(sizes.weight, nil, sizes.window, groups: sizes.groups)
    let y = drawn(forward.shape, seed: 4)
    let back = y.convolvedTransposed(sizes.weight, nil, sizes.window, groups: sizes.groups)
    func inner(_ a: Tensor, _ b: Tensor) -> Double {
      zip(a.doubles, b.doubles).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(back.shape == sizes.x.shape)
    let (left, right) = (inner(forward, y), inner(sizes.x, back))
    #expect(abs(left - right) <= 1e-5 * max(1, abs(left)))
  }

  @Test(arguments: [1, 2, 3], [1, 2])
  func aConvolutionOverTimeEqualsThatOfAnImageWithOneAxis(kernel: Int, groups: Int) {
    for (stride, dilation, front) in [(1, 1, 0), (2, 1, 1), (1, 3, 2), (3, 2, 4)] {
      let (batch, time) = (3, 13)
      let window = Window(
        over: [time], to: [(time + stride - 1) / stride], kernel: [kernel], stride: [stride],
        padding: [front], dilation: [dilation])
      let x = drawn([batch, time, 4], seed: 5)
      let weight = drawn([6, 4 / groups, kernel], seed: 6)
      let bias = drawn([6], seed: 7)

      let tape = Tape()
      let inputs = [x, weight, bias].map(tape.variable)
      let found = inputs[0].convolvedOverTime(inputs[1], inputs[2], window, groups: groups)
      let gradients = tape.gradients(of: (found * lossWeights(found.shape)).sum())

      let other = Tape()
      let images = [channelsFirst(x), weight, bias].map(other.variable)
      let expected = images[0].convolved(images[1], images[2], window, groups: groups)
      let seed = channelsFirst(lossWeights(found.shape))
      let wanted = other.gradients(of: (expected * seed).sum())

      expectClose(channelsFirst(found.detached), expected.detached, within: 2e-6)
      expectClose(
        gradients[inputs[0]].map(channelsFirst), wanted[images[0]], within: 2e-6)
      expectClose(gradients[inputs[1]], wanted[images[1]], within: 2e-6)
      expectClose(gradients[inputs[2]], wanted[images[2]], within: 2e-6)
    }
  }

  private func channelsFirst(_ x: Tensor) -> Tensor {
    let (batch, time, width) = x.sequenceSizes
    let values = (0..<x.count).map { at in
      x[at / (width * time), at % time, at / time % width]
    }
    return Tensor(values, [batch, width, time])
  }
}
