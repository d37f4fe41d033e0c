import CKernels

extension Tensor {
  /// The convolution (cross-correlation) of images, channels first.
  ///
  ///     y[n, o, p] = b[o] + Σ_c Σ_tap W[o, c, tap] x[n, c, seen(p, tap)]
  ///
  /// `self` is `[…, C, in]` with the window's input axes, `weight` `[O, C / groups, kernel]`, `bias`
  /// `[O]`; the result is `[…, O, out]`. Group g of outputs sees group g of channels only.
  public func convolved(
    _ weight: Tensor, _ bias: Tensor? = nil, _ window: Window, groups: Int = 1
  ) -> Tensor {
    let plan = ImageConvolution(
      images: count / (weight.shape[1] * groups * window.inputs),
      inChannels: weight.shape[1] * groups, outChannels: weight.shape[0], groups: groups,
      window: window)
    precondition(count == plan.images * plan.inChannels * window.inputs, "Images fill the tensor.")
    let leading = shape.dimensions.dropLast(window.input.count + 1)
    let result = Tensor(uninitialized: Shape(leading + [plan.outChannels] + window.output))
    plan.forward(self, weight, bias, into: result)
    let (x, w) = (detached, weight.detached)
    let needs = [self, weight].map(\.needsGradient)
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      let dx = needs[0] ? plan.gradientOfInput(dy, w, shape: x.shape) : nil
      let dw = needs[1] ? plan.gradientOfWeight(x, dy, shape: w.shape) : nil
      return [dx, dw, dy.sumOfChannels(plan.outChannels, window.outputs)]
    }
  }

  /// The transposed convolution of images: the adjoint of `convolved`, which maps the window's
  /// output axes to its input axes.
  ///
  /// `self` is `[…, C, out]`, `weight` `[C, O / groups, kernel]`, `bias` `[O]`; the result is
  /// `[…, O, in]`.
  public func convolvedTransposed(
    _ weight: Tensor, _ bias: Tensor? = nil, _ window: Window, groups: Int = 1
  ) -> Tensor {
    let plan = ImageConvolution(
      images: count / (weight.shape[0] * window.outputs), inChannels: weight.shape[1] * groups,
      outChannels: weight.shape[0], groups: groups, window: window)
    precondition(count == plan.images * plan.outChannels * window.outputs, "Images fill it.")
    let leading = shape.dimensions.dropLast(window.output.count + 1)
    let (x, w) = (detached, weight.detached)
    let result = plan.gradientOfInput(
      x, w, shape: Shape(leading + [plan.inChannels] + window.input))
    if let bias { plan.addToChannels(bias, of: result) }
    let needs = [self, weight].map(\.needsGradient)
    return Tape.record([self, weight] + (bias.map { [$0] } ?? []), to: result) { dy in
      var dx: Tensor?
      if needs[0] {
        let gradient = Tensor(uninitialized: x.shape)
        plan.forward(dy, w, nil, into: gradient)
        dx = gradient
      }
      let dw = needs[1] ? plan.gradientOfWeight(dy, x, shape: w.shape) : nil
      return [dx, dw, dy.sumOfChannels(plan.inChannels, window.inputs)]
    }
  }
}

/// The three products of a convolution of images. What a kernel sees of an image is unfolded a few
/// panels at a time, into buffers that stay in the cache, and never as a whole.
private struct ImageConvolution: Sendable {
  let images, inChannels, outChannels, groups: Int
  let window: Window

  /// Channels of one group on both sides, and rows of what it sees.
  private var groupInputs: Int { inChannels / groups }
  private var groupOutputs: Int { outChannels / groups }
  private var depth: Int { groupInputs * window.taps }
  /// Multiply-adds in vectors, as `Workers` counts.
  private var cost: Int { images * outChannels * depth * window.outputs / 16 }

  /// Columns that are unfolded at a time: whole panels, up to 256 kB.
  private var chunk: Int {
    let width = ck_panel_width(Kernels.isa)
    return max(1, 65_536 / (depth * width)) * width
  }

  /// The places of group `g` of image `n`, on both sides and in the weights.
  private func input(_ x: Tensor, _ n: Int, _ g: Int) -> UnsafeMutablePointer<Float> {
    x.base + (n * inChannels + g * groupInputs) * window.inputs
  }
  private func output(_ y: Tensor, _ n: Int, _ g: Int) -> UnsafeMutablePointer<Float> {
    y.base + (n * outChannels + g * groupOutputs) * window.outputs
  }
  private func weights(_ w: Tensor, _ g: Int) -> UnsafeMutablePointer<Float> {
    w.base + g * groupOutputs * depth
  }

  func forward(_ x: Tensor, _ w: Tensor, _ bias: Tensor?, into y: Tensor) {
    let (positions, chunk, depth) = (window.outputs, chunk, depth)
    let chunks = (positions + chunk - 1) / chunk
    Workers.run(images * groups * chunks, cost: cost) { units in
      let packed = Storage(depth * chunk)
      let scratch = Storage(ck_product_scratch(Kernels.isa, groupOutputs, depth))
      for unit in units {
        let (n, g, first) = (unit / chunks / groups, unit / chunks % groups, unit % chunks * chunk)
        let columns = min(chunk, positions - first)
        let panels = pack(input(x, n, g), first, columns, into: packed)
        let to = output(y, n, g) + first
        ck_product(
          Kernels.isa, ck_matrix(data: weights(w, g), row: depth, column: 1), packed.base, to,
          positions, depth, columns, 0, groupOutputs, 0, panels, nil, false, scratch.base)
        guard let bias else { continue }
        for o in 0..<groupOutputs {
          let row = to + o * positions
          ck_affine(Kernels.isa, row, 1, bias.base[g * groupOutputs + o], row, columns)
        }
      }
    }
  }

