import CKernels

/// Weights of a convolutional LSTM as tensors beside an input; gates i, f, g, o stacked.
public struct ConvLSTMWeights: Sendable {
  /// Kernels over the input, `[4C, D, k, k]`, and over the hidden state, `[4C, C, k, k]`.
  public let ih, hh: Tensor
  /// Biases `[4C]`.
  public let bias: Tensor
  /// Peepholes p_i, p_f, p_o, `[C]` or `[C, H, W]` each; empty: none.
  public let peepholes: [Tensor]

  /// The weights of one cell.
  public init(ih: Tensor, hh: Tensor, bias: Tensor, peepholes: [Tensor]) {
    precondition(peepholes.isEmpty || peepholes.count == 3, "Peepholes are p_i, p_f and p_o.")
    self.ih = ih
    self.hh = hh
    self.bias = bias
    self.peepholes = peepholes
  }

  var operands: [Tensor] { [ih, hh, bias] + peepholes }

  var detached: ConvLSTMWeights {
    ConvLSTMWeights(
      ih: ih.detached, hh: hh.detached, bias: bias.detached,
      peepholes: peepholes.map(\.detached))
  }
}

/// A whole convolutional LSTM sequence as one operation: outputs, final state and every signal.
public struct ConvLSTMSequence: Sendable {
  /// hₜ for every step, `[B, T, C·H·W]`.
  public let output: Tensor
  /// The final hidden and cell state, `[B, C·H·W]` each.
  public let h, c: Tensor
  /// i, f, g, o, c and h for every step, in this order, constants `[B, T, C·H·W]`.
  public let signals: [Tensor]

  /// Runs the cell over `x` `[B, T, D·H·W]` from `h0`, `c0` `[B, C·H·W]`; the window keeps the size of
  /// the image.
  public init(
    _ x: Tensor, h0: Tensor, c0: Tensor, weights: ConvLSTMWeights, window: Window,
    probe: GradientProbe?
  ) {
    let cell = FusedConvLSTM(x.detached, h0.detached, c0.detached, weights.detached, window)
    cell.forward()
    let needsInput = x.needsGradient
    let last = x.shape[1] - 1
    let signals = cell.signals
    let outputs = [signals.h, signals.h.step(last), signals.c.step(last)]
    let recorded = Tape.record([x] + weights.operands + [h0, c0], to: outputs) { gradients in
      ConvLSTMGradients(of: cell, from: gradients, ofInput: needsInput).all(probe)
    }
    (output, h, c) = (recorded[0], recorded[1], recorded[2])
    self.signals = signals.shown
  }
}

/// The loops over time. An image depends on itself only, so every part of the batch goes through all
/// time steps by itself. What the kernels see of input and state becomes one matrix, a few panels at
/// a time, and the gates are made of its product while that is in the cache.
struct FusedConvLSTM: Sendable {
  /// What every step leaves, `[B, T, C·H·W]` each.
  let signals: LSTMSignals
  let x, h0, c0: Tensor
  let weights: ConvLSTMWeights
  let window: Window
  let batch, time, inputs, channels, places: Int

  init(
    _ x: Tensor, _ h0: Tensor, _ c0: Tensor, _ weights: ConvLSTMWeights, _ window: Window
  ) {
    let (batch, time, places) = (x.shape[0], x.shape[1], window.inputs)
    let (inputs, channels) = (weights.ih.shape[1], weights.hh.shape[1])
    precondition(window.outputs == places, "The window keeps the size of the image.")
    precondition(x.shape == [batch, time, inputs * places], "x is [B, T, D·H·W].")
    precondition(
      h0.shape == [batch, channels * places] && c0.shape == h0.shape, "A state is [B, C·H·W].")
    (self.batch, self.time, self.places) = (batch, time, places)
    (self.inputs, self.channels) = (inputs, channels)
    (self.x, self.h0, self.c0, self.weights, self.window) = (x, h0, c0, weights, window)
    signals = LSTMSignals([batch, time, channels * places])
  }

  var inputDepth: Int { inputs * window.taps }
  var stateDepth: Int { channels * window.taps }
  var depth: Int { inputDepth + stateDepth }
  var gates: Int { 4 * channels }

  func cost(depth: Int) -> Int {
    Workers.cost(multiplyAdds: batch * time * gates * depth * places)
  }

  /// Places that are unfolded at a time.
  var chunk: Int { Kernels.unfoldedColumns(depth: depth) }

  /// [W_ih, W_hh] side by side, `[4C, depth]`.
  var joined: Tensor {
    let joined = Tensor(uninitialized: [gates, depth])
    for (from, width, at) in [(weights.ih, inputDepth, 0), (weights.hh, stateDepth, inputDepth)] {
      copyRows(
        gates, width, from: from.base, stride: width, to: joined.base + at, stride: depth)
    }
    return joined
  }

  /// The peepholes of channel `channel` from place `place` on.
  func peepholes(_ channel: Int, _ place: Int) -> ck_peepholes {
    guard let first = weights.peepholes.first else { return ck_peepholes() }
    let isEachPlace = first.count > channels
    let at = isEachPlace ? channel * places + place : channel
    let p = weights.peepholes.map { UnsafePointer($0.base + at) }
    return ck_peepholes(i: p[0], f: p[1], o: p[2], each_place: isEachPlace)
  }

  /// Where the state `state` of sequence `n` before step `t` begins, in `all` or in `start`.
  func before(
    _ n: Int, _ t: Int, _ all: Tensor, _ start: Tensor
  ) -> UnsafeMutablePointer<Float> {
    let size = channels * places
    return t == 0 ? start.base + n * size : all.base + (n * time + t - 1) * size
  }

  func forward() {
    let joined = joined
    Workers.run(batch, cost: cost(depth: depth)) { part in
      let packed = Storage(depth * chunk)
      let z = Storage(gates * chunk)
      for n in part {
        for t in 0..<time {
          for first in stride(from: 0, to: places, by: chunk) {
            step(n, t, first..<min(first + chunk, places), joined, packed, z)
          }
        }
      }
    }
  }

  /// Some places of one step of one sequence.
  private func step(
    _ n: Int, _ t: Int, _ range: Range<Int>, _ joined: Tensor, _ packed: Storage, _ z: Storage
  ) {
    let (isa, count) = (Kernels.isa, range.count)
    var (overInput, overState) = (window.over(channels: inputs), window.over(channels: channels))
    ck_unfold_panels(
      isa, &overInput, x.base + (n * time + t) * inputs * places, range.lowerBound, count,
      packed.base, 0, depth)
    ck_unfold_panels(
      isa, &overState, before(n, t, signals.h, h0), range.lowerBound, count, packed.base,
      inputDepth, depth)
    ck_product(
      isa, ck_matrix(data: joined.base, row: depth, column: 1), packed.base, z.base, count, depth,
      count, 0, gates, 0, Kernels.panels(count), ck_bias(), false, nil)
    let c = before(n, t, signals.c, c0)
    for channel in 0..<channels {
      let place = channel * places + range.lowerBound
      ck_conv_lstm_forward(
        isa, count, z.base + channel * count, channels * count, weights.bias.base + channel,
        channels, peepholes(channel, range.lowerBound), c + place,
        signals.at((n * time + t) * channels * places + place))
    }
  }
}
