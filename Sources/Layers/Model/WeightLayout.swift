import Engine
import Formats

/// How a library names, turns and stacks the weights of a layer.
///
/// | layout | matrices | LSTM gates | GRU gates | biases of a cell |
/// |---|---|---|---|---|
/// | `pytorch` | `[out, in]` | i f g o | r z n | two |
/// | `keras` | `[in, out]` | i f g o | z r n | one; of a GRU with `reset_after` two, as rows |
/// | `tf1` | `[in + H, out]` | i g f o | | one; 1 is added to the forget gate's at run time |
/// | `cooijmans` | `[in, out]` | f i o g | | one |
///
/// The program's own layout is that of PyTorch.
public enum WeightLayout: String, CaseIterable, Sendable {
  /// PyTorch's, which is the program's own.
  case pytorch
  /// Keras's: `kernel`, `recurrent_kernel`, `bias`, `embeddings`, `gamma`, `beta`.
  case keras
  /// That of TensorFlow 1 (`BasicLSTMCell`): one `kernel` for inputs above states.
  case tf1
  /// That of Cooijmans et al., Recurrent Batch Normalization, with the names of Keras.
  case cooijmans

  /// Where our gates, i f g o of an LSTM and r z n of a GRU, stand in a stack of `count`; nil where
  /// the layout has no such cell.
  fileprivate func gates(_ count: Int) -> [Int]? {
    switch (count, self) {
    case (1, _): [0]
    case (3, .keras): [1, 0, 2]
    case (4, .keras): [0, 1, 2, 3]
    case (4, .tf1): [0, 2, 1, 3]
    case (4, .cooijmans): [1, 0, 3, 2]
    default: nil
    }
  }

  /// What is added to the forget gate's bias at run time.
  fileprivate var forgetBias: Float { self == .tf1 ? 1 : 0 }

  /// Their names of what is ours beside a layer's matrices.
  fileprivate static let names = [
    "weight": "gamma", "bias": "beta", "running_mean": "moving_mean",
    "running_var": "moving_variance",
  ]
}

extension Network {
  /// `weights` of `layout` as this network has them, for `load`.
  ///
  /// A layer `lstm` is looked for as `lstm.kernel`, `lstm.recurrent_kernel` and `lstm.bias`, one that
  /// reads both ways as `lstm.forward.kernel`, `lstm.backward.kernel` and so on. What is not found is
  /// left as it is named. Throws when shapes do not fit.
  public func weights(
    _ weights: [(name: String, value: Tensor)], in layout: WeightLayout
  ) throws(ShapeError) -> [(name: String, value: Tensor)] {
    guard layout != .pytorch else { return weights }
    var given = LaidOutWeights(layout: layout, tensors: weights)
    for (name, parameter) in saved {
      guard let dot = name.lastIndex(of: ".") else { continue }
      let (layer, part) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      if part.hasPrefix("weight_hh_l0") {
        let reverse = part.hasSuffix("_reverse")
        let lane = layer + (reverse ? ".backward" : ".forward")
        try given.takeCell(
          given.has(lane + ".kernel") ? lane : layer, as: layer, reverse ? "_reverse" : "",
          gates: parameter.value.shape[0] / parameter.value.shape[1],
          hidden: parameter.value.shape[1])
      } else {
        given.take(layer, part)
      }
    }
    return given.converted + given.rest
  }
}

/// Weights of another layout, and what was made of them.
private struct LaidOutWeights {
  let layout: WeightLayout
  private var tensors: [(name: String, value: Tensor)]
  private(set) var converted: [(name: String, value: Tensor)] = []

  init(layout: WeightLayout, tensors: [(name: String, value: Tensor)]) {
    self.layout = layout
    self.tensors = tensors
  }

  /// What nothing was made of.
  var rest: [(name: String, value: Tensor)] { tensors }

  func has(_ name: String) -> Bool { tensors.contains { $0.name == name } }

  private mutating func remove(_ name: String) -> Tensor? {
    tensors.firstIndex { $0.name == name }.map { tensors.remove(at: $0).value }
  }

