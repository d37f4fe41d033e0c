import CKernels

/// The three products of a convolution over time. What one tap sees of a sequence is a matrix that
/// stands there already, with rows a stride apart; what several taps see are such matrices a dilation
/// apart, and where taps are neighbours they are one. So nothing is unfolded.
struct SequenceConvolution: Sendable {
  let batch, time, features, outputs, groups: Int
  let window: Window
  let lengths: [Int]

  private var kernel: Int { window.kernel[0] }
  private var stride: Int { window.stride[0] }
  private var dilation: Int { window.dilation[0] }
  private var front: Int { window.padding[0] }
  private var steps: Int { window.output[0] }
  private var groupFeatures: Int { features / groups }
  private var groupOutputs: Int { outputs / groups }
  /// Time steps that some output sees, with the padding.
  private var paddedTime: Int { (steps - 1) * stride + reach + 1 }
  private var cost: Int {
    Workers.cost(multiplyAdds: batch * steps * outputs * groupFeatures * kernel)
  }

  /// Some taps of one group, as a product sees them: `taps` matrices of `depth` columns.
  private struct Piece {
    let group, tap, taps, depth: Int
  }

  /// Rows of weights that a product of several matrices takes at once: they stay in the cache.
  private static let together = 512

  /// All taps of all groups in as few products as can be.
  private var pieces: [Piece] {
    if dilation == 1 && groups == 1 {
      return [Piece(group: 0, tap: 0, taps: 1, depth: kernel * features)]
    }
    guard kernel * groupFeatures <= Self.together else { return taps }
    return (0..<groups).map { Piece(group: $0, tap: 0, taps: kernel, depth: groupFeatures) }
  }

  /// Every tap of every group by itself.
  private var taps: [Piece] {
    (0..<groups).flatMap { group in
      (0..<kernel).map { Piece(group: group, tap: $0, taps: 1, depth: groupFeatures) }
    }
  }

