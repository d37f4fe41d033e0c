import Engine

/// The norm of a gradient: of every parameter, and of all of them together.
struct GradientNorm {
  /// Of every parameter, in the order of the parameters; 0 where nothing depends on one.
  let parameters: [Double]
  /// Of all parameters: √Σ‖g‖², summed in Float64 in the order of the parameters.
  let total: Double

  init(_ gradients: [Tensor?]) {
    let squares = gradients.map { $0?.sumOfSquares ?? 0 }
    parameters = squares.map { $0.squareRoot() }
    total = squares.reduce(0, +).squareRoot()
  }
}
