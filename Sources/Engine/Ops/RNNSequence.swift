import CKernels

/// A whole Elman RNN sequence as one operation: outputs and final state.
public struct RNNSequence: Sendable {
  /// The function that makes a state of a pre-activation.
  public enum Activation: String, Sendable, CaseIterable, Codable {
    /// The hyperbolic tangent.
    case tanh
    /// max(0, x).
    case relu

    var kernel: ck_activation { self == .tanh ? CK_TANH : CK_RELU }
  }

  /// hₜ for every step, `[B, T, H]`.
  public let output: Tensor
  /// The final hidden state, `[B, H]`.
  public let h: Tensor

  /// Runs the fused kernel over `x` `[B, T, D]` from `h0` `[B, H]`.
  public init(
    _ x: Tensor, h0: Tensor, weights: CellWeights, activation: Activation, probe: GradientProbe?
  ) {
    let (cell, operands) = FusedCell.over(
      x, gates: 1, states: [h0], weights: weights, sumsBiases: true)
    let sizes = cell.sizes
    let result = Tensor(uninitialized: cell.signalShape)
    let packed = cell.packed()
    cell.run(inputs: sizes.input) { rows, scratch in
      ck_rnn_forward(
        Kernels.isa, sizes, rows.lowerBound, rows.upperBound, activation.kernel, x.base, h0.base,
        packed.base, cell.biasIH.base, result.base, scratch)
    }
    let start = h0.detached
    let outputs = [result, result.step(sizes.time - 1)]
    let recorded = Tape.record(operands + [h0], to: outputs) { gradients in
      let dz = Tensor(uninitialized: cell.signalShape)
      let dh0 = Tensor(uninitialized: cell.stateShape)
      let squares = Tensor(uninitialized: [sizes.batch, sizes.time])
      let packed = cell.packedBack()
      cell.run(inputs: 0) { rows, scratch in
        ck_rnn_backward(
          Kernels.isa, sizes, rows.lowerBound, rows.upperBound, activation.kernel, result.base,
          packed.base, gradients[0]?.base, gradients[1]?.base, dz.base, dh0.base, squares.base,
          scratch)
      }
      probe?.record(squares)
      return cell.gradients(dz: dz, h: result, h0: start) + [dh0]
    }
    (output, h) = (recorded[0], recorded[1])
  }
}
