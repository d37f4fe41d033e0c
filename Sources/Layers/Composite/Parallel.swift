import Engine

/// Branches that read the same input, and one output made of theirs.
///
///     concat   y = [a₁ ‖ … ‖ aₙ]            the branches' channels side by side
///     sum      y = a₁ + … + aₙ
///     product  y = a₁ ⊙ … ⊙ aₙ
///     gate     y = g₁ ⊙ a₁ + … + gₙ ⊙ aₙ,   g = softmax over the branches of [s₁, …, sₙ₋₁, 0],
///              [s₁ … sₙ₋₁] = W [a₁ ‖ … ‖ aₙ] + b, every unit by itself
///
/// For two branches the gate is g = σ(W [a ‖ b] + b), y = g ⊙ a + (1 − g) ⊙ b.
///
/// Shapes: B batch, T time steps, n branches, D channels of each. All branches put out sequences of
/// the same time steps, or none does. For concat only their channels may differ; the others take
/// equal shapes, the gate vectors `[B, D]` or `[B, T, D]`. W is `[(n − 1) D, n D]`, the n − 1 scores
/// of a unit in neighbouring rows, and b is `[(n − 1) D]`, from U(−1/√(n D), 1/√(n D)).
///
/// Source: the gate is that of highway networks, Srivastava et al. 2015, arXiv:1505.00387, between
/// branches.
public struct Parallel: Layer {
  /// What is made of the branches' outputs.
  public enum Merge: String, CaseIterable, Sendable {
    /// Channels side by side.
    case concat
    /// The sum.
    case sum
    /// The product, number by number.
    case product
    /// A mean with learned shares that depend on the outputs.
    case gate
  }

  /// The branches.
  public let children: [Network.Element]
  /// Weights and biases of the gate, if there is one.
  public let parameters: [Parameter]
  /// The share of each branch but the last, over time.
  public let signals: [Signal]
  private let merge: Merge
  /// Whether the branches put out sequences.
  private let isSequence: Bool

  init(_ merge: Merge, children: [Network.Element], parameters: [Parameter], isSequence: Bool) {
    self.merge = merge
    self.children = children
    self.parameters = parameters
    self.isSequence = isSequence
    signals =
      isSequence && !parameters.isEmpty
      ? (1..<children.count).map { Signal("g\($0)", "share of branch \($0)", .gate) } : []
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let start = pass.lengths
    var end = start
    let outputs = children.enumerated().map { index, branch in
      pass.lengths = start
      let output = branch(input, &pass)
      if index == 0 { end = pass.lengths }
      return output
    }
    pass.lengths = end
    switch merge {
    case .concat: return concatenated(outputs)
    case .sum: return outputs.dropFirst().reduce(outputs[0], +)
    case .product: return outputs.dropFirst().reduce(outputs[0], *)
    case .gate: return gated(outputs, &pass)
    }
  }

  /// Channels side by side: the first axis of features, with all that belongs to it on one.
  private func concatenated(_ outputs: [Tensor]) -> Tensor {
    let axis = isSequence ? 2 : 1
    let leading = outputs[0].shape.dimensions.prefix(axis)
    let rest = outputs[0].shape.dimensions.dropFirst(axis + 1)
    let flat = outputs.map { output in
      output.reshaped(Shape(leading + [output.shape.dimensions.dropFirst(axis).reduce(1, *)]))
    }
    let channels = outputs.reduce(0) { $0 + $1.shape[axis] }
    return Tensor.concatenated(flat).reshaped(Shape(leading + [channels] + rest))
  }

  private func gated(_ outputs: [Tensor], _ pass: inout Pass) -> Tensor {
    let (shape, count) = (outputs[0].shape, outputs.count)
    let scores = Tensor.concatenated(outputs).linear(parameters[0], parameters[1])
      .reshaped([shape.count, count - 1])
    let shares = Tensor.concatenated([scores, .zeros([shape.count, 1])]).softmax()
      .split(count).map { $0.reshaped(shape) }
    pass.keep(signals, shares.dropLast().map(\.detached))
    let shared = zip(shares, outputs).map { $0 * $1 }
    return shared.dropFirst().reduce(shared[0], +)
  }
}
