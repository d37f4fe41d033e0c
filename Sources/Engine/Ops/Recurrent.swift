import CKernels
import Synchronization

/// Where a recurrent layer's backward pass leaves ‖∂L/∂h_t‖², squared norms `[B, T]`.
public final class GradientProbe: Sendable {
  private let found = Mutex<Tensor?>(nil)
  private let isReversed: Bool
  private let lengths: [Int]?

  /// A probe that nothing has written yet.
  public init() { (isReversed, lengths) = (false, nil) }

  /// A probe of a layer that reads every sequence backwards inside its length; it shows the norms
  /// in the order of time.
  public init(reversing lengths: [Int]?) { (isReversed, self.lengths) = (true, lengths) }

  /// ‖∂L/∂h_t‖² of every sequence and time step, `[B, T]`, with all that reaches h_t; nil before
  /// the backward pass.
  public var squares: Tensor? { found.withLock { $0 } }

  /// Leaves the squared norms `[B, T]`, in the order in which the layer read.
  public func record(_ squares: Tensor) {
    let inTime = isReversed ? squares.reversedInTime(lengths: lengths) : squares
    found.withLock { $0 = inTime }
  }
}

/// Weights of a recurrent cell as tensors beside an input; gates stacked in rows.
public struct CellWeights: Sendable {
  /// Input weights `[G·H, D]`.
  public let ih: Tensor
  /// Recurrent weights `[G·H, H]`.
  public let hh: Tensor
  /// Input biases `[G·H]`.
  public let biasIH: Tensor
  /// Recurrent biases `[G·H]`.
  public let biasHH: Tensor

  /// The four parameters as operands beside `input`; `droppedHH` stands in for `hh`.
  public init(
    ih: Parameter, hh: Parameter, biasIH: Parameter, biasHH: Parameter,
    droppedHH: Tensor? = nil, beside input: Tensor
  ) {
    self.ih = ih.beside(input)
    self.hh = droppedHH ?? hh.beside(input)
    self.biasIH = biasIH.beside(input)
    self.biasHH = biasHH.beside(input)
  }

  /// The operands of a fused operation, in the order of its gradients.
  var operands: [Tensor] { [ih, hh, biasIH, biasHH] }
}

/// What the fused cells share: sizes, packed weights and the products after the time loop.
///
/// The kernels read [x, h] at every step. Weights of a very wide input would come from memory again
/// and again; then W x + b is one product over all steps first, and the kernel is given its result.
struct FusedCell: Sendable {
  let gates: Int
  let sizes: ck_sequence
  /// The biases that the kernel adds, of one step or of all.
  let biasIH: Tensor
  private let x: Tensor
  private let ih: Tensor?
  private let hh: Tensor
  private let xNeeds: Bool
  private let keepsPacking: Bool
  private let hasRecurrentBias: Bool

  /// Input features from which on W x + b is a product of its own.
  private static let wide = 1024
  /// Weights that stay in the cache of a core.
  private static let nearby = 1 << 18
  /// Rows of the batch that are worth a part of their own.
  private static let fewRows = 8

  /// A cell with stacked gates over `x` `[B, T, D]`, and its operands in the order of their gradients:
  /// x or W x + b, weights and biases. `sumsBiases` says that both biases meet in one sum,
  /// b_ih + b_hh, rather than in different places of the equations.
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
    guard input >= wide else {
      return (FusedCell(gates, reading: x, weights, sumsBiases), [x] + weights.operands)
    }
    let bias = sumsBiases ? weights.biasIH + weights.biasHH : weights.biasIH
    let z = x.linear(weights.ih, bias)
    return (
      FusedCell(gates, given: z, weights, sumsBiases),
      [z, weights.hh] + (sumsBiases ? [] : [weights.biasHH])
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
      sumsBiases ? weights.biasIH.detached + weights.biasHH.detached : weights.biasIH.detached
    hasRecurrentBias = !sumsBiases
  }

  private init(_ gates: Int, given z: Tensor, _ weights: CellWeights, _ sumsBiases: Bool) {
    self.gates = gates
    sizes = ck_sequence(
      batch: z.shape[0], time: z.shape[1], input: 0, hidden: weights.hh.shape.last, given: true)
    (x, ih, hh) = (z.detached, nil, weights.hh.detached)
    xNeeds = false
    keepsPacking = z.tape == nil
    biasIH = z.detached
    hasRecurrentBias = !sumsBiases
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
    let isa = Kernels.isa
    let packed = Storage(ck_cell_packed_size(isa, gates, sizes.input, sizes.hidden))
    ck_cell_pack(
      isa, gates, sizes.input, sizes.hidden, (ih ?? hh).base, hh.base, packed.base)
    return packed
  }

  /// The recurrent weights, packed for the backward pass.
  func packedBack() -> Storage {
    let packed = Storage(ck_cell_packed_back_size(Kernels.isa, gates, sizes.hidden))
    ck_cell_pack_back(Kernels.isa, gates, sizes.hidden, hh.base, packed.base)
    return packed
  }

  /// The gradients of the operands from those of the pre-activations `[B, T, G·H]`: `dzIH` of
  /// W_ih x + b_ih and `dzHH` of W_hh h' + b_hh.
  func gradients(dzIH: Tensor, dzHH: Tensor, h: Tensor, h0: Tensor) -> [Tensor?] {
    let (rows, stacked) = (sizes.batch * sizes.time, gates * sizes.hidden)
    let (ofIH, ofHH) = (Matrix(dzIH, rows, stacked), Matrix(dzHH, rows, stacked))
    let dHH = Tensor(uninitialized: hh.shape)
    let previous = Matrix(h.delayed(after: h0), rows, sizes.hidden)
    let recurrent = ofHH.transposed.product(previous, into: dHH)
    let biasHH = hasRecurrentBias ? Tensor(uninitialized: [stacked]) : nil
    let ofBiasHH = biasHH.map { dzHH.sum(ofRowsInto: $0) }
    guard let ih else {
      Product.run([recurrent], beside: [ofBiasHH])
      return [dzIH, dHH] + (biasHH.map { [$0] } ?? [])
    }
    let dx = xNeeds ? Tensor(uninitialized: x.shape) : nil
    let dIH = Tensor(uninitialized: ih.shape)
    let biasIH = Tensor(uninitialized: [stacked])
    Product.run(
      [
        recurrent, ofIH.transposed.product(Matrix(x, rows, sizes.input), into: dIH),
        dx.map { ofIH.product(Matrix(ih, stacked, sizes.input), into: $0) },
      ], beside: [dzIH.sum(ofRowsInto: biasIH), ofBiasHH])
    return [dx, dIH, dHH, biasIH, biasHH ?? biasIH]
  }
}

extension Tensor {
  /// `[B, T, W]` delayed by one step, after a `start` `[B, W]`. Has no gradient.
  func delayed(after start: Tensor) -> Tensor {
    let (batch, time, width) = sequenceSizes
    let row = time * width
    let result = Tensor(uninitialized: shape)
    Workers.run(batch, cost: 4 * count) { part in
      for b in part {
        let to = result.base + b * row
        to.update(from: start.base + b * width, count: width)
        (to + width).update(from: base + b * row, count: row - width)
      }
    }
    return result
  }
}
