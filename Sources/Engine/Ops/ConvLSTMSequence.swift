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
  /// i, f, g, o, c and h for every step, constants `[B, T, C·H·W]`.
  public let signals: (i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor, h: Tensor)

  /// Runs the cell over `x` `[B, T, D·H·W]` from `h0`, `c0` `[B, C·H·W]`; the window keeps the size of
  /// the image.
  public init(
    _ x: Tensor, h0: Tensor, c0: Tensor, weights: ConvLSTMWeights, window: Window,
    probe: GradientProbe?
  ) {
    let cell = FusedConvLSTM(
      x.detached, h0.detached, c0.detached, weights.detached, window,
      inputNeedsGradient: x.needsGradient)
    cell.forward()
    let last = x.shape[1] - 1
    let signals = cell.signals
    let outputs = [signals.h, signals.h.step(last), signals.c.step(last)]
    let recorded = Tape.record([x] + weights.operands + [h0, c0], to: outputs) { gradients in
      cell.backward(gradients, probe)
    }
    (output, h, c) = (recorded[0], recorded[1], recorded[2])
    self.signals = signals.shown
  }
}

/// The loops over time. An image depends on itself only, so every part of the batch goes through all
/// time steps by itself. What the kernels see of input and state becomes one matrix, a few panels at
/// a time, and the gates are made of its product while that is in the cache.
private struct FusedConvLSTM: Sendable {
  /// What every step leaves, `[B, T, C·H·W]` each.
  let signals: LSTMSignals
  private let x, h0, c0: Tensor
  private let weights: ConvLSTMWeights
  private let window: Window
  private let batch, time, inputs, channels, places: Int
  private let xNeeds: Bool

  init(
    _ x: Tensor, _ h0: Tensor, _ c0: Tensor, _ weights: ConvLSTMWeights, _ window: Window,
    inputNeedsGradient: Bool
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
    xNeeds = inputNeedsGradient
    signals = LSTMSignals([batch, time, channels * places])
  }

  private var inputDepth: Int { inputs * window.taps }
  private var stateDepth: Int { channels * window.taps }
  private var depth: Int { inputDepth + stateDepth }
  private var gates: Int { 4 * channels }

  private func cost(depth: Int) -> Int {
    Workers.cost(multiplyAdds: batch * time * gates * depth * places)
  }

  /// Places that are unfolded at a time.
  private var chunk: Int { Kernels.unfoldedColumns(depth: depth) }

  /// [W_ih, W_hh] side by side, `[4C, depth]`.
  private var joined: Tensor {
    let joined = Tensor(uninitialized: [gates, depth])
    for (from, width, at) in [(weights.ih, inputDepth, 0), (weights.hh, stateDepth, inputDepth)] {
      copyRows(
        gates, width, from: from.base, stride: width, to: joined.base + at, stride: depth)
    }
    return joined
  }

  /// The peepholes of channel `channel` from place `place` on.
  private func peepholes(_ channel: Int, _ place: Int) -> ck_peepholes {
    guard let first = weights.peepholes.first else { return ck_peepholes() }
    let isEachPlace = first.count > channels
    let at = isEachPlace ? channel * places + place : channel
    let p = weights.peepholes.map { UnsafePointer($0.base + at) }
    return ck_peepholes(i: p[0], f: p[1], o: p[2], each_place: isEachPlace)
  }

