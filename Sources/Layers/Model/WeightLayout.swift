import Engine
import Formats

/// How a library names, turns and stacks the weights of a layer.
///
/// | layout | matrices | LSTM gates | GRU gates | biases of a cell |
/// |---|---|---|---|---|
/// | `pytorch` | `[out, in]` | i f g o | r z n | two |
/// | `keras` | `[in, out]` | i f g o | z r n | one; of a GRU with `reset_after` two, as rows |
/// | `tf1` | `[in + H, out]` | i g f o | r z, and n of its own | one; 1 is added to the forget gate's at run time |
/// | `cooijmans` | `[in, out]` | f i o g | | one |
///
/// The program's own layout is that of PyTorch.
public enum WeightLayout: String, CaseIterable, Sendable {
  /// PyTorch's, which is the program's own.
  case pytorch
  /// Keras's: `kernel`, `recurrent_kernel`, `bias`, `embeddings`, `gamma`, `beta`.
  case keras
  /// That of TensorFlow 1: one `kernel` of `BasicLSTMCell`, of `GRUCell` `gates.kernel` and
  /// `candidate.kernel`, for inputs above states.
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
  /// reads both ways as `lstm.forward.kernel`, `lstm.backward.kernel` and so on. PyTorch's layers that
  /// stand in one module, `lstm.weight_ih_l1` and so on, are the recurrent layers from `lstm` on. What is
  /// not found is left as it is named. Throws when shapes do not fit.
  public func weights(
    _ weights: [(name: String, value: Tensor)], in layout: WeightLayout
  ) throws(ShapeError) -> [(name: String, value: Tensor)] {
    guard layout != .pytorch else { return try unstacked(weights) }
    var given = LaidOutWeights(layout: layout, tensors: weights)
    for (name, parameter) in saved {
      guard let dot = name.lastIndex(of: ".") else { continue }
      let (layer, part) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      if part.hasPrefix("weight_hh_l0") {
        let reverse = part.hasSuffix("_reverse")
        let lane = layer + (reverse ? ".backward" : ".forward")
        let hidden = parameter.value.shape.last
        guard parameter.value.shape.rank == 2 else {
          guard given.has(layer + ".kernel") else { continue }
          throw ShapeError(
            "The layout \(layout.rawValue) has no cell as '\(layer)' is here. Use the layout pytorch."
          )
        }
        let cell = OurCell(
          name: layer, suffix: reverse ? "_reverse" : "",
          gates: parameter.value.count / (hidden * hidden), hidden: hidden,
          resetsAfter: resetsAfter(layer))
        let isLane = given.has(lane + ".kernel") || given.has(lane + ".gates.kernel")
        try given.takeCell(isLane ? lane : layer, as: cell)
      } else {
        given.take(layer, part)
      }
    }
    return given.converted + given.rest
  }

  /// Whether the layer called `name` is a GRU whose reset gate acts after the recurrent product.
  private func resetsAfter(_ name: String) -> Bool {
    let layer = elements.first { $0.name == name }?.layer
    let cell = (layer as? Bidirectional)?.forward ?? layer
    return (cell as? GRU)?.resetAfter ?? false
  }
}

/// One direction of a recurrent cell of ours.
private struct OurCell {
  /// The layer.
  let name: String
  /// What ends the names of its parameters.
  let suffix: String
  /// Its gates, and its units H.
  let gates: Int, hidden: Int
  /// Whether it is a GRU whose reset gate acts after the recurrent product.
  let resetsAfter: Bool
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

