import CKernels

/// What every step of an LSTM leaves, for its backward pass and to look at: `[B, T, H]` each.
final class LSTMSignals: Sendable {
  let i, f, g, o, c, tanhC, h: Tensor

  /// Signals for a kernel to fill.
  init(_ shape: Shape) {
    i = Tensor(uninitialized: shape)
    f = Tensor(uninitialized: shape)
    g = Tensor(uninitialized: shape)
    o = Tensor(uninitialized: shape)
    c = Tensor(uninitialized: shape)
    tanhC = Tensor(uninitialized: shape)
    h = Tensor(uninitialized: shape)
  }

  /// The same as kernels take them, from number `place` on.
  func at(_ place: Int) -> ck_lstm_signals {
    ck_lstm_signals(
      i: i.base + place, f: f.base + place, g: g.base + place, o: o.base + place,
      c: c.base + place, tanh_c: tanhC.base + place, h: h.base + place)
  }

  /// What is shown of them: i, f, g, o, c and h.
  var shown: [Tensor] { [i, f, g, o, c, h] }
}
