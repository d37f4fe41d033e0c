import CKernels
import Foundation
import Testing

@testable import Engine
@testable import TestSupport

/// The instruction sets that this machine runs.
private let instructionSets: [String] = ["baseline", "avx2", "avx512"].filter {
  (name: String) in ck_isa_select(name) != nil
}

/// The number of threads is one number for the whole process, so these tests change it in processes
/// of their own. There `UNROLL_ISA` also chooses the kernels, so that one run tests every
/// instruction set of the machine. The rest of the suite runs on the best one, and on another with
/// `UNROLL_ISA=avx2 swift test --filter EngineTests`.
@Suite struct ThreadTests {
  @Test(arguments: instructionSets)
  func anyNumberOfThreadsGivesTheSameBits(isa: String) async {
    await #expect(processExitsWith: .success) { [isa] in
      setenv("UNROLL_ISA", isa, 1)
      #expect(Kernels.name == isa)
      Workers.threads = 1
      let alone = largeResults()
      for threads in [2, 3, 8] {
        Workers.threads = threads
        for (found, expected) in zip(largeResults(), alone) {
          for (index, pair) in zip(found.tensors, expected.tensors).enumerated() {
            expectSameBits(pair.0, pair.1, "\(isa), \(threads) threads: \(found.name) \(index)")
          }
        }
      }
    }
  }

  @Test func theSessionRunsOnTheInstructionSetThatWasAskedFor() {
    let wanted = ProcessInfo.processInfo.environment["UNROLL_ISA"]
    guard let wanted, instructionSets.contains(wanted) else { return }
    #expect(Kernels.name == wanted)
  }

  @Test func partsCoverTheWholeOnceAndCutAtGrains() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 2, 3, 8] {
        Workers.threads = threads
        for (count, grain) in [(0, 1), (1, 1), (7, 1), (100, 12), (64, 64), (1000, 7)] {
          let seen = Tensor.zeros([max(1, count)])
          Workers.run(count, cost: .max, grain: grain) { part in
            #expect(part.lowerBound % grain == 0)
            for index in part { seen.base[index] += 1 }
          }
          #expect(seen.scalars.prefix(count).allSatisfy { $0 == 1 })
        }
      }
    }
  }

  @Test func loopsSideBySideAreEachDoneOnce() async {
    await #expect(processExitsWith: .success) {
      let shapes = [(1000, 7), (0, 1), (3, 1), (100, 12), (64, 64)]
      let long = Int.max / 8
      for (threads, cost) in [(1, long), (3, long), (8, 200_000), (3, 20_000), (3, 10)] {
        Workers.threads = threads
        let seen = shapes.map { Tensor.zeros([max(1, $0.0)]) }
        Workers.run(
          zip(shapes, seen).map { shape, seen in
            Workers.Loop(shape.0, cost: cost, grain: shape.1) { part in
              #expect(part.lowerBound % shape.1 == 0 && part.upperBound <= shape.0)
              for index in part { seen.base[index] += 1 }
            }
          })
        for (shape, seen) in zip(shapes, seen) {
          #expect(seen.scalars.prefix(shape.0).allSatisfy { $0 == 1 })
        }
      }
    }
  }

  @Test func denormalsAreFlushedOnEveryThread() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 3] {
        Workers.threads = threads
        let tiny = Tensor.filled(with: 1e-38, [300_000])
        #expect((tiny * 1e-3).scalars.allSatisfy { $0 == 0 })
      }
    }
  }
}

private let wide = drawn([311, 401], seed: 1, in: -3...3)
private let middle = drawn([211, 401], seed: 2)
private let narrow = drawn([29, 401], seed: 3)
private let bias = drawn([29], seed: 4)
private let targets = (0..<311).map { Int32($0) }

private let images = drawn([3, 19, 27, 23], seed: 30)
private let moreImages = drawn([3, 29, 27, 23], seed: 34)
private let kernels = drawn([29, 19, 3, 3], seed: 31)
private let window = Window(
  over: [27, 23], to: [27, 23], kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1])
private let sequences = drawn([5, 211, 33], seed: 32)
private let taps = drawn([29, 33, 3], seed: 33)
private let videos = drawn([3, 5, 9, 27, 23], seed: 35)
private let volumes = drawn([7, 5, 3, 3, 3], seed: 36)
private let overVideo = Window(
  over: [9, 27, 23], to: [9, 27, 23], kernel: [3, 3, 3], stride: [1, 1, 1], padding: [1, 1, 1],
  dilation: [1, 1, 1])
private let overTime = Window(
  over: [211], to: [211], kernel: [3], stride: [1], padding: [2], dilation: [1])

