import Data
import Engine
import Inspection
import Layers
import Training

@testable import Screens

/// Recordings of networks whose layers put out all kinds of data, with weights of a fixed seed.
enum LayerSample {
  /// A cascade: every frame of 6 through a convolution of 4 channels, then an LSTM of 5 units.
  static func cascade() throws -> SequenceRecording {
    try InspectSample.recording(
      of: example(.images(1, 12, 12), [1, 6, 1, 12, 12], steps: 6), perStep: false,
      labels: ["left", "right"], input: .images(1, 12, 12),
      model: ModelSpec([
        entry(
          "every_frame", TimeDistributed.Spec(), entry("conv", Conv2d.Spec(outChannels: 4)),
          entry("relu", Activation.Spec()), entry("pool", MaxPool2d.Spec()),
          entry("flatten", Flatten.Spec())),
        entry("lstm", LSTM.Spec(hiddenSize: 5)), entry("last_step", LastStep.Spec()),
        entry("linear", Linear.Spec(outFeatures: 2)),
      ]))
  }

  /// A convolution over a picture beside an RNN over 8 steps, each with an input of its own.
  static func branches(without silenced: Set<String> = []) throws -> SequenceRecording {
    let named = ["frame": Signature.image(1, 6, 6)]
    let example = example(
      .sequence(3), [1, 8, 3], steps: 8, named: ["frame": ramp([1, 1, 6, 6])])
    return try InspectSample.recording(
      of: example, perStep: false, labels: ["a", "b", "c"], input: .sequence(3), named: named,
      model: model, silenced: silenced)
  }

  /// The model of `branches`.
  static let model = ModelSpec([
    entry(
      "both", Parallel.Spec(),
      entry(
        "cnn", Sequential.Spec(), entry("picture", NamedInput.Spec(source: "frame")),
        entry("conv", Conv2d.Spec(outChannels: 2)), entry("flatten", Flatten.Spec())),
      entry(
        "rnn", Sequential.Spec(), entry("signs", NamedInput.Spec()),
        entry("gru", GRU.Spec(hiddenSize: 3)), entry("last_step", LastStep.Spec()))),
    entry("linear", Linear.Spec(outFeatures: 3)),
  ])

  /// What `model` is worth without the layers `silenced`, on made-up data.
  static func ablation(_ silenced: [String]) throws -> Ablation {
    let data = PictureAndSequence()
    let network = try Network(model, input: data.input, named: data.namedInputs, seed: 3)
    var study = AblationStudy(network, data, TrainingRecipe(), without: silenced, weightsStep: 200)
    study.begin(with: data.example(0, of: .validation).batch)
    while study.addBatch() {}
    return study.ablation
  }

  /// Two dense layers over a vector of 64 numbers.
  static func vector() throws -> SequenceRecording {
    try InspectSample.recording(
      of: example(.vector(64), [1, 64], steps: 1), perStep: false, labels: ["even", "odd"],
      input: .vector(64),
      model: ModelSpec([
        entry("hidden", Linear.Spec(outFeatures: 12)), entry("relu", Activation.Spec()),
        entry("linear", Linear.Spec(outFeatures: 2)),
      ]))
  }

  /// A screen that looks at the layers of `recording`.
  static func state(_ recording: SequenceRecording) throws -> AppState {
    var state = try InspectSample.state(recording)
    state.inspect.look(at: .layers)
    return state
  }

  private static func entry(
    _ name: String, _ spec: any LayerSpec, _ inside: LayerEntry...
  ) -> LayerEntry {
    LayerEntry(name: name, spec: spec, children: inside)
  }

  private static func example(
    _ input: Signature, _ shape: Shape, steps: Int, named: [String: Tensor] = [:]
  ) -> Example {
    Example(
      title: "validation example 1, '1'",
      batch: Batch(input: ramp(shape), namedInputs: named, targets: .classes([1])),
      steps: (0..<steps).map { "step \($0)" })
  }

  /// Numbers from 0 to 1 that differ from place to place.
  private static func ramp(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Float($0 * 37 % 101) / 100 }, shape)
  }
}

/// Two batches of pictures beside sequences.
private struct PictureAndSequence: Dataset {
  let name = "pictures and sequences"
  let summary = "made up"
  let input = Signature.sequence(3)
  let namedInputs = ["frame": Signature.image(1, 6, 6)]
  let target = Target(labels: ["a", "b", "c"], isPerStep: false, metric: .accuracy)
  let stepsPerEpoch = 1

  func trainingBatch(at step: Int) -> Batch { batch(4) }
  func batchCount(of split: Split) -> Int { 2 }
  func batch(_ index: Int, of split: Split) -> Batch { batch(4) }
  func exampleCount(of split: Split) -> Int { 1 }
  func example(_ index: Int, of split: Split) -> Example {
    Example(title: "", batch: batch(1), steps: [])
  }
  func baselines(on split: Split) -> [Baseline] { [] }

  private func batch(_ size: Int) -> Batch {
    func numbers(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { Float($0 * 37 % 101) / 100 }, shape)
    }
    return Batch(
      input: numbers([size, 8, 3]), namedInputs: ["frame": numbers([size, 1, 6, 6])],
      targets: .classes((0..<size).map { Int32($0 % 3) }))
  }
}
