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

/// The three products of a convolution over time. What one tap sees of a sequence is a matrix that
/// stands there already, with rows a stride apart; where taps are neighbours, what all of them see
/// is one, too. So nothing is unfolded.
private struct SequenceConvolution: Sendable {
  let batch, time, features, outputs, groups: Int
  let window: Window
  let lengths: [Int]

  private var kernel: Int { window.kernel[0] }
  private var stride: Int { window.stride[0] }
  private var dilation: Int { window.dilation[0] }
  private var steps: Int { window.output[0] }
  private var groupFeatures: Int { features / groups }
  private var groupOutputs: Int { outputs / groups }
  /// Time steps that some output sees, with the padding.
  private var paddedTime: Int { (steps - 1) * stride + (kernel - 1) * dilation + 1 }
  /// Multiply-adds in vectors, as `Workers` counts.
  private var cost: Int { batch * steps * outputs * groupFeatures * kernel / 16 }

  /// Some taps of one group, as the product sees them.
  private struct Piece {
    let group, tap, depth: Int
  }

  /// All taps, each by itself.
  private var taps: [Piece] {
    (0..<groups).flatMap { group in
      (0..<kernel).map { Piece(group: group, tap: $0, depth: groupFeatures) }
    }
  }

  /// All taps, neighbours together.
  private var pieces: [Piece] {
    dilation == 1 && groups == 1 ? [Piece(group: 0, tap: 0, depth: kernel * features)] : taps
  }

