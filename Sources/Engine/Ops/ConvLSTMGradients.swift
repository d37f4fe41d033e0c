import CKernels

/// The way back through a convolutional LSTM.
///
/// Every part of the batch goes back through all time steps by itself. The gradients of the
/// pre-activations of some places, dz, are made, carried to the state before and to the input, and
/// added to the gradient of the weights while they are in the cache; they are never there as a whole.
struct ConvLSTMGradients: Sendable {
  private let cell: FusedConvLSTM
  /// The gradient of the outputs.
  private let dy: Tensor?
  private let dx: Tensor?
  /// What reaches the state of the step that is next on the way back: in the end dh0 and dc0. What
  /// reaches h is read from one tensor and gathered in the other, by turns.
  private let dh, dhBefore, dc: Tensor
  /// Every block's gradient of [W_ih, W_hh] as `[depth, 4C]`, and of the biases.
  private let weights, biases: [Tensor]
  /// Sums of the gradients of the peepholes at each place.
  private let peepholes: [Tensor]
  /// ‖dL/dh_t‖².
  private let squares: Tensor
  /// [W_ih, W_hh] transposed, or W_hh alone where the input needs no gradient: `[depth, 4C]`.
  private let back: Tensor

  /// Rows of `back` that lead to the input.
  private var inputDepth: Int { dx == nil ? 0 : cell.inputDepth }
  private var blocks: Int { weights.count }

  /// Sequences are gathered in so many blocks at most, each with sums of its own: their number
  /// decides the bits of the sums, so it depends on the sizes only.
  private static let mostBlocks = 16

  /// From the gradients of the outputs and of the last h and c.
  init(of cell: FusedConvLSTM, from gradients: [Tensor?], ofInput: Bool) {
    let state: Shape = [cell.batch, cell.channels * cell.places]
    self.cell = cell
    dy = gradients[0]
    dh = gradients[1]?.copy() ?? .zeros(state)
    dc = gradients[2]?.copy() ?? .zeros(state)
    dhBefore = Tensor(uninitialized: state)
    dx = ofInput ? .zeros(cell.x.shape) : nil
    let blocks = min(cell.batch, Self.mostBlocks)
    weights = (0..<blocks).map { _ in .zeros([cell.depth, cell.gates]) }
    biases = (0..<blocks).map { _ in .zeros([cell.gates]) }
    peepholes = cell.weights.peepholes.map { _ in .zeros(state) }
    squares = Tensor(uninitialized: [cell.batch, cell.time])
    let forward = ofInput ? cell.joined : cell.weights.hh
    back = Tensor(uninitialized: [forward.count / cell.gates, cell.gates])
    ck_transpose(Kernels.isa, forward.base, cell.gates, back.shape[0], back.base)
  }

  /// The gradients of x, W_ih, W_hh, b, the peepholes, h0 and c0.
  func all(_ probe: GradientProbe?) -> [Tensor?] {
    Workers.run(blocks, cost: cell.cost(depth: back.shape[0] + cell.depth)) { part in
      let buffers = Buffers(cell)
      for block in part {
        for n in block * cell.batch / blocks..<(block + 1) * cell.batch / blocks {
          for t in (0..<cell.time).reversed() { step(n, t, block, buffers) }
        }
      }
    }
    probe?.record(squares)
    let (dIH, dHH) = weightGradients()
    return [dx, dIH, dHH, biases.sum()] + peepholes.map(peepholeGradient)
      + [cell.time % 2 == 0 ? dh : dhBefore, dc]
  }

  /// What one thread works in.
  private struct Buffers: Sendable {
    let dz, packed, packedAcross, columns: Storage

    init(_ cell: FusedConvLSTM) {
      let (gates, chunk) = (cell.gates, cell.chunk)
      dz = Storage(gates * chunk)
      packed = Storage(ck_packed_size(Kernels.isa, gates, chunk))
      packedAcross = Storage(ck_packed_size(Kernels.isa, chunk, gates))
      columns = Storage(cell.depth * chunk)
    }
  }

  /// One step of one sequence.
  private func step(_ n: Int, _ t: Int, _ block: Int, _ buffers: Buffers) {
    let size = cell.channels * cell.places
    let isSwapped = (cell.time - 1 - t) % 2 == 1
    let reaching = (isSwapped ? dhBefore : dh).base + n * size
    let before = (isSwapped ? dh : dhBefore).base + n * size
    before.update(repeating: 0, count: size)
    var square = 0.0
    for first in stride(from: 0, to: cell.places, by: cell.chunk) {
      let range = first..<min(first + cell.chunk, cell.places)
      square += gates(n, t, range, reaching, buffers.dz)
      carry(n, t, range, to: before, buffers)
      addWeights(n, t, range, block, buffers)
    }
    squares.base[n * cell.time + t] = Float(square)
  }

