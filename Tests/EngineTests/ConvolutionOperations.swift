@testable import Engine
@testable import TestSupport

private let window = Window(
  over: [4, 5], to: [2, 3], kernel: [3, 2], stride: [2, 2], padding: [1, 1], dilation: [1, 1])
private let over = Window(
  over: [5], to: [5], kernel: [3], stride: [1], padding: [2], dilation: [1])
private let single = Window(
  over: [5], to: [5], kernel: [1], stride: [1], padding: [0], dilation: [1])
private let strided = Window(
  over: [5], to: [3], kernel: [3], stride: [2], padding: [1], dilation: [1])
private let image = drawn([2, 2, 4, 5], seed: 50)
private let small = drawn([2, 4, 2, 3], seed: 51)
private let sequence = drawn([2, 5, 2], seed: 52)
private let weight = drawn([4, 1, 3, 2], seed: 53)
private let taps = drawn([4, 2, 3], seed: 54)
private let tap = drawn([4, 2, 1], seed: 57)
private let bias = drawn([4], seed: 55)
private let narrowBias = drawn([2], seed: 56)

/// Convolutions and pools; their forward passes are held to naive loops in `ConvolutionTests`, so
/// what is expected here is what they give.
let sliding: [Operation] = [
  itself("convolution of images", [image, weight, bias]) {
    $0[0].convolved($0[1], $0[2], window, groups: 2)
  },
  itself("transposed convolution", [small, weight, narrowBias]) {
    $0[0].convolvedTransposed($0[1], $0[2], window, groups: 2)
  },
  itself("convolution over time", [sequence, taps, bias]) {
    $0[0].convolvedOverTime($0[1], $0[2], over, lengths: [5, 3])
  },
  itself("convolution of single steps", [sequence, tap, bias]) {
    $0[0].convolvedOverTime($0[1], $0[2], single, lengths: [5, 3])
  },
  itself("strided convolution over time", [sequence, taps, bias]) {
    $0[0].convolvedOverTime($0[1], $0[2], strided, lengths: [5, 3])
  },
  .moving("largest of a window", [1, 4, 4], { [$0.pooled(.maximum, pool, to: [1, 2, 2])] }) {
    largestPlaces()
  },
  Operation("mean of a window", [sequence], { [meanPool($0[0])] }) { windowMeans() },
  Operation("mean of cells", [image], { [cellMeans(of: $0[0])] }) { cellMeans() },
  .moving(
    "largest of a cell", [2, 4, 5],
    {
      [$0.pooledAdaptively(.maximum, over: (4, 5), to: (1, 1), to: [2, 1])]
    }
  ) { largestOfAll() },
  .moving(
    "repeated", [1, 2, 3], { [$0.upsampled(.nearest, over: (2, 3), by: (1, 2), to: [1, 2, 6])] }
  ) { [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5] },
  Operation("interpolated", [sequence], { [interpolated($0[0])] }) { interpolated() },
  .moving("channels first", [2, 3, 4, 2], { [$0.channelsFirst()] }) { channelsFirstPlaces() },
  .moving("time first", [2, 4, 3, 2], { [$0.timeFirst().channelsFirst()] }) { Array(0..<48) },
]

/// Where the largest number of each quarter of a 4 × 4 image stands.
private func largestPlaces() -> [Int] {
  let x = drawn([1, 4, 4], seed: 4).scalars
  return [0, 2, 8, 10].map { (first: Int) -> Int in
    let places: [Int] = [first, first + 1, first + 4, first + 5]
    return places.max { x[$0] < x[$1] } ?? first
  }
}

/// The means of steps 2 t − 1 and 2 t, where what stands outside the length counts as 0.
private func windowMeans() -> [Double] {
  var means: [Double] = []
  for (b, length) in [5, 3].enumerated() {
    for t in 0..<3 {
      for d in 0..<2 {
        var sum = 0.0
        for step in [2 * t - 1, 2 * t] where step >= 0 && step < length {
          sum += sequence.doubles[(b * 5 + step) * 2 + d]
        }
        means.append(sum / 2)
      }
    }
  }
  return means
}

/// The means of the six cells of 2 × 3 pixels, which overlap.
private func cellMeans() -> [Double] {
  var means: [Double] = []
  for plane in 0..<4 {
    for rows in [0..<2, 1..<3, 2..<4] {
      for columns in [0..<3, 2..<5] {
        var sum = 0.0
        for row in rows {
          for column in columns { sum += image.doubles[plane * 20 + row * 5 + column] }
        }
        means.append(sum / 6)
      }
    }
  }
  return means
}

private let pool = Window(
  over: [4, 4], to: [2, 2], kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1])

private func meanPool(_ x: Tensor) -> Tensor {
  let window = Window(
    over: [5], to: [3], kernel: [2], stride: [2], padding: [1], dilation: [1])
  return x.pooled(.mean, window, inner: 2, lengths: [5, 3], to: [2, 3, 2])
}

private func itself(
  _ name: String, _ inputs: [Tensor], _ compute: @escaping @Sendable ([Tensor]) -> Tensor
) -> Operation {
  Operation(name, inputs, { [compute($0)] }) { compute(inputs).doubles }
}

/// The means of 3 × 2 cells, by the operation.
private func cellMeans(of x: Tensor) -> Tensor {
  x.pooledAdaptively(.mean, over: (4, 5), to: (3, 2), to: [2, 2, 3, 2])
}

/// Twice as many steps on lines between them, by the operation; the second sequence has three.
private func interpolated(_ x: Tensor) -> Tensor {
  x.upsampled(.linear, over: (5, 1), by: (2, 1), inner: 2, lengths: [5, 3], to: [2, 10, 2])
}

/// The same: a quarter and three quarters of the way from a step to the next.
private func interpolated() -> [Double] {
  [5, 3].enumerated().flatMap { b, length in
    (0..<10).flatMap { t -> [Double] in
      guard t < 2 * length else { return [0, 0] }
      let place = min(max(0, Double(t) / 2 - 0.25), Double(length - 1))
      let (step, share) = (Int(place), place - place.rounded(.down))
      return (0..<2).map { d in
        let (x, next) = (sequence.doubles, min(step + 1, length - 1))
        return (1 - share) * x[(b * 5 + step) * 2 + d] + share * x[(b * 5 + next) * 2 + d]
      }
    }
  }
}

/// Where the numbers of `[2, 3, 4, 2]` stand once the second and the third axis change places.
private func channelsFirstPlaces() -> [Int] {
  (0..<48).map { place in
    let (b, c, t, rest) = (place / 24, place / 6 % 4, place / 2 % 3, place % 2)
    return ((b * 3 + t) * 4 + c) * 2 + rest
  }
}

/// Where the largest number of each of two 4 × 5 planes stands.
private func largestOfAll() -> [Int] {
  let x = drawn([2, 4, 5], seed: 4).scalars
  return [0, 20].map { (first: Int) in
    (first..<first + 20).max { x[$0] < x[$1] } ?? first
  }
}
