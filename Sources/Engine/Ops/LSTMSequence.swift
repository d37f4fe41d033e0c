import CKernels

/// A whole LSTM sequence as one operation: outputs, final state and every signal.
public struct LSTMSequence: Sendable {
  /// hₜ for every step, `[B, T, H]`.
  public let output: Tensor
  /// The final hidden and cell state, `[B, H]` each.
  public let h, c: Tensor
  /// i, f, g, o, c and h for every step, in this order, constants `[B, T, H]`.
  public let signals: [Tensor]

  /// Runs the fused kernel over `x` `[B, T, D]` from `h0`, `c0` `[B, H]`; gates i, f, g, o.
  public init(_ x: Tensor, h0: Tensor, c0: Tensor, weights: CellWeights, probe: GradientProbe?) {
    let (cell, operands) = FusedCell.over(
      x, gates: 4, states: [h0, c0], weights: weights, sumsBiases: true)
    let saved = Saved(cell.signalShape, h0: h0.detached, c0: c0.detached)
    saved.forward(cell, x)
    let last = cell.sizes.time - 1
    let outputs = [saved.signals.h, saved.signals.h.step(last), saved.signals.c.step(last)]
    let recorded = Tape.record(operands + [h0, c0], to: outputs) { gradients in
      saved.backward(cell, gradients, probe)
    }
    (output, h, c) = (recorded[0], recorded[1], recorded[2])
    signals = saved.signals.shown
  }

  /// What the backward pass needs of the forward pass.
  private final class Saved: Sendable {
    let signals: LSTMSignals
    let h0, c0: Tensor

    init(_ shape: Shape, h0: Tensor, c0: Tensor) {
      signals = LSTMSignals(shape)
      self.h0 = h0
      self.c0 = c0
    }

    func forward(_ cell: FusedCell, _ x: Tensor) {
      let packed = cell.packed()
      cell.run(inputs: cell.sizes.input) { rows, scratch in
        ck_lstm_forward(
          Kernels.isa, cell.sizes, rows.lowerBound, rows.upperBound, x.base, h0.base, c0.base,
          packed.base, cell.biasIH.base, signals.at(0), scratch)
      }
    }

    func backward(
      _ cell: FusedCell, _ gradients: [Tensor?], _ probe: GradientProbe?
    ) -> [Tensor?] {
      let sizes = cell.sizes
      let dz = Tensor(uninitialized: [sizes.batch, sizes.time, 4 * sizes.hidden])
      let dh0 = Tensor(uninitialized: cell.stateShape)
      let dc0 = Tensor(uninitialized: cell.stateShape)
      let squares = Tensor(uninitialized: [sizes.batch, sizes.time])
      let packed = cell.packedBack()
      cell.run(inputs: 0) { rows, scratch in
        ck_lstm_backward(
          Kernels.isa, sizes, rows.lowerBound, rows.upperBound, signals.at(0), c0.base, packed.base,
          gradients[0]?.base, gradients[1]?.base, gradients[2]?.base, dz.base, dh0.base, dc0.base,
          squares.base, scratch)
      }
      probe?.record(squares)
      return cell.gradients(dz: dz, h: signals.h, h0: h0) + [dh0, dc0]
    }
  }
}