  /// dz of some places; returns ‖dh‖².
  private func gates(
    _ n: Int, _ t: Int, _ range: Range<Int>, _ dh: UnsafePointer<Float>, _ dz: Storage
  ) -> Double {
    let (channels, places, count) = (cell.channels, cell.places, range.count)
    let c = cell.before(n, t, cell.signals.c, cell.c0)
    var square = 0.0
    for channel in 0..<channels {
      let place = channel * places + range.lowerBound
      let (signal, state) = ((n * cell.time + t) * channels * places + place, n * channels * places)
      let sums = peepholes.map { $0.base + state + place }
      square += ck_conv_lstm_backward(
        Kernels.isa, count, cell.signals.at(signal), c + place,
        cell.peepholes(channel, range.lowerBound), dy.map { $0.base + signal }, dh + place,
        dc.base + state + place, dz.base + channel * count, channels * count,
        sums.isEmpty
          ? ck_peephole_sums() : ck_peephole_sums(i: sums[0], f: sums[1], o: sums[2]))
    }
    return square
  }

  /// Adds Wᵀ dz of some places to what reaches the state before and the input.
  private func carry(
    _ n: Int, _ t: Int, _ range: Range<Int>, to before: UnsafeMutablePointer<Float>,
    _ buffers: Buffers
  ) {
    let (isa, gates, count) = (Kernels.isa, cell.gates, range.count)
    let panels = Kernels.panels(count)
    let columns = buffers.columns.base
    ck_pack(
      isa, ck_matrix(data: buffers.dz.base, row: count, column: 1), gates, count, 0, panels,
      buffers.packed.base)
    ck_product(
      isa, ck_matrix(data: back.base, row: gates, column: 1), buffers.packed.base, columns, count,
      gates, count, 0, back.shape[0], 0, panels, ck_bias(), false, nil)
    var overState = cell.window.over(channels: cell.channels)
    ck_fold(
      isa, &overState, columns + inputDepth * count, count, range.lowerBound, count, before)
    if let dx {
      var overInput = cell.window.over(channels: cell.inputs)
      let image = dx.base + (n * cell.time + t) * cell.inputs * cell.places
      ck_fold(isa, &overInput, columns, count, range.lowerBound, count, image)
    }
  }

  /// Adds what some places say about the weights and biases.
  private func addWeights(
    _ n: Int, _ t: Int, _ range: Range<Int>, _ block: Int, _ buffers: Buffers
  ) {
    let (isa, gates, count) = (Kernels.isa, cell.gates, range.count)
    let (columns, places) = (buffers.columns.base, cell.places)
    var overInput = cell.window.over(channels: cell.inputs)
    var overState = cell.window.over(channels: cell.channels)
    ck_unfold(
      isa, &overInput, cell.x.base + (n * cell.time + t) * cell.inputs * places, range.lowerBound,
      count, columns, count)
    ck_unfold(
      isa, &overState, cell.before(n, t, cell.signals.h, cell.h0), range.lowerBound, count,
      columns + cell.inputDepth * count, count)
    let panels = Kernels.panels(gates)
    ck_pack(
      isa, ck_matrix(data: buffers.dz.base, row: 1, column: count), count, gates, 0, panels,
      buffers.packedAcross.base)
    ck_product(
      isa, ck_matrix(data: columns, row: count, column: 1), buffers.packedAcross.base,
      weights[block].base, gates, count, gates, 0, cell.depth, 0, panels, ck_bias(), true, nil)
    for gate in 0..<gates {
      biases[block].base[gate] += Float(ck_sum(isa, buffers.dz.base + gate * count, count))
    }
  }

  /// The blocks' sums as the gradients of W_ih and W_hh.
  private func weightGradients() -> (ih: Tensor, hh: Tensor) {
    let sum = weights.sum()
    let (dIH, dHH) = (
      Tensor(uninitialized: cell.weights.ih.shape), Tensor(uninitialized: cell.weights.hh.shape)
    )
    ck_transpose(Kernels.isa, sum.base, cell.inputDepth, cell.gates, dIH.base)
    ck_transpose(
      Kernels.isa, sum.base + cell.inputDepth * cell.gates, cell.stateDepth, cell.gates, dHH.base)
    return (dIH, dHH)
  }

  /// The gradient of a peephole from its sums at every place, `[B, C·H·W]`.
  private func peepholeGradient(_ sums: Tensor) -> Tensor {
    let shape = cell.weights.peepholes[0].shape
    let overBatch = sums.sumOfRows()
    return shape.count > cell.channels
      ? overBatch.reshaped(shape) : overBatch.sumOfChannels(cell.channels, cell.places)
  }
}
