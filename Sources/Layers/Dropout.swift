import Engine

/// Zeroes features at random while training, so that no unit relies on another.
///
///     y = m ⊙ x / (1 − p),   m ~ Bernoulli(1 − p) while training;   y = x otherwise
///
/// Input and output have the same shape. Source: Srivastava et al. 2014; scaled while training, as
/// in PyTorch.
public struct Dropout: DropoutLayer {
  /// What the user edits of dropout.
  public typealias Spec = DropoutSpec<Dropout>

  /// The name in session files and in the palette.
  public static let kind = "dropout"
  /// What it does, in one line.
  public static let summary = "zeroes features at random while training"

  /// Probability of zeroing a feature, in [0, 1).
  public let p: Float

  /// Dropout with a probability in [0, 1).
  public init(p: Float) {
    precondition((0..<1).contains(p), "Dropout keeps something: p is in [0, 1).")
    self.p = p
  }

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    guard pass.isTraining else { return input }
    let stream = Random.stream(.dropout, pass.position, step: pass.step, seed: pass.seed)
    guard pass.part != nil || pass.recordsMasks else { return input.dropout(p, stream) }
    let mask = pass.mask(input.shape) { .ones($0).dropout(p, stream) }
    pass.keep(mask: mask, Signal("m", "kept (1) or dropped", .mask))
    return input * mask
  }
}
