import Engine
import Foundation
import Layers

/// How far a recurrent cell hands a gradient back in time: do gradients vanish or explode?
///
///     Jₜ = ∂sₜ/∂sₜ₋₁            Jacobian of a step, s = all parts of the state side by side
///     ∂s_T/∂s_T−k = J_T J_T−1 … J_T−k+1
///     ‖∂s_T/∂s_T−k‖ ≤ (γ σ_max(W))ᵏ   for an Elman network, γ = max |φ′| = 1
///
/// Products are taken from the end, as backpropagation does, along the states that the cell visits
/// while it reads a sequence; rows of them are pulled back through each step by the tape. Up to 256
/// numbers of state the rows are those of the identity, and norms are exact; beyond, 32 random
/// orthonormal ones stand for all, and norms are estimates.
///
/// Sources: Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063;
/// exponents by QR as in Benettin et al. 1980.
public struct GradientFlow: Sendable, Equatable {
  /// The layer's name.
  public let layer: String
  /// ln ‖∂s_T/∂s_T−k‖₂ for the lags k = 1 …; −∞ where nothing is handed on.
  public let logNorms: [Double]
  /// The largest Lyapunov exponents of the products, largest first, in nats a step: the mean growth of
  /// a direction, and of what is at right angles to it. The first quarter of the lags, in which
  /// directions settle, is left out. Empty when nothing is handed on.
  public let lyapunovExponents: [Double]
  /// The recurrent matrices, one a gate; none where a cell has no such matrix.
  public let matrices: [RecurrentMatrix]
  /// ln (γ σ_max(W)), the most that ln ‖∂s_T/∂s_T−k‖ grows a step; nil for cells without this bound.
  public let logBound: Double?
  /// Whether the norms are exact rather than estimates from random rows.
  public let isExact: Bool

  /// Nats that the log-norm gains a step: the slope of the straight line through its finite values.
  /// Below 0 gradients vanish, above 0 they explode. Nil with fewer than two values.
  public var slope: Double? {
    let points = logNorms.enumerated().filter(\.element.isFinite)
      .map { (x: Double($0.offset), y: $0.element) }
    let count = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard spread > 0 else { return nil }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
  }

  /// The gradient flow of a cell over the first sequence that it read: over the last `steps` lags of
  /// it, or as many as it has time steps, with the largest `exponents` of its Lyapunov exponents. `seed`
  /// draws what is random.
  public init(
    _ reading: CellReading, steps: Int = 100, exponents: Int = 4, seed: UInt64 = 0
  ) {
    let cell = reading.cell
    layer = reading.layer
    var products = JacobianProducts(
      reading, steps: steps, exponents: exponents, seed: seed)
    products.run()
    logNorms = products.logNorms
    lyapunovExponents = products.exponents
    isExact = products.isExact
    matrices = RecurrentMatrix.all(of: cell)
    let isElman = cell is RNN || cell is IndRNN
    logBound = isElman ? matrices.first.map { log($0.spectralNorm) } : nil
  }

  /// The gradient flow of every recurrent cell of `network` while it reads the first sequence of
  /// `input`, in the order of the layers, with the inputs `named` beside it.
  public static func all(
    in network: Network, reading input: Tensor, named: [String: Tensor] = [:],
    lengths: [Int]? = nil, steps: Int = 100, exponents: Int = 4, seed: UInt64 = 0
  ) -> [GradientFlow] {
    var pass = Pass()
    pass.namedInputs = named
    pass.lengths = lengths
    pass.recordsReadings = true
    _ = network(input, &pass)
    return pass.readings.map {
      GradientFlow($0, steps: steps, exponents: exponents, seed: seed)
    }
  }
}

/// The matrix that takes a cell's state to one of its gates.
public struct RecurrentMatrix: Sendable, Equatable {
  /// The gate, `i` or `f`; of a cell with one matrix its state, `h`.
  public let gate: String
  /// ρ(W), the largest magnitude of an eigenvalue; nil above 256 units and for weights that are not
  /// finite.
  public let spectralRadius: Double?
  /// σ_max(W), the largest singular value.
  public let spectralNorm: Double

  /// The matrices in the recurrent weights of `cell`: stacked ones `[G·H, H]`, or a diagonal `[H]`.
  static func all(of cell: any RecurrentLayer) -> [RecurrentMatrix] {
    guard let weight = cell.recurrentWeight?.value else { return [] }
    let units = cell.hiddenSize
    if weight.shape == [units] {
      let largest = Double(weight.scalars.reduce(0) { max($0, abs($1)) })
      return [RecurrentMatrix(gate: "h", spectralRadius: largest, spectralNorm: largest)]
    }
    guard weight.shape.rank == 2, weight.shape[1] == units, weight.shape[0] % units == 0,
      !(cell is Jordan)  // whose matrix leads to the hidden units and not back to the state
    else { return [] }
    return (0..<weight.shape[0] / units).map { gate in
      let matrix = weight.rows(gate * units..<(gate + 1) * units)
      return RecurrentMatrix(
        gate: cell.signals[gate].name,
        spectralRadius: units <= 256 ? matrix.spectralRadius() : nil,
        spectralNorm: matrix.spectralNorm())
    }
  }
}