  /// `[O, D, kernel]` as `[O, kernel, D]`.
  func tapsFirst(_ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [outputs, kernel, groupFeatures])
    exchange { result.base[$1] = weight.base[$0] }
    return result
  }

  /// The other way round.
  private func tapsLast(_ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [outputs, groupFeatures, kernel])
    exchange { result.base[$0] = weight.base[$1] }
    return result
  }

  private func exchange(_ body: (_ tapLast: Int, _ tapFirst: Int) -> Void) {
    for output in 0..<outputs {
      let at = output * kernel * groupFeatures
      for d in 0..<groupFeatures {
        for tap in 0..<kernel { body(at + d * kernel + tap, at + tap * groupFeatures + d) }
      }
    }
  }

  /// The valid steps of `x` with zeros around them: `[B, padded T, D]`.
  func padded(_ x: Tensor) -> Tensor {
    let result = Tensor.zeros([batch, paddedTime, features])
    eachValidRun { result.base.advanced(by: $1).update(from: x.base + $0, count: $2) }
    return result
  }

  /// Calls `body` with the place of every sequence's valid steps, with and without padding.
  private func eachValidRun(_ body: (_ bare: Int, _ padded: Int, _ count: Int) -> Void) {
    let front = window.padding[0]
    for (b, length) in lengths.enumerated() {
      let seen = min(length, paddedTime - front)
      guard seen > 0 else { continue }
      body(b * time * features, (b * paddedTime + front) * features, seen * features)
    }
  }

  /// What a piece sees of sequence `b`, `[steps, depth]`.
  private func seen(_ padded: Tensor, _ b: Int, _ piece: Piece) -> ck_matrix {
    let first = b * paddedTime + piece.tap * dilation
    return ck_matrix(
      data: padded.base + first * features + piece.group * groupFeatures, row: stride * features,
      column: 1)
  }

  /// The weights of a piece, `[O of the group, depth]`.
  private func weights(_ w: Tensor, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    w.base + (piece.group * groupOutputs * kernel + piece.tap) * groupFeatures
  }

  private func output(_ y: Tensor, _ b: Int, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    y.base + b * steps * outputs + piece.group * groupOutputs
  }

  /// The right side of a product for each piece, packed.
  private func packed(
    _ pieces: [Piece], depth: (Piece) -> Int, width: (Piece) -> Int, _ matrix: (Piece) -> ck_matrix
  ) -> [Storage] {
    pieces.map { piece in
      let (k, n) = (depth(piece), width(piece))
      let storage = Storage(ck_packed_size(Kernels.isa, k, n))
      ck_pack(Kernels.isa, matrix(piece), k, n, 0, panels(n), storage.base)
      return storage
    }
  }

  private func panels(_ columns: Int) -> Int {
    let width = ck_panel_width(Kernels.isa)
    return (columns + width - 1) / width
  }

  func forward(_ padded: Tensor, _ w: Tensor, _ bias: Tensor?, into y: Tensor) {
    let pieces = pieces
    let right = packed(pieces, depth: \.depth, width: { _ in groupOutputs }) {
      ck_matrix(data: weights(w, $0), row: 1, column: kernel * groupFeatures)
    }
    Workers.run(batch * steps, cost: cost, grain: 48) { rows in
      // The rows of a part belong to several sequences, the first and the last in part.
      for b in rows.lowerBound / steps...(rows.upperBound - 1) / steps {
        let mine = rows.clamped(to: b * steps..<(b + 1) * steps)
        for (piece, right) in zip(pieces, right) {
          let isFirst = piece.tap == 0
          let start = isFirst ? bias.map { UnsafePointer($0.base) } : nil
          ck_product(
            Kernels.isa, seen(padded, b, piece), right.base, output(y, b, piece), outputs,
            piece.depth, groupOutputs, mine.lowerBound - b * steps, mine.upperBound - b * steps,
            0, panels(groupOutputs), start.map { $0 + piece.group * groupOutputs }, !isFirst, nil)
        }
      }
    }
  }

  func gradientOfInput(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let padded = Tensor.zeros([batch, paddedTime, features])
    let taps = taps
    let right = packed(taps, depth: { _ in groupOutputs }, width: { _ in groupFeatures }) {
      ck_matrix(data: weights(w, $0), row: kernel * groupFeatures, column: 1)
    }
    Workers.run(batch, cost: cost) { part in
      for b in part {
        for (tap, right) in zip(taps, right) {
          let to = UnsafeMutablePointer(mutating: seen(padded, b, tap).data)
          let left = ck_matrix(data: output(dy, b, tap), row: outputs, column: 1)
          ck_product(
            Kernels.isa, left, right.base, to, stride * features, groupOutputs, groupFeatures, 0,
            steps, 0, panels(groupFeatures), nil, true, nil)
        }
      }
    }
    let dx = Tensor.zeros([batch, time, features])
    eachValidRun { dx.base.advanced(by: $0).update(from: padded.base + $1, count: $2) }
    return dx
  }

  /// Every block of sequences has a sum of its own; the number of blocks depends on the sizes only.
  func gradientOfWeight(_ padded: Tensor, _ dy: Tensor) -> Tensor {
    let blocks = min(batch, 8)
    let sums = (0..<blocks).map { _ in Tensor.zeros([outputs, kernel, groupFeatures]) }
    Workers.run(blocks, cost: cost) { part in
      let scratch = Storage(ck_product_scratch(Kernels.isa, groupOutputs, steps))
      for block in part {
        for b in block * batch / blocks..<(block + 1) * batch / blocks {
          addGradientOfWeight(padded, dy, of: b, to: sums[block], scratch)
        }
      }
    }
    return tapsLast(sums.sum())
  }

  private func addGradientOfWeight(
    _ padded: Tensor, _ dy: Tensor, of b: Int, to dw: Tensor, _ scratch: Storage
  ) {
    for piece in pieces {
      let right = packed([piece], depth: { _ in steps }, width: \.depth) { seen(padded, b, $0) }[0]
      let left = ck_matrix(data: output(dy, b, piece), row: 1, column: outputs)
      ck_product(
        Kernels.isa, left, right.base, weights(dw, piece), kernel * groupFeatures, steps,
        piece.depth, 0, groupOutputs, 0, panels(piece.depth), nil, true, scratch.base)
    }
  }
}
