import CKernels

/// The three products of a convolution of images. What a kernel sees of an image is unfolded a few
/// panels at a time, into buffers that stay in the cache, and never as a whole.
struct ImageConvolution: Sendable {
  let images, inChannels, outChannels, groups: Int
  let window: Window

  /// Channels of one group on both sides, and rows of what it sees.
  private var groupInputs: Int { inChannels / groups }
  private var groupOutputs: Int { outChannels / groups }
  private var depth: Int { groupInputs * window.taps }
  private var cost: Int {
    Workers.cost(multiplyAdds: images * outChannels * depth * window.outputs)
  }

  /// Columns that are unfolded at a time.
  private var chunk: Int { Kernels.unfoldedColumns(depth: depth) }

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
      var sliding = window.over(channels: groupInputs)
      let packed = Storage(depth * chunk)
      for unit in units {
        let (n, g, first) = (unit / chunks / groups, unit / chunks % groups, unit % chunks * chunk)
        let columns = min(chunk, positions - first)
        ck_unfold_panels(
          Kernels.isa, &sliding, input(x, n, g), first, columns, packed.base, 0, depth)
        let to = output(y, n, g) + first
        let start = bias.map { UnsafePointer($0.base + g * groupOutputs) }
        ck_product(
          Kernels.isa, ck_matrix(data: weights(w, g), row: depth, column: 1), packed.base, to,
          positions, depth, columns, 0, groupOutputs, 0, Kernels.panels(columns),
          ck_bias(of_columns: nil, of_rows: start), false, nil)
      }
    }
  }

  func gradientOfInput(_ dy: Tensor, _ w: Tensor, shape: Shape) -> Tensor {
    let dx = Tensor.zeros(shape)
    let (positions, chunk, depth) = (window.outputs, chunk, depth)
    let back = transposed(w, groupOutputs, depth)
    Workers.run(images, cost: cost) { part in
      var sliding = window.over(channels: groupInputs)
      let packed = Storage(ck_packed_size(Kernels.isa, groupOutputs, chunk))
      let columns = Storage(depth * chunk)
      for (n, g) in part.lazy.flatMap({ n in (0..<groups).lazy.map { (n, $0) } }) {
        for first in stride(from: 0, to: positions, by: chunk) {
          let count = min(chunk, positions - first)
          let gradient = ck_matrix(data: output(dy, n, g) + first, row: positions, column: 1)
          ck_pack(Kernels.isa, gradient, groupOutputs, count, 0, Kernels.panels(count), packed.base)
          ck_product(
            Kernels.isa, ck_matrix(data: weights(back, g), row: groupOutputs, column: 1),
            packed.base, columns.base, count, groupOutputs, count, 0, depth, 0,
            Kernels.panels(count), ck_bias(), false, nil)
          ck_fold(Kernels.isa, &sliding, columns.base, count, first, count, input(dx, n, g))
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
    return transposed(sums.sum(), depth, groupOutputs)
  }

  /// Adds to the gradient of the weights as `[group, depth, O of the group]`: what is seen stays as
  /// it is unfolded, and only the gradient of the outputs, which is smaller, is packed.
  private func addGradientOfWeight(
    _ x: Tensor, _ dy: Tensor, of range: Range<Int>, to dw: Tensor
  ) {
    let (positions, chunk, depth) = (window.outputs, chunk, depth)
    var sliding = window.over(channels: groupInputs)
    let columns = Storage(depth * chunk)
    let packed = Storage(ck_packed_size(Kernels.isa, chunk, groupOutputs))
    for (n, g) in range.lazy.flatMap({ n in (0..<groups).lazy.map { (n, $0) } }) {
      for first in stride(from: 0, to: positions, by: chunk) {
        let count = min(chunk, positions - first)
        ck_unfold(Kernels.isa, &sliding, input(x, n, g), first, count, columns.base, count)
        let gradient = ck_matrix(data: output(dy, n, g) + first, row: 1, column: positions)
        ck_pack(
          Kernels.isa, gradient, count, groupOutputs, 0, Kernels.panels(groupOutputs), packed.base)
        ck_product(
          Kernels.isa, ck_matrix(data: columns.base, row: count, column: 1), packed.base,
          weights(dw, g), groupOutputs, count, groupOutputs, 0, depth, 0,
          Kernels.panels(groupOutputs), ck_bias(), true, nil)
      }
    }
  }

  /// Every group's matrix in `weights`, `rows` × `columns`, transposed; in the same shape.
  private func transposed(_ weights: Tensor, _ rows: Int, _ columns: Int) -> Tensor {
    let result = Tensor(uninitialized: weights.shape)
    for g in 0..<groups {
      ck_transpose(
        Kernels.isa, self.weights(weights, g), rows, columns, self.weights(result, g))
    }
    return result
  }

  /// Adds one number to every input channel of all images.
  func addToChannels(_ bias: Tensor, of x: Tensor) {
    for row in 0..<images * inChannels {
      let place = x.base + row * window.inputs
      ck_affine(Kernels.isa, place, 1, bias.base[row % inChannels], place, window.inputs)
    }
  }
}
