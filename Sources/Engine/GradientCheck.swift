/// Compares a computation's gradients with central differences.
public enum GradientCheck {
  /// The worst disagreement between ∂(Σ w ⊙ f)/∂x from the tape and from
  /// (f(x + h) − f(x − h)) / 2h, relative to the larger of the gradients' size and 1.
  ///
  /// `compute` maps inputs on a tape to outputs; it is called once on a tape and at least twice an
  /// element without one. A kink (relu) between x − h and x + h spoils a difference, and so does
  /// strong curvature, so where `h` disagrees smaller steps are tried and extrapolated to none
  /// (Richardson), and the best counts. `parameters` are perturbed in place and restored. The weights
  /// w are fixed numbers in [0.5, 1.5] that differ from element to element, so that no error can
  /// cancel out. Of larger tensors about `most` elements are tried, evenly spread.
  public static func worstError(
    inputs: [Tensor], parameters: [Parameter] = [], step h: Float = 1e-2,
    most: Int = .max,
    _ compute: ([Tensor]) -> [Tensor]
  ) -> Double {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let outputs = compute(variables)
    let weights = outputs.map { Self.weights($0.shape) }
    let analytic: Gradients = {
      let parts = zip(outputs, weights).map { ($0 * $1).sum() }
      return tape.gradients(of: parts.dropFirst().reduce(parts[0], +))
    }()

    func objective(_ inputs: [Tensor]) -> Double {
      zip(compute(inputs), weights).reduce(0.0) { sum, part in
        zip(part.0.scalars, part.1.scalars).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
      }
    }

    var worst = 0.0
    func compare(_ gradient: Tensor?, _ values: [Float], _ evaluate: ([Float]) -> Double) {
      for index in spread(over: values.count, most: most) {
        let found = Double(gradient?[flat: index] ?? 0)
        func slope(_ h: Float) -> Double {
          var moved = values
          moved[index] = values[index] + h
          let above = evaluate(moved)
          moved[index] = values[index] - h
          return (above - evaluate(moved)) / (2 * Double(h))
        }
        func error(_ numeric: Double) -> Double {
          abs(found - numeric) / max(1, abs(numeric), abs(found))
        }
        var last = slope(h)
        var best = error(last)
        for smaller in [h / 4, h / 16] where best > 1e-4 {
          let next = slope(smaller)
          best = min(best, error(next), error((16 * next - last) / 15))
          last = next
        }
        worst = max(worst, best)
      }
    }
    for (position, input) in inputs.enumerated() {
      compare(analytic[variables[position]], input.scalars) { moved in
        var all = inputs
        all[position] = Tensor(moved, input.shape)
        return objective(all)
      }
    }
    for parameter in parameters {
      let original = parameter.value.copy()
      compare(analytic[parameter], original.scalars) { moved in
        parameter.assign(Tensor(moved, original.shape))
        return objective(inputs)
      }
      parameter.assign(original)
    }
    return worst
  }

  /// Every element, or about `most` of them with a step that no axis shares.
  private static func spread(over count: Int, most: Int) -> StrideTo<Int> {
    func haveCommonFactor(_ a: Int, _ b: Int) -> Bool {
      b == 0 ? a > 1 : haveCommonFactor(b, a % b)
    }
    var step = count / most + 1
    while step > 1 && haveCommonFactor(count, step) { step += 1 }
    return stride(from: 0, to: count, by: step)
  }

  private static func weights(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { 0.5 + Float(($0 * 37 + 11) % 101) / 100 }, shape)
  }
}
