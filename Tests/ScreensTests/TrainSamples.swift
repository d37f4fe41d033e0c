import Canvas
import Data
import Engine
import Layers
import Training
import Workbench

@testable import Screens

/// Runs and sessions made by hand, so that every number on a screen is known.
enum TrainSample {
  /// A character model of a small text, not trained yet.
  static func session() -> SessionView {
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 8), LSTM.Spec(hiddenSize: 16), Linear.Spec(outFeatures: 28),
    ])
    let document = Document(
      name: "fox-lstm", seed: 7, data: DataRecipe(source: .file(path: "fox.txt")), model: model)
    // There is no such file: what the session would say of it is filled in by hand.
    var session = SessionView(Session(document, in: SessionEnvironment()))
    let input = Signature.ids(below: 28)
    session.obstacle = nil
    session.input = input
    session.rows = model.rows(for: input)
    session.target = Target(
      labels: (0..<28).map { "\($0)" }, isPerStep: true, metric: .bitsPerCharacter)
    session.baselines = [Baseline(name: "order-2 counts", value: 2.5)]
    return session
  }

  /// The same with a run at `step` of 600.
  static func session(_ phase: RunStatus.Phase, step: Int) -> SessionView {
    var session = session()
    session.status.phase = phase
    session.status.step = step
    session.status.totalSteps = 600
    session.status.stepsPerEpoch = 150
    session.journal = [
      .init(time: 0, text: "train", step: nil, isCommand: true),
      .init(time: 1, text: "run from step 0 of 600", step: 0, isCommand: false),
      .init(time: 2, text: "set training.learning_rate 0.0016", step: 120, isCommand: true),
      .init(time: 3, text: "warning: loss rose for 50 steps", step: 200, isCommand: false),
    ]
    return session
  }

  /// A run that has done `steps` of 600 steps, with a knob turned, validations and checkpoints.
  static func events(steps: Int) -> [RunEvent] {
    var events: [RunEvent] = [.started(step: 0, totalSteps: 600, stepsPerEpoch: 150)]
    for step in 1...max(steps, 1) {
      if step == 121 { events.append(.changed(.learningRate(0.0016), step: 120)) }
      events.append(.stepped(report(step)))
      if step % 100 == 0 {
        let loss = 0.9 + 2.4 / Double(1 + step / 50)
        events.append(
          .validated(
            ValidationReport(
              step: step, split: .validation, loss: loss, trainingLoss: loss - 0.25,
              metric: loss / 0.693_147, isBest: true)))
        events.append(.saved(step: step, file: "step-\(step).safetensors", isBest: true))
      }
    }
    events.append(
      .warning("The loss rose for 50 steps. A lower learning rate may help.", step: 200))
    return events
  }

  /// A screen of a run at `step`.
  static func state(_ phase: RunStatus.Phase = .running, step: Int = 240) -> AppState {
    var state = AppState(session(phase, step: step))
    state.screen = .train
    for event in events(steps: step) { state.run.follow(event) }
    return state
  }

  /// Step `step`: a loss that falls with a ripple, twenty steps a second.
  static func report(_ step: Int) -> StepReport {
    let ripple = Double(step * 7 % 11) / 20
    let loss = 0.8 + 2.5 / (1 + Double(step) / 50) + ripple
    return StepReport(
      step: step, epoch: 1 + (step - 1) / 150, loss: loss, metric: loss / 0.693_147,
      gradientNorm: 0.5 + ripple, wasClipped: step % 10 == 0,
      learningRate: step > 120 ? 0.0016 : 0.002, tokensPerSecond: 40_960,
      seconds: Double(step) / 20, detail: step % 20 == 0 ? detail : nil)
  }

  /// A closer look: one matrix too fast, one bias without a gradient, a saturated forget gate.
  static let detail = StepDetail(
    parameters: [
      parameter("embedding", "weight", 0.021, ratio: 1.1e-3),
      parameter("lstm", "weight_ih_l0", 0.112, ratio: 1.9e-3),
      parameter("lstm", "weight_hh_l0", 0.318, ratio: 0.2),
      parameter("lstm", "bias_ih_l0", 0.05, ratio: 1e-3),
      parameter("linear", "weight", 0.055, ratio: 2e-6),
      parameter("linear", "bias", 0, ratio: 0),
    ],
    gradientOverTime: [
      GradientOverTime(
        layer: "lstm",
        norms: (0..<64).map {
          0.1 * Double(sign: .plus, exponent: ($0 - 63) / 4, significand: 1)
        })
    ],
    signals: [
      signal("i", "input gate", low: 0.12, high: 0.03, dead: []),
      signal("f", "forget gate", low: 0.02, high: 0.71, dead: [7]),
      signal("g", "cell candidate", low: 0.2, high: 0.24, dead: []),
      signal("o", "output gate", low: 0.25, high: 0.06, dead: []),
      signal("c", "cell state", low: 0.01, high: 0.004, dead: []),
      signal("h", "hidden state", low: 0.0, high: 0.09, dead: [2, 7, 11]),
    ])

  private static func parameter(
    _ layer: String, _ name: String, _ gradient: Double, ratio: Double
  ) -> ParameterReport {
    ParameterReport(
      layer: layer, name: name, gradientNorm: gradient, weightNorm: 4, updateRatio: ratio)
  }

  private static func signal(
    _ name: String, _ meaning: String, low: Double, high: Double, dead: [Int]
  ) -> SignalReport {
    let middle = (1 - low - high) / 18
    return SignalReport(
      layer: "lstm", signal: name, meaning: meaning, range: 0...1,
      histogram: [low] + Array(repeating: middle, count: 18) + [high], low: low, high: high,
      mean: 0.5, largest: 1, deadUnits: dead)
  }
}
