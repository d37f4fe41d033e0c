import Engine
import Foundation
import Inspection
import Layers

extension Experiment {
  /// Where gradients vanish and where they explode.
  static let gradientFlow = Experiment(
    name: "gradient-flow",
    claim:
      "The log of the gradient that a network hands back in time falls or rises by ln ρ a step "
      + "where it is linear; saturation makes it fall faster, and open forget gates hold it up.",
    source: "Bengio, Simard and Frasconi, 1994; Pascanu, Mikolov and Bengio, arXiv:1211.5063"
  ) { laboratory in
    let gains = [0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5]
    var slopes: [String: [Double]] = [:]
    try drawPhases(laboratory)
    for (cell, makes) in FlowingCell.all {
      let flows = try gains.map { try makes($0).flow(seed: laboratory.seed) }
      slopes[cell] = try flows.map { flow in
        guard let slope = flow.slope else {
          throw ExperimentError.broken("Of \(cell) no gradient comes back.")
        }
        return slope
      }
      laboratory.picture(
        "\(cell): ln ‖∂h_T/∂h_T−k‖ by gain, k = 1 to \(FlowingCell.lags)",
        zip(gains, flows).map { ($0.formatted(3), $1.logNorms) })
    }
    laboratory.tabulate(
      "slope, nats a step, by gain", columns: gains.map { $0.formatted(3) },
      [("ln gain", gains.map { log($0) })] + FlowingCell.all.map { ($0.0, slopes[$0.0] ?? []) })
    let linear = slopes[FlowingCell.linear] ?? []
    for (gain, slope) in zip(gains, linear) {
      let expected = log(gain)
      laboratory.judge(
        "linear, gain \(gain.formatted(3)): slope \(slope.formatted(3)) within 10 % of ln ρ "
          + expected.formatted(3),
        abs(slope - expected) <= max(0.1 * abs(expected), 1e-3))
    }
    let at = gains.firstIndex(of: 1) ?? 0
    let (tanh, lstm) = (slopes[FlowingCell.tanh]?[at] ?? 0, slopes[FlowingCell.lstm]?[at] ?? 0)
    laboratory.measure("tanh, gain 1, slope", tanh, as: .control)
    laboratory.measure("LSTM with open forget gates, gain 1, slope", lstm)
    laboratory.expect("slope of the LSTM, of tanh:", lstm, atLeast: tanh)
    let relu = slopes[FlowingCell.irnn]?[at] ?? 0
    laboratory.measure("IRNN, gain 1, slope", relu)
    laboratory.expect("slope of the IRNN, of tanh:", relu, atLeast: tanh)
  }

  /// The phase diagram: where small changes of the state die out, λ₁ < 0, and where they grow, λ₁ > 0;
  /// and every exponent where the gain is 1.
  private static func drawPhases(_ laboratory: Laboratory) throws {
    let gains = stride(from: 10, through: 30, by: 1).map { Double($0) / 20 }
    laboratory.diagram(
      "phase diagram: largest Lyapunov exponent λ₁, nats a step, by gain", from: "0.5", to: "1.5",
      try FlowingCell.all.map { cell, makes in
        (
          cell,
          try gains.map {
            try laboratory.checkWhetherToGoOn()
            // Where nothing is handed on, changes die out at once.
            return try makes($0).flow(seed: laboratory.seed, exponents: 1).lyapunovExponents.first
              ?? -.infinity
          }
        )
      })
    laboratory.diagram(
      "all Lyapunov exponents at gain 1, nats a step, largest first", from: "first", to: "last",
      try FlowingCell.all.map { cell, makes in
        try laboratory.checkWhetherToGoOn()
        return (cell, try makes(1).flow(seed: laboratory.seed, exponents: .max).lyapunovExponents)
      })
  }
}

/// A fresh network of one cell whose recurrent matrices are a gain times an orthogonal one.
private struct FlowingCell {
  let spec: any LayerSpec
  let gain: Double
  /// The deviation of what it reads.
  let input: Float
  var forgetBias: Float?
  /// Whether the recurrent matrix is a gain times the identity instead.
  var isDiagonal = false

  /// Time steps that gradients are followed over.
  static let lags = 60
  static let linear = "Elman at rest, which is linear"
  static let tanh = "Elman, tanh"
  static let irnn = "IRNN: relu, identity"
  static let lstm = "LSTM, forget gates open"

  /// The cells that are compared, each by its gain.
  static let all: [(String, @Sendable (Double) -> FlowingCell)] = [
    (linear, { FlowingCell(spec: RNN.Spec(hiddenSize: 32), gain: $0, input: 0) }),
    (tanh, { FlowingCell(spec: RNN.Spec(hiddenSize: 32), gain: $0, input: 1) }),
    (
      irnn,
      { FlowingCell(spec: IRNN.Spec(hiddenSize: 32), gain: $0, input: 1, isDiagonal: true) }
    ),
    ("GRU", { FlowingCell(spec: GRU.Spec(hiddenSize: 32), gain: $0, input: 1) }),
    ("LSTM", { FlowingCell(spec: LSTM.Spec(hiddenSize: 32), gain: $0, input: 1, forgetBias: 0) }),
    (lstm, { FlowingCell(spec: LSTM.Spec(hiddenSize: 32), gain: $0, input: 1, forgetBias: 4) }),
  ]

  /// How the gradient fades or grows over the lags.
  func flow(seed: UInt64, exponents: Int = 4) throws -> GradientFlow {
    let network = try Network(ModelSpec([spec]), input: .sequence(8), seed: seed)
    var random = Random(seed: seed)
    for (name, parameter) in network.parameters {
      if name.hasSuffix("weight_hh_l0") {
        let count = parameter.value.shape[0] / 32
        let blocks = (0..<count).flatMap { _ in
          ((isDiagonal ? .identity(32) : Tensor.orthogonal(32, using: &random)) * Float(gain))
            .scalars
        }
        parameter.assign(Tensor(blocks, parameter.value.shape))
      } else if name.contains("bias") {
        var biases = [Float](repeating: 0, count: parameter.value.count)
        if let forgetBias, name.hasSuffix("bias_ih_l0") {
          for unit in 32..<64 { biases[unit] = forgetBias }
        }
        parameter.assign(Tensor(biases, parameter.value.shape))
      }
    }
    let sequence = (0..<Self.lags * 8).map { _ in input * random.normal() }
    let flows = GradientFlow.all(
      in: network, reading: Tensor(sequence, [1, Self.lags, 8]), steps: Self.lags,
      exponents: exponents)
    guard let flow = flows.first else {
      throw ExperimentError.broken("The network has no recurrent cell.")
    }
    return flow
  }
}