  /// Unfolds columns straight into the panels of a packed matrix; returns the number of panels.
  private func pack(
    _ image: UnsafePointer<Float>, _ first: Int, _ columns: Int, into packed: Storage
  ) -> Int {
    var sliding = window.over(channels: groupInputs)
    let (width, lanes) = (ck_panel_width(Kernels.isa), ck_isa_lanes(Kernels.isa))
    let panels = (columns + width - 1) / width
    for panel in 0..<panels {
      let count = min(width, columns - panel * width)
      let stride = (count + lanes - 1) / lanes * lanes
      let to = packed.base + panel * width * depth
      if stride > count { to.update(repeating: 0, count: depth * stride) }
      ck_unfold(&sliding, image, first + panel * width, count, to, stride)
    }
    return panels
  }

  func gradientOfInput(_ dy: Tensor, _ w: Tensor, shape: Shape) -> Tensor {
    let dx = Tensor.zeros(shape)
    let (positions, chunk, depth) = (window.outputs, chunk, depth)
    let width = ck_panel_width(Kernels.isa)
    Workers.run(images, cost: cost) { part in
      var sliding = window.over(channels: groupInputs)
      let packed = Storage(ck_packed_size(Kernels.isa, groupOutputs, chunk))
      let columns = Storage(depth * chunk)
      let scratch = Storage(ck_product_scratch(Kernels.isa, depth, groupOutputs))
      for (n, g) in part.lazy.flatMap({ n in (0..<groups).lazy.map { (n, $0) } }) {
        for first in stride(from: 0, to: positions, by: chunk) {
          let count = min(chunk, positions - first)
          let panels = (count + width - 1) / width
          let gradient = ck_matrix(data: output(dy, n, g) + first, row: positions, column: 1)
          ck_pack(Kernels.isa, gradient, groupOutputs, count, 0, panels, packed.base)
          ck_product(
            Kernels.isa, ck_matrix(data: weights(w, g), row: 1, column: depth), packed.base,
            columns.base, count, groupOutputs, count, 0, depth, 0, panels, nil, false,
            scratch.base)
          ck_fold(&sliding, columns.base, count, first, count, input(dx, n, g))
        }
      }
    }
    return dx
  }

  /// Every block of images has a sum of its own; the number of blocks depends on the sizes only.
  func gradientOfWeight(_ x: Tensor, _ dy: Tensor, shape: Shape) -> Tensor {
    let blocks = min(images, 8)
    let sums = (0..<blocks).map { _ in Tensor.zeros(shape) }
    Workers.run(blocks, cost: cost) { part in
      for block in part {
        let range = block * images / blocks..<(block + 1) * images / blocks
        addGradientOfWeight(x, dy, of: range, to: sums[block])
      }
    }
    return sums.sum()
  }

  private func addGradientOfWeight(
    _ x: Tensor, _ dy: Tensor, of range: Range<Int>, to dw: Tensor
  ) {
    let (positions, chunk, depth) = (window.outputs, chunk, depth)
    let width = ck_panel_width(Kernels.isa)
    let panels = (depth + width - 1) / width
    var sliding = window.over(channels: groupInputs)
    let columns = Storage(depth * chunk)
    let packed = Storage(ck_packed_size(Kernels.isa, chunk, depth))
    let scratch = Storage(ck_product_scratch(Kernels.isa, groupOutputs, chunk))
    for n in range {
      for g in 0..<groups {
        for first in stride(from: 0, to: positions, by: chunk) {
          let count = min(chunk, positions - first)
          ck_unfold(&sliding, input(x, n, g), first, count, columns.base, count)
          let seen = ck_matrix(data: columns.base, row: 1, column: count)
          ck_pack(Kernels.isa, seen, count, depth, 0, panels, packed.base)
          let gradient = ck_matrix(data: output(dy, n, g) + first, row: positions, column: 1)
          ck_product(
            Kernels.isa, gradient, packed.base, weights(dw, g), depth, count, depth, 0,
            groupOutputs, 0, panels, nil, true, scratch.base)
        }
      }
    }
  }

  /// Adds one number to every input channel of all images.
  func addToChannels(_ bias: Tensor, of x: Tensor) {
    for row in 0..<images * inChannels {
      let place = x.base + row * window.inputs
      ck_affine(Kernels.isa, place, 1, bias.base[row % inChannels], place, window.inputs)
    }
  }
}

extension [Tensor] {
  /// The sum of tensors of one shape, in their order, in the block of the first.
  func sum() -> Tensor {
    for other in dropFirst() {
      ck_add_scaled(Kernels.isa, other.base, 1, self[0].base, self[0].count)
    }
    return self[0]
  }
}
