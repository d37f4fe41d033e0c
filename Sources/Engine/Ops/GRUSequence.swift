import CKernels

/// A whole GRU sequence as one operation: outputs, final state and every signal.
public struct GRUSequence: Sendable {
  /// hₜ for every step, `[B, T, H]`.
  public let output: Tensor
  /// The final hidden state, `[B, H]`.
  public let h: Tensor
  /// r, z, n and h for every step, in this order, constants `[B, T, H]`.
  public let signals: [Tensor]

  /// Runs the fused kernel over `x` `[B, T, D]` from `h0` `[B, H]`; gates r, z, n.
  public init(_ x: Tensor, h0: Tensor, weights: CellWeights, probe: GradientProbe?) {
    let (cell, operands) = FusedCell.over(
      x, gates: 3, states: [h0], weights: weights, sumsBiases: false)
    let saved = Saved(cell.signalShape, h0: h0.detached)
    saved.forward(cell, x, weights)
    let outputs = [saved.h, saved.h.step(cell.sizes.time - 1)]
    let recorded = Tape.record(operands + [h0], to: outputs) { gradients in
      saved.backward(cell, gradients, probe)
    }
    (output, h) = (recorded[0], recorded[1])
    signals = [saved.r, saved.z, saved.n, saved.h]
  }

  /// What the backward pass needs of the forward pass.
  private final class Saved: Sendable {
    let r, z, n, q, h, h0: Tensor

    init(_ shape: Shape, h0: Tensor) {
      r = Tensor(uninitialized: shape)
      z = Tensor(uninitialized: shape)
      n = Tensor(uninitialized: shape)
      q = Tensor(uninitialized: shape)
      h = Tensor(uninitialized: shape)
      self.h0 = h0
    }

    var signals: ck_gru_signals {
      ck_gru_signals(r: r.base, z: z.base, n: n.base, q: q.base, h: h.base)
    }

    func forward(_ cell: FusedCell, _ x: Tensor, _ weights: CellWeights) {
      let packed = cell.packed()
      cell.run(inputs: cell.sizes.input) { rows, scratch in
        ck_gru_forward(
          Kernels.isa, cell.sizes, rows.lowerBound, rows.upperBound, x.base, h0.base, packed.base,
          cell.biasIH.base, weights.biasHH.base, signals, scratch)
      }
    }

    func backward(
      _ cell: FusedCell, _ gradients: [Tensor?], _ probe: GradientProbe?
    ) -> [Tensor?] {
      let sizes = cell.sizes
      let dzIH = Tensor(uninitialized: [sizes.batch, sizes.time, 3 * sizes.hidden])
      let dzHH = Tensor(uninitialized: dzIH.shape)
      let dh0 = Tensor(uninitialized: cell.stateShape)
      let squares = Tensor(uninitialized: [sizes.batch, sizes.time])
      let packed = cell.packedBack()
      cell.run(inputs: 0) { rows, scratch in
        ck_gru_backward(
          Kernels.isa, sizes, rows.lowerBound, rows.upperBound, signals, h0.base, packed.base,
          gradients[0]?.base, gradients[1]?.base, dzIH.base, dzHH.base, dh0.base, squares.base,
          scratch)
      }
      probe?.record(squares)
      return cell.gradients(dzIH: dzIH, dzHH: dzHH, h: h, h0: h0) + [dh0]
    }
  }
}
