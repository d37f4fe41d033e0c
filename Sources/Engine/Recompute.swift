extension Tape {
  /// Runs `function` now and once more in the backward pass, instead of keeping what it makes on
  /// the way: memory for time, known as gradient checkpointing.
  ///
  /// Between the passes only `inputs` are kept. Gradients flow to the inputs and to every parameter
  /// that `function` uses; those of its own intermediates cannot be retained. It must do the same
  /// both times, so random numbers come from a `Random` that it holds.
  ///
  /// Source: Chen et al. 2016, arXiv:1604.06174.
  public static func recompute(
    _ inputs: [Tensor], _ function: @escaping @Sendable (_ inputs: [Tensor]) -> [Tensor]
  ) -> [Tensor] {
    guard let tape = inputs.lazy.compactMap(\.tape).first else { return function(inputs) }
    let listener = Tape(onlyListens: true)
    let kept = inputs.map(\.detached)
    let outputs = function(kept.map(listener.constant)).map(\.detached)

    let parameters = listener.parameters
    let needsGradient = inputs.map(\.needsGradient)
    return record(inputs + parameters.map(tape.leaf), to: outputs) { gradients in
      let tape = Tape()
      let inputs = zip(kept, needsGradient).map { $1 ? tape.variable($0) : tape.constant($0) }
      let results = zip(function(inputs), gradients).compactMap { result, gradient in
        gradient.map { (result, $0) }
      }
      let found = tape.gradients(from: results)
      return inputs.map { found[$0] } + parameters.map { found[$0] }
    }
  }
}