  /// Where the state `state` of sequence `n` before step `t` begins, in `all` or in `start`.
  private func before(
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

  /// The gradients of x, W_ih, W_hh, b, the peepholes, h0 and c0.
  func backward(_ gradients: [Tensor?], _ probe: GradientProbe?) -> [Tensor?] {
    let dz = Tensor(uninitialized: [batch, time, gates * places])
    let (dh0, dc0) = (start(gradients[1]), start(gradients[2]))
    let sums = weights.peepholes.map { _ in Tensor.zeros([batch, channels * places]) }
    let squares = Tensor(uninitialized: [batch, time])
    let back = Tensor(uninitialized: [stateDepth, gates])
    ck_transpose(Kernels.isa, weights.hh.base, gates, stateDepth, back.base)
    Workers.run(batch, cost: cost(depth: stateDepth)) { part in
      let packed = Storage(ck_packed_size(Kernels.isa, gates, chunk))
      let columns = Storage(stateDepth * chunk)
      for n in part {
        for t in (0..<time).reversed() {
          squares.base[n * time + t] = gatesBack(n, t, gradients[0], dh0, dc0, dz, sums)
          // What reached h of this step is done with; dz of it reaches the step before.
          let dh = dh0.base + n * channels * places
          dh.update(repeating: 0, count: channels * places)
          for first in stride(from: 0, to: places, by: chunk) {
            let range = first..<min(first + chunk, places)
            stateBack(dz.base + (n * time + t) * gates * places, range, back, packed, columns, dh)
          }
        }
      }
    }
    probe?.record(squares)
    return productsBack(dz) + sums.map(peepholeGradient) + [dh0, dc0]
  }

  /// A gradient of a final state, to go back with; zeros when there is none.
  private func start(_ gradient: Tensor?) -> Tensor {
    gradient?.copy() ?? .zeros([batch, channels * places])
  }

  /// dz of one step of one sequence; returns ‖dh‖².
  private func gatesBack(
    _ n: Int, _ t: Int, _ dy: Tensor?, _ dh: Tensor, _ dc: Tensor, _ dz: Tensor, _ sums: [Tensor]
  ) -> Float {
    let c = before(n, t, signals.c, c0)
    let (step, state) = ((n * time + t) * channels * places, n * channels * places)
    var square = 0.0
    for channel in 0..<channels {
      let place = channel * places
      let sums = sums.map { $0.base + state + place }
      square += ck_conv_lstm_backward(
        Kernels.isa, places, signals.at(step + place), c + place, peepholes(channel, 0),
        dy.map { $0.base + step + place }, dh.base + state + place, dc.base + state + place,
        dz.base + (n * time + t) * gates * places + place, channels * places,
        sums.isEmpty
          ? ck_peephole_sums() : ck_peephole_sums(i: sums[0], f: sums[1], o: sums[2]))
    }
    return Float(square)
  }

  /// Adds W_hhᵀ dz of some places to `dh`.
  private func stateBack(
    _ dz: UnsafePointer<Float>, _ range: Range<Int>, _ back: Tensor, _ packed: Storage,
    _ columns: Storage, _ dh: UnsafeMutablePointer<Float>
  ) {
    let (isa, count) = (Kernels.isa, range.count)
    var sliding = window.over(channels: channels)
    let gradient = ck_matrix(data: dz + range.lowerBound, row: places, column: 1)
    ck_pack(isa, gradient, gates, count, 0, Kernels.panels(count), packed.base)
    ck_product(
      isa, ck_matrix(data: back.base, row: gates, column: 1), packed.base, columns.base, count,
      gates, count, 0, stateDepth, 0, Kernels.panels(count), ck_bias(), false, nil)
    ck_fold(isa, &sliding, columns.base, count, range.lowerBound, count, dh)
  }

  /// The gradients of x, W_ih, W_hh and b: convolutions over all steps alike.
  private func productsBack(_ dz: Tensor) -> [Tensor?] {
    func convolution(_ channels: Int) -> ImageConvolution {
      ImageConvolution(
        images: batch * time, inChannels: channels, outChannels: gates, groups: 1, window: window)
    }
    let dx =
      xNeeds
      ? convolution(inputs).gradientOfInput(dz, weights.ih, shape: x.shape) : nil
    let dIH = convolution(inputs).gradientOfWeight(x, dz, shape: weights.ih.shape)
    let dHH = convolution(channels)
      .gradientOfWeight(signals.h.delayed(after: h0), dz, shape: weights.hh.shape)
    return [dx, dIH, dHH, dz.sumOfChannels(gates, places)]
  }

  /// The gradient of a peephole from its sums at every place, `[B, C·H·W]`.
  private func peepholeGradient(_ sums: Tensor) -> Tensor {
    let shape = weights.peepholes[0].shape
    let overBatch = sums.sumOfRows()
    return shape.count > channels
      ? overBatch.reshaped(shape) : overBatch.sumOfChannels(channels, places)
  }
}