  /// `[O, D, kernel]` as `[O, kernel, D]`.
  func tapsFirst(_ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [outputs, kernel, groupFeatures])
    let size = kernel * groupFeatures
    for o in 0..<outputs {
      ck_transpose(
        Kernels.isa, weight.base + o * size, groupFeatures, kernel, result.base + o * size)
    }
    return result
  }

  /// The valid steps of `x` with zeros around them: `[B, padded T, D]`.
  func padded(_ x: Tensor) -> Tensor {
    if front == 0 && paddedTime == time && lengths.allSatisfy({ $0 >= time }) { return x.detached }
    let result = Tensor(uninitialized: [batch, paddedTime, features])
    let size = paddedTime * features
    Workers.run(batch, cost: 4 * result.count) { part in
      for b in part {
        let (first, seen) = (min(front, paddedTime) * features, validSteps(b) * features)
        let to = result.base + b * size
        to.update(repeating: 0, count: first)
        (to + first).update(from: x.base + b * time * features, count: seen)
        (to + first + seen).update(repeating: 0, count: size - first - seen)
      }
    }
    return result
  }

  /// `[B, padded T, D]` without its padding, and zeros for steps that are not valid: `[B, T, D]`.
  private func bare(_ padded: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [batch, time, features])
    Workers.run(batch, cost: 4 * result.count) { part in
      for b in part {
        let seen = validSteps(b) * features
        let to = result.base + b * time * features
        to.update(from: padded.base + (b * paddedTime + front) * features, count: seen)
        (to + seen).update(repeating: 0, count: time * features - seen)
      }
    }
    return result
  }

  /// Steps of sequence `b` that some output sees, without the padding.
  private func validSteps(_ b: Int) -> Int { max(0, min(lengths[b], paddedTime - front)) }

  /// What the first tap of a piece sees of sequence `b`, `[steps, depth]`.
  private func seen(_ padded: Tensor, _ b: Int, _ piece: Piece) -> ck_matrix {
    let first = b * paddedTime + piece.tap * dilation
    return ck_matrix(
      data: padded.base + first * features + piece.group * groupFeatures, row: stride * features,
      column: 1)
  }

  /// The weights of a piece, `[O of the group, taps · depth]`.
  private func weights(_ w: Tensor, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    w.base + (piece.group * groupOutputs * kernel + piece.tap) * groupFeatures
  }

  private func output(_ y: Tensor, _ b: Int, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    y.base + b * steps * outputs + piece.group * groupOutputs
  }

  private func packed(_ matrix: ck_matrix, _ depth: Int, _ width: Int) -> Storage {
    let storage = Storage(ck_packed_size(Kernels.isa, depth, width))
    ck_pack(Kernels.isa, matrix, depth, width, 0, Kernels.panels(width), storage.base)
    return storage
  }

  func forward(_ padded: Tensor, _ w: Tensor, _ bias: Tensor?, into y: Tensor) {
    let pieces = pieces
    let right = pieces.map {
      packed(
        ck_matrix(data: weights(w, $0), row: 1, column: kernel * groupFeatures),
        $0.taps * $0.depth, groupOutputs)
    }
    Workers.run(batch * steps, cost: cost, grain: 48) { rows in
      // The rows of a part belong to several sequences, the first and the last in part.
      for b in rows.lowerBound / steps...(rows.upperBound - 1) / steps {
        let mine = rows.clamped(to: b * steps..<(b + 1) * steps)
        let part = mine.lowerBound - b * steps..<mine.upperBound - b * steps
        for (piece, right) in zip(pieces, right) {
          let start = bias.map { UnsafePointer($0.base + piece.group * groupOutputs) }
          multiply(piece, seen(padded, b, piece), right, start, part, output(y, b, piece))
        }
      }
    }
  }

  /// The product of a piece for some steps. What begins with the bias is the first of its group; the
  /// others add to what is there.
  private func multiply(
    _ piece: Piece, _ left: ck_matrix, _ right: Storage, _ bias: UnsafePointer<Float>?,
    _ steps: Range<Int>, _ y: UnsafeMutablePointer<Float>
  ) {
    if piece.taps > 1 {
      ck_product_taps(
        Kernels.isa, left, piece.taps, dilation * features, right.base, y, outputs, piece.depth,
        groupOutputs, steps.lowerBound, steps.upperBound, bias)
    } else {
      let isFirst = piece.tap == 0
      ck_product(
        Kernels.isa, left, right.base, y, outputs, piece.depth, groupOutputs, steps.lowerBound,
        steps.upperBound, 0, Kernels.panels(groupOutputs),
        ck_bias(of_columns: isFirst ? bias : nil, of_rows: nil), !isFirst, nil)
    }
  }

  func gradientOfInput(_ dy: Tensor, _ w: Tensor) -> Tensor {
    stride == 1 && groups == 1 && front <= reach ? gathered(dy, w) : scattered(dy, w)
  }

  /// Steps from the first tap to the last.
  private var reach: Int { (kernel - 1) * dilation }

  /// Where outputs are as close as inputs, an input's gradient is a convolution of the outputs' with
  /// the taps in reverse:
  ///
  ///     dx[t] = Σ_tap dy[t + front − tap · dilation] W[tap]
  private func gathered(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let back = SequenceConvolution(
      batch: batch, time: steps, features: outputs, outputs: features, groups: 1,
      window: Window(
        over: [steps], to: [time], kernel: [kernel], stride: [1], padding: [reach - front],
        dilation: [dilation]),
      lengths: Array(repeating: steps, count: batch))
    let dx = Tensor(uninitialized: [batch, time, features])
    back.forward(back.padded(dy), reversed(w), nil, into: dx)
    for (b, length) in lengths.enumerated() where length < time {
      (dx.base + (b * time + length) * features)
        .update(repeating: 0, count: (time - length) * features)
    }
    return dx
  }

  /// `[O, kernel, D]` as `[D, kernel, O]`, the taps from the last to the first.
  private func reversed(_ w: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [features, kernel, outputs])
    for o in 0..<outputs {
      for tap in 0..<kernel {
        let from = w.base + (o * kernel + tap) * features
        for d in 0..<features {
          result.base[(d * kernel + kernel - 1 - tap) * outputs + o] = from[d]
        }
      }
    }
    return result
  }

  private func scattered(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let padded = Tensor.zeros([batch, paddedTime, features])
    let taps = taps
    let right = taps.map {
      packed(
        ck_matrix(data: weights(w, $0), row: kernel * groupFeatures, column: 1), groupOutputs,
        groupFeatures)
    }
    Workers.run(batch, cost: cost) { part in
      for b in part {
        for (tap, right) in zip(taps, right) {
          let to = UnsafeMutablePointer(mutating: seen(padded, b, tap).data)
          let left = ck_matrix(data: output(dy, b, tap), row: outputs, column: 1)
          ck_product(
            Kernels.isa, left, right.base, to, stride * features, groupOutputs, groupFeatures, 0,
            steps, 0, Kernels.panels(groupFeatures), ck_bias(), true, nil)
        }
      }
    }
    return bare(padded)
  }

  /// Every block of sequences has a sum of its own; the number of blocks depends on the sizes only.
  func gradientOfWeight(_ padded: Tensor, _ dy: Tensor) -> Tensor {
    let blocks = min(batch, 8)
    let sums = (0..<blocks).map { _ in
      Tensor.zeros([groups, kernel * groupFeatures, groupOutputs])
    }
    Workers.run(blocks, cost: cost) { part in
      let scratch = Storage(ck_product_scratch(Kernels.isa, kernel * groupFeatures, steps))
      for block in part {
        for b in block * batch / blocks..<(block + 1) * batch / blocks {
          addGradientOfWeight(padded, dy, of: b, to: sums[block], scratch)
        }
      }
    }
    return tapsLast(sums.sum())
  }

  /// Adds to the gradient of the weights as `[group, kernel · D, O]`: the gradient of the outputs is
  /// packed once, and what the taps see stays where it is.
  private func addGradientOfWeight(
    _ padded: Tensor, _ dy: Tensor, of b: Int, to dw: Tensor, _ scratch: Storage
  ) {
    for group in 0..<groups {
      let right = packed(
        ck_matrix(
          data: dy.base + b * steps * outputs + group * groupOutputs, row: outputs, column: 1),
        steps, groupOutputs)
      let pieces = dilation == 1 && groups == 1 ? pieces : taps.filter { $0.group == group }
      for piece in pieces {
        let left = seen(padded, b, piece)
        let rows = group * kernel * groupFeatures + piece.tap * groupFeatures
        ck_product(
          Kernels.isa, ck_matrix(data: left.data, row: 1, column: left.row), right.base,
          dw.base + rows * groupOutputs, groupOutputs, steps, groupOutputs, 0, piece.depth, 0,
          Kernels.panels(groupOutputs), ck_bias(), true, scratch.base)
      }
    }
  }

  /// `[group, kernel, D, O]` as `[O of all groups, D, kernel]`.
  private func tapsLast(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [outputs, groupFeatures, kernel])
    let size = kernel * groupFeatures
    for group in 0..<groups {
      let at = group * size * groupOutputs
      // First [O, kernel · D], then every output's matrix by itself.
      let byOutput = Storage(size * groupOutputs)
      ck_transpose(Kernels.isa, gradient.base + at, size, groupOutputs, byOutput.base)
      for o in 0..<groupOutputs {
        ck_transpose(
          Kernels.isa, byOutput.base + o * size, kernel, groupFeatures, result.base + at + o * size)
      }
    }
    return result
  }
}