/// What operations make that are large enough to be cut into parts.
private func largeResults() -> [(name: String, tensors: [Tensor])] {
  [
    result(of: "product", [wide, middle]) { [$0[0].linear($0[1])] },
    result(of: "tall product", [wide, narrow, bias]) { [$0[0].linear($0[1], $0[2])] },
    result(of: "wide product", [narrow, wide]) { [$0[0].linear($0[1])] },
    result(of: "pointwise", [wide]) { [sigmoid($0[0]) * tanh($0[0]) + relu($0[0])] },
    result(of: "dropout", [wide]) { [$0[0].dropout(0.3, .stream(.dropout, seed: 1))] },
    result(of: "cross entropy", [wide]) { [$0[0].softmaxCrossEntropy(targets).loss] },
    ("softmax", [wide.softmax()]),
    result(of: "functions", [wide]) { [$0[0].applying(.gelu) + $0[0].applying(.mish)] },
    result(of: "normalised rows", [wide]) {
      [$0[0].normalizedRows(of: 401, epsilon: 1e-5).output]
    },
    result(of: "channels", [wide]) {
      let together = $0[0].channelsTogether(401, inner: 1, rows: Array(0..<311))
      return [together.channelsApart(wide.shape, inner: 1, rows: Array(0..<311))]
    },
    result(of: "convolution of images", [images, kernels, bias]) {
      [$0[0].convolved($0[1], $0[2], window)]
    },
    result(of: "convolution of videos", [videos, volumes]) {
      [$0[0].convolved($0[1], nil, overVideo)]
    },
    result(of: "transposed convolution", [moreImages, kernels]) {
      [$0[0].convolvedTransposed($0[1], nil, window)]
    },
    result(of: "convolution over time", [sequences, taps, bias]) {
      [$0[0].convolvedOverTime($0[1], $0[2], overTime)]
    },
    result(of: "pools", [images]) {
      [
        $0[0].pooled(.maximum, window, to: images.shape),
        $0[0].pooled(.mean, window, to: images.shape),
        $0[0].pooledAdaptively(
          .mean, over: (27, 23), to: (5, 4), to: [3, 19, 5, 4]),
        $0[0].pooledAdaptively(
          .maximum, over: (27, 23), to: (5, 4), to: [3, 19, 5, 4]),
        $0[0].channelsFirst(lengths: [3, 19, 7]),
      ]
    },
    result(of: "upsampling", [images]) {
      [
        $0[0].upsampled(.nearest, over: (27, 23), by: (3, 2), to: [3, 19, 81, 46]),
        $0[0].upsampled(.linear, over: (27, 23), by: (2, 3), to: [3, 19, 54, 69]),
      ]
    },
    fused("RNN", gates: 1) {
      let run = RNNSequence($0, h0: $1, weights: $2, activation: .tanh, probe: $3)
      return [run.output, run.h]
    },
    fused("GRU", gates: 3) {
      let run = GRUSequence($0, h0: $1, weights: $2, probe: $3)
      return [run.output, run.h]
    },
    fused("LSTM", gates: 4) {
      let run = LSTMSequence($0, h0: $1, c0: $1, weights: $2, probe: $3)
      return [run.output, run.h, run.c]
    },
  ]
}

/// The results of `compute` and the gradients of the sum of their squares.
private func result(
  of name: String, _ inputs: [Tensor], _ compute: ([Tensor]) -> [Tensor]
) -> (name: String, tensors: [Tensor]) {
  let tape = Tape()
  let variables = inputs.map(tape.variable)
  let outputs = compute(variables)
  let gradients = tape.gradients(of: sumOfSquares(outputs))
  return (name, outputs + variables.compactMap { gradients[$0] })
}

private func sumOfSquares(_ outputs: [Tensor]) -> Tensor {
  let sums = outputs.map { ($0 * $0).sum() }
  return sums.dropFirst().reduce(sums[0], +)
}

// 21 × 20 steps, 33 inputs, 131 units: no size is a multiple of a tile's.
private let x = drawn([21, 20, 33], seed: 6)
private let start = drawn([21, 131], seed: 7)
private let weights = drawn([4 * 131, 33 + 131 + 2], seed: 8, in: -0.1...0.1)

/// The outputs and every gradient of a fused sequence.
private func fused(
  _ name: String, gates: Int, _ run: (Tensor, Tensor, CellWeights, GradientProbe) -> [Tensor]
) -> (name: String, tensors: [Tensor]) {
  let tape = Tape()
  let rows = 131 * gates
  let x = tape.variable(x)
  let start = tape.variable(start)
  var used = 0
  let parameters = ([[rows, 33], [rows, 131], [rows], [rows]] as [Shape]).map { shape in
    defer { used += shape.count }
    return Parameter("weights", Tensor(Array(weights.scalars[used..<used + shape.count]), shape))
  }
  let probe = GradientProbe()
  let outputs = run(x, start, CellWeights(parameters, beside: x), probe)
  let gradients = tape.gradients(of: sumOfSquares(outputs))
  let found = [gradients[x], gradients[start], probe.squares] + parameters.map { gradients[$0] }
  #expect(found.allSatisfy { $0 != nil })
  return (name, outputs + found.compactMap { $0 })
}