  /// One direction of a recurrent cell called `theirs` in the file.
  mutating func takeCell(_ theirs: String, as ours: OurCell) throws(ShapeError) {
    if layout == .tf1, ours.gates == 3, has(theirs + ".gates.kernel") {
      return try takeGates(theirs, as: ours)
    }
    guard has(theirs + ".kernel") else { return }
    guard let order = layout.gates(ours.gates) else {
      throw ShapeError(
        "The layout \(layout.rawValue) has no cell of \(ours.gates) gates, as '\(ours.name)' is. "
          + "Use the layout pytorch or keras.")
    }
    guard var kernel = remove(theirs + ".kernel") else { return }
    let (hidden, stacked) = (ours.hidden, ours.gates * ours.hidden)
    var recurrent = remove(theirs + ".recurrent_kernel")
    if layout == .tf1, let parts = kernel.inputsAndStates(hidden) {
      (kernel, recurrent) = (parts.inputs, parts.states)
    }
    let bias = remove(theirs + ".bias") ?? .zeros([stacked])
    guard let recurrent, kernel.shape.rank == 2, kernel.shape[1] == stacked,
      recurrent.shape == [hidden, stacked], [stacked, 2 * stacked].contains(bias.count)
    else {
      throw ShapeError(
        "'\(ours.name)' needs a kernel [inputs, \(stacked)], a recurrent kernel "
          + "[\(hidden), \(stacked)] and biases of \(stacked), got \(kernel.shape), "
          + "\(recurrent.map { "\($0.shape)" } ?? "none") and \(bias.shape). "
          + "Use the session that they were trained with.")
    }
    let rows = order.flatMap { $0 * hidden..<($0 + 1) * hidden }
    let parts = bias.scalars
    var input = rows.map { parts[$0] }
    if ours.gates == 4 { for unit in hidden..<2 * hidden { input[unit] += layout.forgetBias } }
    let second = bias.count > rows.count ? rows.map { parts[rows.count + $0] } : nil
    convert(ours, kernel.columns(rows), recurrent.columns(rows), input, second)
  }

  /// A GRU with a kernel for its gates r and z and one for its candidate, inputs above states.
  private mutating func takeGates(_ theirs: String, as ours: OurCell) throws(ShapeError) {
    guard !ours.resetsAfter else {
      throw ShapeError(
        "The layout tf1 has a GRU that resets before its recurrent product, '\(ours.name)' does after. "
          + "Set its reset_after to false.")
    }
    let hidden = ours.hidden
    let kernels = [remove(theirs + ".gates.kernel"), remove(theirs + ".candidate.kernel")]
    let biases = [
      remove(theirs + ".gates.bias") ?? .zeros([2 * hidden]),
      remove(theirs + ".candidate.bias") ?? .zeros([hidden]),
    ]
    let parts = kernels.map { $0?.inputsAndStates(hidden) }
    guard let gates = parts[0], let candidate = parts[1],
      gates.inputs.shape[1] == 2 * hidden, candidate.inputs.shape[1] == hidden,
      gates.inputs.shape[0] == candidate.inputs.shape[0], biases[0].count == 2 * hidden,
      biases[1].count == hidden
    else {
      throw ShapeError(
        "'\(ours.name)' needs a gates.kernel [inputs + \(hidden), \(2 * hidden)], a candidate.kernel "
          + "[inputs + \(hidden), \(hidden)] and a bias for each, got "
          + kernels.map { $0.map { "\($0.shape)" } ?? "none" }.joined(separator: " and ")
          + ". Use the session that they were trained with.")
    }
    func stacked(_ gates: Tensor, _ candidate: Tensor) -> Tensor {
      let rows = gates.columns(Array(0..<2 * hidden)).scalars
      return Tensor(
        rows + candidate.columns(Array(0..<hidden)).scalars, [3 * hidden, gates.shape[0]])
    }
    convert(
      ours, stacked(gates.inputs, candidate.inputs), stacked(gates.states, candidate.states),
      biases.flatMap(\.scalars), nil)
  }

  /// The weights of `ours` from those of its input and its state, and its biases.
  private mutating func convert(
    _ ours: OurCell, _ input: Tensor, _ state: Tensor, _ bias: [Float], _ second: [Float]?
  ) {
    let (name, suffix) = (ours.name, ours.suffix)
    converted += [
      ("\(name).weight_ih_l0\(suffix)", input), ("\(name).weight_hh_l0\(suffix)", state),
      ("\(name).bias_ih_l0\(suffix)", Tensor(bias, [bias.count])),
      (
        "\(name).bias_hh_l0\(suffix)",
        Tensor(second ?? Array(repeating: 0, count: bias.count), [bias.count])
      ),
    ]
  }
}

extension Tensor {
  /// The rows of a kernel `[in + H, out]` that inputs meet, and those that states of `hidden` units do;
  /// nil if there are not as many.
  fileprivate func inputsAndStates(_ hidden: Int) -> (inputs: Tensor, states: Tensor)? {
    guard shape.rank == 2, shape[0] > hidden else { return nil }
    let inputs = shape[0] - hidden
    return (rows(0..<inputs), rows(inputs..<inputs + hidden))
  }

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
