import CKernels

/// What the fused cells share: sizes, packed weights and the products after the time loop.
///
/// The kernels read [x, h] at every step. Weights of a very wide input would come from memory again
/// and again; then W x + b is one product over all steps first, and the kernel is given its result.
final class FusedCell: Sendable {
  let gates: Int
  let sizes: ck_sequence
  /// The biases that the kernel adds, of one step or of all.
  let biasIH: Tensor
  private let x: Tensor
  private let ih: Tensor?
  private let hh: Tensor
  private let xNeeds: Bool
  private let keepsPacking: Bool

  /// Input features from which on W x + b is a product of its own.
  private static let wide = 1024
  /// Weights that stay in the cache of a core.
  private static let nearby = 1 << 18
  /// Rows of the batch that are worth a part of their own.
  private static let fewRows = 8

  /// A cell with stacked gates over `x` `[B, T, D]`, and its operands in the order of their gradients:
  /// x or W x + b, weights and biases; none when nothing is on a tape. `sumsBiases` says that both biases
  /// meet in one sum, b_ih + b_hh, rather than in different places of the equations.
  static func over(
    _ x: Tensor, gates: Int, states: [Tensor], weights: CellWeights, sumsBiases: Bool
  ) -> (cell: FusedCell, operands: [Tensor]) {
    precondition(x.shape.rank == 3 && x.shape[1] > 0, "A recurrent layer reads [B, T, D], T > 0.")
    let (batch, input, hidden) = (x.shape[0], x.shape[2], weights.hh.shape.last)
    let stacked = gates * hidden
    precondition(
      weights.ih.shape == [stacked, input] && weights.hh.shape == [stacked, hidden]
        && weights.biasIH.shape == [stacked] && weights.biasHH.shape == [stacked],
      "A recurrent layer's weights are [G·H, D], [G·H, H], [G·H] and [G·H].")
    precondition(
      states.allSatisfy { $0.shape == [batch, hidden] },
      "A recurrent layer's state is [B, H] for the batch that it reads.")
    let isRecorded =
      x.tape != nil || weights.hh.tape != nil || states.contains { $0.tape != nil }
    guard input >= wide else {
      return (
        FusedCell(gates, reading: x, weights, sumsBiases), isRecorded ? [x] + weights.operands : []
      )
    }
    let bias = sumsBiases ? weights.biasIH + weights.biasHH : weights.biasIH
    let z = x.linear(weights.ih, bias)
    return (
      FusedCell(gates, given: z, weights),
      isRecorded ? [z, weights.hh] + (sumsBiases ? [] : [weights.biasHH]) : []
    )
  }

  private init(_ gates: Int, reading x: Tensor, _ weights: CellWeights, _ sumsBiases: Bool) {
    self.gates = gates
    sizes = ck_sequence(
      batch: x.shape[0], time: x.shape[1], input: x.shape[2], hidden: weights.hh.shape.last,
      given: false)
    (self.x, ih, hh) = (x.detached, weights.ih.detached, weights.hh.detached)
    xNeeds = x.needsGradient
    keepsPacking = x.tape == nil
    biasIH =
      sumsBiases
      ? .combine(CK_ADD, weights.biasIH, weights.biasHH) : weights.biasIH.detached
  }

  private init(_ gates: Int, given z: Tensor, _ weights: CellWeights) {
    self.gates = gates
    sizes = ck_sequence(
      batch: z.shape[0], time: z.shape[1], input: 0, hidden: weights.hh.shape.last, given: true)
    (x, ih, hh) = (z.detached, nil, weights.hh.detached)
    xNeeds = false
    keepsPacking = z.tape == nil
    biasIH = z.detached
  }

  var batch: Int { sizes.batch }
  /// The shape of a signal, `[B, T, H]`.
  var signalShape: Shape { [sizes.batch, sizes.time, sizes.hidden] }
  /// The shape of a state, `[B, H]`.
  var stateShape: Shape { [sizes.batch, sizes.hidden] }