  /// A matrix, a kernel `[…, in, out]`, an embedding or a vector of `layer`.
  mutating func take(_ layer: String, _ part: String) {
    if part == "weight", let kernel = remove(layer + ".kernel") {
      converted.append((layer + ".weight", kernel.outputsFirst))
    } else if part == "weight", let table = remove(layer + ".embeddings") {
      converted.append((layer + ".weight", table))
    } else if let theirs = WeightLayout.names[part], let vector = remove("\(layer).\(theirs)") {
      converted.append(("\(layer).\(part)", vector))
    }
  }

  /// One direction of a recurrent cell called `theirs` in the file and `ours` here.
  mutating func takeCell(
    _ theirs: String, as ours: String, _ suffix: String, gates count: Int, hidden: Int
  ) throws(ShapeError) {
    guard has(theirs + ".kernel") else { return }
    guard let order = layout.gates(count) else {
      throw ShapeError(
        "The layout \(layout.rawValue) has no cell of \(count) gates, as '\(ours)' is. "
          + "Use the layout pytorch or keras.")
    }
    guard var kernel = remove(theirs + ".kernel") else { return }
    var recurrent = remove(theirs + ".recurrent_kernel")
    if layout == .tf1, kernel.shape.rank == 2, kernel.shape[0] > hidden {
      let inputs = kernel.shape[0] - hidden
      recurrent = kernel.rows(inputs..<inputs + hidden)
      kernel = kernel.rows(0..<inputs)
    }
    let bias = remove(theirs + ".bias") ?? .zeros([count * hidden])
    guard let recurrent, kernel.shape.rank == 2, kernel.shape[1] == count * hidden,
      recurrent.shape == [hidden, count * hidden], bias.count % (count * hidden) == 0
    else {
      throw ShapeError(
        "'\(ours)' needs a kernel [inputs, \(count * hidden)], a recurrent kernel "
          + "[\(hidden), \(count * hidden)] and biases of \(count * hidden), got \(kernel.shape), "
          + "\(recurrent.map { "\($0.shape)" } ?? "none") and \(bias.shape). "
          + "Use the session that they were trained with.")
    }
    let rows = order.flatMap { $0 * hidden..<($0 + 1) * hidden }
    let parts = bias.scalars
    var input = rows.map { parts[$0] }
    if count == 4 { for unit in hidden..<2 * hidden { input[unit] += layout.forgetBias } }
    let second = bias.count > rows.count ? rows.map { parts[rows.count + $0] } : nil
    converted += [
      ("\(ours).weight_ih_l0\(suffix)", kernel.columns(rows)),
      ("\(ours).weight_hh_l0\(suffix)", recurrent.columns(rows)),
      ("\(ours).bias_ih_l0\(suffix)", Tensor(input, [rows.count])),
      (
        "\(ours).bias_hh_l0\(suffix)",
        Tensor(second ?? Array(repeating: 0, count: rows.count), [rows.count])
      ),
    ]
  }
}

extension Tensor {
  /// The columns `chosen` of a matrix `[N, M]` as rows, `[chosen, N]`.
  fileprivate func columns(_ chosen: [Int]) -> Tensor {
    let (values, rows, width) = (scalars, shape[0], shape[1])
    return Tensor(
      chosen.flatMap { column in (0..<rows).map { values[$0 * width + column] } },
      [chosen.count, rows])
  }

  /// A kernel `[…, in, out]` as `[out, in, …]`; a vector as it is.
  fileprivate var outputsFirst: Tensor {
    guard shape.rank > 1 else { return self }
    let places = Array(shape.dimensions.dropLast(2))
    let (inputs, outputs) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let (values, window) = (scalars, places.reduce(1, *))
    var turned: [Float] = []
    turned.reserveCapacity(values.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for place in 0..<window {
          turned.append(values[(place * inputs + input) * outputs + output])
        }
      }
    }
    return Tensor(turned, Shape([outputs, inputs] + places))
  }
}
