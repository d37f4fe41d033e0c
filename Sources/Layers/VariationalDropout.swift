import Engine

/// Zeroes features of whole sequences at random while training: what is dropped at one time step is dropped
/// at all of them.
///
///     yₜ = m ⊙ xₜ / (1 − p),   m ~ Bernoulli(1 − p) for each sequence while training;   y = x otherwise
///
/// Between recurrent layers a mask that changes from step to step is noise that a state sums up; one that
/// stays the same takes features away, which the layer after it can allow for. Input `[B, T, …]` and output
/// have the same shape, the mask is `[B, …]`. Source: Gal and Ghahramani 2016, arXiv:1512.05287.
public struct VariationalDropout: DropoutLayer {
  /// What the user edits of variational dropout.
  public typealias Spec = DropoutSpec<VariationalDropout>

  /// The name in session files and in the palette.
  public static let kind = "variational_dropout"
  /// What it does, in one line.
  public static let summary = "zeroes features of whole sequences"

  /// Probability of zeroing a feature, in [0, 1).
  public let p: Float

  /// Variational dropout with a probability in [0, 1).
  public init(p: Float) {
    precondition((0..<1).contains(p), "Dropout keeps something: p is in [0, 1).")
    self.p = p
  }

  /// Why `input` does not fit: it has no time axis.
  public static func check(_ input: Signature) throws(ShapeError) {
    guard !input.isSequence else { return }
    throw ShapeError(
      "\(kind) needs input with a time axis, over which its mask stays the same, got \(input). "
        + "Use dropout.")
  }

  /// Maps a batch. The mask depends on neither the step nor where a window is cut.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    guard pass.isTraining else { return input }
    let stream = Random.stream(.dropout, pass.position, step: pass.step, seed: pass.seed)
    let axes = input.shape.dimensions
    let features = Tensor.ones(Shape([axes[0]] + axes.dropFirst(2))).dropout(p, stream)
    let mask = features.repeatedOverTime(axes[1])
    pass.keep(mask: mask, Signal("m", "kept (1) or dropped", .mask))
    return input * mask
  }
}