  /// Runs `body(rows, scratch)` for parts of the batch, each through all time steps.
  func run(inputs: Int, _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) -> Void) {
    let weights = gates * sizes.hidden * (inputs + sizes.hidden)
    // Weights that the cache does not hold come from memory once for each part: one a thread then.
    Workers.run(
      batch, cost: Workers.cost(multiplyAdds: batch * sizes.time * weights),
      atLeast: weights > Self.nearby ? max(1, batch) : Self.fewRows
    ) { rows in
      let scratch = Storage(ck_cell_scratch(Kernels.isa, gates, sizes, rows.count))
      body(rows, scratch.base)
    }
  }

  /// The weights of both products, packed for the forward pass; kept outside training.
  func packed() -> Storage {
    guard keepsPacking else { return pack() }
    return hh.storage.packed(
      .cell(gates: gates, input: sizes.input), with: ih?.storage, pack)
  }

  private func pack() -> Storage {
    let (input, hidden) = (sizes.input, sizes.hidden)
    let packed = Storage(ck_cell_packed_size(Kernels.isa, gates, input, hidden))
    Workers.run(Kernels.panels(hidden), cost: gates * (input + hidden) * hidden * 2) { panels in
      ck_cell_pack(
        Kernels.isa, gates, input, hidden, (ih ?? hh).base, hh.base, panels.lowerBound,
        panels.upperBound, packed.base)
    }
    return packed
  }

  /// The recurrent weights, packed for the backward pass: the right side of dz W_hh.
  func packedBack() -> Storage { Matrix(hh, gates * sizes.hidden, sizes.hidden).packed() }

  /// The gradients of the operands from `dz` `[B, T, G·H]`, that of z = W_ih x + b_ih + W_hh h' + b_hh.
  ///
  /// Both weights see the same dz, so their gradients are one product: [dW_ih, dW_hh] = dzᵀ [x, h'].
  func gradients(dz: Tensor, h: Tensor, h0: Tensor) -> [Tensor?] {
    let ofZ = Matrix(dz, rows, stacked)
    let seen = h.delayed(after: h0, beside: ih == nil ? nil : x)
    let dW = Tensor(uninitialized: [stacked, seen.shape.last])
    let weights = ofZ.transposed.product(Matrix(seen, rows, seen.shape.last), into: dW)
    guard let ih else {
      Product.run([weights])
      return [dz, dW]
    }
    let dx = xNeeds ? Tensor(uninitialized: x.shape) : nil
    let bias = Tensor(uninitialized: [stacked])
    Product.run([weights, ofX(ofZ, dx, ih)], beside: [dz.sum(ofRowsInto: bias)])
    let (dIH, dHH) = dW.columns(cutAt: sizes.input)
    return [dx, dIH, dHH, bias, bias]
  }

  /// The gradients of the operands from `dzIH`, that of W_ih x + b_ih, and `dzHH`, that of
  /// W_hh h' + b_hh, `[B, T, G·H]` each.
  func gradients(dzIH: Tensor, dzHH: Tensor, h: Tensor, h0: Tensor) -> [Tensor?] {
    let (ofIH, ofHH) = (Matrix(dzIH, rows, stacked), Matrix(dzHH, rows, stacked))
    let dHH = Tensor(uninitialized: hh.shape)
    let biasHH = Tensor(uninitialized: [stacked])
    let before = Matrix(h.delayed(after: h0), rows, sizes.hidden)
    let recurrent = ofHH.transposed.product(before, into: dHH)
    let ofBiasHH = dzHH.sum(ofRowsInto: biasHH)
    guard let ih else {
      Product.run([recurrent], beside: [ofBiasHH])
      return [dzIH, dHH, biasHH]
    }
    let dx = xNeeds ? Tensor(uninitialized: x.shape) : nil
    let dIH = Tensor(uninitialized: ih.shape)
    let biasIH = Tensor(uninitialized: [stacked])
    let input = ofIH.transposed.product(Matrix(x, rows, sizes.input), into: dIH)
    Product.run(
      [recurrent, input, ofX(ofIH, dx, ih)], beside: [dzIH.sum(ofRowsInto: biasIH), ofBiasHH])
    return [dx, dIH, dHH, biasIH, biasHH]
  }

  /// dx = dz W_ih, if x needs it.
  private func ofX(_ dz: Matrix, _ dx: Tensor?, _ ih: Tensor) -> Product? {
    dx.map { dz.product(Matrix(ih, stacked, sizes.input), into: $0) }
  }

  private var rows: Int { sizes.batch * sizes.time }
  private var stacked: Int { gates * sizes.hidden }
}

extension Tensor {
  /// `[B, T, W]` delayed by one step, after a `start` `[B, W]`; with the features of `other`
  /// `[B, T, D]` before them, `[B, T, D + W]`. Has no gradient.
  fileprivate func delayed(after start: Tensor, beside other: Tensor? = nil) -> Tensor {
    let (batch, time, width) = sequenceSizes
    let features = other?.shape.last ?? 0
    let size = features + width
    let result = Tensor(uninitialized: [batch, time, size])
    Workers.run(batch, cost: 4 * result.count) { part in
      for b in part {
        let to = result.base + b * time * size
        if let other {
          let from = other.base + b * time * features
          copyRows(time, features, from: from, stride: features, to: to, stride: size)
        }
        (to + features).update(from: start.base + b * width, count: width)
        copyRows(
          time - 1, width, from: base + b * time * width, stride: width, to: to + size + features,
          stride: size)
      }
    }
    return result
  }

  /// The columns before and those from `place` on, of a matrix. Has no gradient.
  fileprivate func columns(cutAt place: Int) -> (Tensor, Tensor) {
    let (rows, whole) = (shape[0], shape[1])
    let before = Tensor(uninitialized: [rows, place])
    let after = Tensor(uninitialized: [rows, whole - place])
    Workers.run(rows, cost: 4 * count) { part in
      let from = base + part.lowerBound * whole
      copyRows(
        part.count, place, from: from, stride: whole, to: before.base + part.lowerBound * place,
        stride: place)
      copyRows(
        part.count, whole - place, from: from + place, stride: whole,
        to: after.base + part.lowerBound * (whole - place), stride: whole - place)
    }
    return (before, after)
  }
}
