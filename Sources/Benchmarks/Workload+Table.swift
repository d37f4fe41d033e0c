import Data
import Engine
import Layers

extension Workload {
  /// Every workload; the models and sizes are those that `Tests/Peers` gives to other libraries.
  public static let all: [Workload] = [
    language("rnn-small", 64, 32, 64, layers: 1, 16, 50) { RNN.Spec(hiddenSize: $0) },
    language("gru-small", 64, 32, 64, layers: 1, 16, 50) { GRU.Spec(hiddenSize: $0) },
    language("lstm-char", 96, 64, 128, layers: 2, 32, 64) { LSTM.Spec(hiddenSize: $0) },
    language("gru-char", 96, 64, 128, layers: 2, 32, 64) { GRU.Spec(hiddenSize: $0) },
    language("lstm-large", 96, 256, 512, layers: 1, 64, 64) { LSTM.Spec(hiddenSize: $0) },
    cascade, convLSTM, tcn, danq, stepLatency,
  ]

  /// A language model on random ids.
  static func language(
    _ name: String, _ vocabulary: Int, _ embedding: Int, _ hidden: Int, layers: Int,
    _ batch: Int, _ time: Int, _ cell: (Int) -> any LayerSpec
  ) -> Workload {
    let cells = (0..<layers).map { _ in cell(hidden) }
    return Workload(
      name, "language model, \(layers) x \(hidden) units, \(batch) x \(time) ids",
      on: RandomData(
        .ids(below: vocabulary), batch: batch, time: time,
        Target(labels: labels(vocabulary), isPerStep: true, metric: .bitsPerCharacter)),
      ModelSpec(
        [Embedding.Spec(embeddingDim: embedding)] + cells + [Linear.Spec(outFeatures: vocabulary)]))
  }

  /// Every frame through a small convolutional network, then an LSTM over the frames.
  private static let cascade = Workload(
    "cascade", "convolutions of every frame, then an LSTM, 8 x 8 frames of 3 x 32 x 32",
    on: RandomData(
      .images(3, 32, 32), batch: 8, time: 8,
      Target(labels: labels(10), isPerStep: false, metric: .accuracy)),
    ModelSpec([
      LayerEntry(
        name: "every_frame", spec: TimeDistributed.Spec(),
        children: ModelSpec([
          Conv2d.Spec(outChannels: 32), Activation.Spec(.relu), MaxPool2d.Spec(),
          Conv2d.Spec(outChannels: 64), Activation.Spec(.relu), Flatten.Spec(),
        ]).layers),
      LayerEntry(name: "lstm", spec: LSTM.Spec(hiddenSize: 100)),
      LayerEntry(name: "last_step", spec: LastStep.Spec()),
      LayerEntry(name: "linear", spec: Linear.Spec(outFeatures: 10)),
    ]))

  /// The next frame of a video, number by number.
  private static let convLSTM = Workload(
    "convlstm", "convolutional LSTM of 16 channels, next frame, 8 x 10 frames of 1 x 32 x 32",
    on: RandomData(
      .images(1, 32, 32), batch: 8, time: 10,
      Target(
        .values(labels(32 * 32).map { Quantity($0) }), isPerStep: true, metric: .meanAbsoluteError)),
    ModelSpec([
      ConvLSTM.Spec(hiddenChannels: 16), Conv2d.Spec(outChannels: 1, kernelSize: 1), Flatten.Spec(),
    ]))

  /// A temporal convolutional network: residual blocks of two causal convolutions whose dilation
  /// doubles from block to block.
  ///
  /// Source: Bai et al. 2018, arXiv:1803.01271, without weight norm and dropout.
  private static let tcn = Workload(
    "tcn", "7 residual blocks of causal dilated convolutions, 16 x 256 steps",
    on: RandomData(
      .sequence(1), batch: 16, time: 256,
      Target(labels: labels(10), isPerStep: false, metric: .accuracy)),
    ModelSpec(
      (0..<7).flatMap { level in
        [block(level), LayerEntry(name: "relu\(level)", spec: Activation.Spec(.relu))]
      } + [
        LayerEntry(name: "last_step", spec: LastStep.Spec()),
        LayerEntry(name: "linear", spec: Linear.Spec(outFeatures: 10)),
      ]))

  private static func block(_ level: Int) -> LayerEntry {
    var convolution = Conv1d.Spec(outChannels: 32)
    convolution.padding = .causal
    convolution.dilation = AxisSizes(1 << level)
    var block = Residual.Spec()
    block.projection = level == 0 ? .linear : .none
    let inside = ["a", "b"].flatMap { half in
      [
        LayerEntry(name: "conv\(level)\(half)", spec: convolution),
        LayerEntry(name: "relu\(level)\(half)", spec: Activation.Spec(.relu)),
      ]
    }
    return LayerEntry(name: "block\(level)", spec: block, children: inside)
  }

  /// DNA to chromatin marks: motifs by convolution, their grammar by an LSTM in both directions. The
  /// dense layer over all 75 steps is a convolution as long as they are.
  ///
  /// Source: Quang and Xie 2016, doi:10.1093/nar/gkw226, without dropout.
  private static let danq = Workload(
    "danq", "convolution, pool, LSTM in both directions, dense, 4 x 1000 letters",
    on: RandomData(
      .sequence(4), batch: 4, time: 1000,
      Target(.flags(labels(919)), isPerStep: false, metric: .areaUnderROC)),
    ModelSpec([
      conv(320, kernel: 26), Activation.Spec(.relu), MaxPool1d.Spec(kernelSize: 13),
      bidirectional(320), conv(925, kernel: 75), Activation.Spec(.relu), LastStep.Spec(),
      Linear.Spec(outFeatures: 919),
    ]))

  private static func conv(_ channels: Int, kernel: Int) -> Conv1d.Spec {
    var spec = Conv1d.Spec(outChannels: channels, kernelSize: AxisSizes(kernel))
    spec.padding = .valid
    return spec
  }

  private static func bidirectional(_ units: Int) -> LSTM.Spec {
    var spec = LSTM.Spec(hiddenSize: units)
    spec.options.bidirectional = .concat
    return spec
  }

  /// What one more character, or one more frame of a robot's sensors, costs.
  private static let stepLatency = Workload(
    "step-latency", "one time step of an LSTM of 128 units, batch 1, state carried", .evaluation,
    on: RandomData(
      .sequence(64), batch: 1, time: 1,
      Target(labels: labels(128), isPerStep: true, metric: .accuracy)),
    ModelSpec([LSTM.Spec(hiddenSize: 128)]))

  static func labels(_ count: Int) -> [String] { (0..<count).map(String.init) }
}
