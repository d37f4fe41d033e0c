import Canvas
import Data
import Engine
import Inspection
import Layers
import Testing

@testable import Screens

/// Recordings of small networks with weights of a fixed seed.
enum InspectSample {
  /// The classes of the bracket examples.
  static let labels = ["(", ")", "[", "]", "↵"]

  /// 96 steps of brackets; the next one is to be predicted.
  static let brackets = Example(
    title: "line 5 of the validation text",
    batch: Batch(
      input: Tensor(ids.dropLast().map { Float($0) }, [1, ids.count - 1]),
      targets: ids.dropFirst().map { Int32($0) }),
    steps: ids.dropLast().map { labels[$0] })

  private static let ids: [Int] = {
    var random = TestGenerator(seed: 5)
    var open: [Int] = []
    var ids: [Int] = []
    while ids.count < 97 {
      if open.count < 6 && (open.isEmpty || Bool.random(using: &random)) {
        open.append(Bool.random(using: &random) ? 0 : 2)
        ids.append(open.last ?? 0)
      } else if let last = open.popLast() {
        ids.append(last + 1)
      }
    }
    return ids
  }()

  /// Two recurrent layers that read `brackets`, with weights of step 400.
  static func recording(scale: Float = 4, step: Int? = 400) throws -> SequenceRecording {
    try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      layers: [
        Embedding.Spec(embeddingDim: 6), LSTM.Spec(hiddenSize: 24), GRU.Spec(hiddenSize: 5),
        Linear.Spec(outFeatures: labels.count),
      ], scale: scale, step: step)
  }

  /// What `clamps` change in the recording of two recurrent layers.
  static func clamped(_ clamps: [Clamp]) throws -> ClampComparison {
    let network = try scaled(
      ModelSpec([
        Embedding.Spec(embeddingDim: 6), LSTM.Spec(hiddenSize: 24), GRU.Spec(hiddenSize: 5),
        Linear.Spec(outFeatures: labels.count),
      ]), input: .ids(below: labels.count), scale: 4)
    return try ClampComparison(
      network: network, example: brackets,
      target: Target(labels: labels, isPerStep: true, metric: .bitsPerCharacter), weightsStep: 200,
      clamps: clamps)
  }

  /// A network that reads points and names the whole sequence.
  static func strokes(length: Int = 8) throws -> SequenceRecording {
    let points = (0..<length * 2).map { Float($0 * 5 % 16) / 8 - 1 }
    let example = Example(
      title: "validation pen stroke 3, a '1'",
      batch: Batch(input: Tensor(points, [1, length, 2]), targets: [1]),
      steps: (0..<length).map { "(\($0 * 10),\(100 - $0))" })
    return try recording(
      of: example, perStep: false, labels: ["0", "1", "2"], input: .sequence(2),
      layers: [
        GRU.Spec(hiddenSize: 4), LastStep.Spec(), Linear.Spec(outFeatures: 3),
      ], scale: 2, step: 0)
  }

  /// A network that tags every step of a sequence with its weather; nothing is wanted of the last one.
  static func tags() throws -> SequenceRecording {
    let numbers = (0..<40).map { Float($0 * 5 % 16) / 8 - 1 }
    let example = Example(
      title: "validation window 1",
      batch: Batch(
        input: Tensor(numbers, [1, 40, 1]), targets: (0..<40).map { Int32($0 / 3 % 3) },
        weights: (0..<40).map { $0 < 39 ? 1 : 0 }),
      steps: numbers.map { "\($0)" })
    return try recording(
      of: example, perStep: true, labels: ["dry", "rain", "snow"], input: .sequence(1),
      model: ModelSpec([GRU.Spec(hiddenSize: 4), Linear.Spec(outFeatures: 3)]), scale: 3,
      metric: .accuracy)
  }

  /// A cell with peepholes that is to fire at every tenth step.
  static func spikes() throws -> SequenceRecording {
    let example = Example(
      title: "validation sequence 1",
      batch: Batch(
        input: Tensor((0..<36).map { $0 % 10 == 9 ? 1 : 0 }, [1, 36, 1]),
        targets: (0..<36).map { $0 % 10 == 9 ? 1 : 0 }),
      steps: (0..<36).map { $0 % 10 == 9 ? "|" : "·" })
    return try recording(
      of: example, perStep: true, labels: ["quiet", "spike"], input: .sequence(1),
      model: ModelSpec([PeepholeLSTM.Spec(hiddenSize: 4), Linear.Spec(outFeatures: 2)]), scale: 2,
      metric: .macroF1)
  }

  /// A network without recurrent layers.
  static func withoutSignals() throws -> SequenceRecording {
    try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      layers: [Embedding.Spec(embeddingDim: 6), Linear.Spec(outFeatures: labels.count)], scale: 1,
      step: nil)
  }

  /// Units that see only themselves, as many as there are kinds of memory, behind a cell that is
  /// measured.
  static func independent() throws -> SequenceRecording {
    try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      layers: [
        Embedding.Spec(embeddingDim: 6), RNN.Spec(hiddenSize: 5), IndRNN.Spec(hiddenSize: 12),
        Linear.Spec(outFeatures: labels.count),
      ], scale: 1, step: 200)
  }

  /// A cell that normalises its products and its state.
  static func normalised() throws -> SequenceRecording {
    try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      layers: [
        Embedding.Spec(embeddingDim: 4), LayerNormLSTM.Spec(hiddenSize: 6),
        Linear.Spec(outFeatures: labels.count),
      ], scale: 1.5, step: 200)
  }

  /// What units do as in training: features are dropped, and units held.
  static func asInTraining(holding zoneout: Double = 0.3) throws -> SequenceRecording {
    var lstm = LSTM.Spec(hiddenSize: 6)
    lstm.options.zoneout = zoneout
    lstm.options.dropout = zoneout
    let output = Linear.Spec(outFeatures: labels.count)
    return try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      model: ModelSpec([Embedding.Spec(embeddingDim: 4), lstm, output]), trainingSeed: 7)
  }

  /// A layer that reads both ways.
  static func bothWays() throws -> SequenceRecording {
    var lstm = LSTM.Spec(hiddenSize: 6)
    lstm.options.bidirectional = .concat
    return try recording(
      of: brackets, perStep: true, labels: labels, input: .ids(below: labels.count),
      layers: [Embedding.Spec(embeddingDim: 6), lstm, Linear.Spec(outFeatures: labels.count)],
      scale: 2, step: 200)
  }

  /// What layers of a fixed seed, their weights times `scale`, make of `example`.
  private static func recording(
    of example: Example, perStep: Bool, labels: [String], input: Signature,
    layers: [any LayerSpec], scale: Float, step: Int?
  ) throws -> SequenceRecording {
    try recording(
      of: example, perStep: perStep, labels: labels, input: input, model: ModelSpec(layers),
      scale: scale, step: step)
  }

  /// What a model with weights of a fixed seed, times `scale`, makes of `example`.
  static func recording(
    of example: Example, perStep: Bool, labels: [String], input: Signature,
    named: [String: Signature] = [:], model: ModelSpec, scale: Float = 1, step: Int? = 200,
    trainingSeed: UInt64? = nil, silenced: Set<String> = [], metric: Metric? = nil
  ) throws -> SequenceRecording {
    let network = try scaled(model, input: input, named: named, scale: scale)
    return try SequenceRecording(
      network: network, example: example,
      target: Target(
        labels: labels, isPerStep: perStep,
        metric: metric ?? (perStep ? .bitsPerCharacter : .accuracy)),
      weightsStep: step, trainingSeed: trainingSeed, silenced: silenced)
  }

  /// A network with weights of a fixed seed, times `scale`.
  private static func scaled(
    _ model: ModelSpec, input: Signature, named: [String: Signature] = [:], scale: Float
  ) throws -> Network {
    let network = try Network(model, input: input, named: named, seed: 3)
    for (_, parameter) in network.parameters {
      let value = parameter.value
      parameter.assign(Tensor(value.scalars.map { $0 * scale }, value.shape))
    }
    return network
  }

  /// A screen that looks at `recording`.
  static func state(_ recording: SequenceRecording? = nil) throws -> AppState {
    var state = TrainSample.state(.running, step: 240)
    state.screen = .inspect
    InspectScreen.received(try recording ?? InspectSample.recording(step: 200), &state)
    return state
  }
}

/// SplitMix64: the same numbers in every run, so that a failure can be repeated.
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
