import Engine
import Inspection
import Layers

@testable import Screens

/// Weights of small networks of a fixed seed.
enum WeightSample {
  /// An embedding, an LSTM of 24 units, a normalisation with buffers and a linear layer.
  static func gated(scale: Float = 1, step: Int = 200) throws -> WeightReading {
    try read(
      [
        Embedding.Spec(embeddingDim: 6), LSTM.Spec(hiddenSize: 24), BatchNorm.Spec(),
        Linear.Spec(outFeatures: 5),
      ], input: .ids(below: 5), scale: scale, step: step)
  }

  /// Convolutions over images, the second of 8 channels.
  static func kernels() throws -> WeightReading {
    try read(
      [Conv2d.Spec(outChannels: 8), Conv2d.Spec(outChannels: 4, kernelSize: 5), Flatten.Spec()],
      input: .image(3, 8, 8))
  }

  /// An IndRNN of 40 units.
  static func perUnit() throws -> WeightReading {
    try read([IndRNN.Spec(hiddenSize: 40)], input: .sequence(2))
  }

  /// An LSTM with statistics of its own for each of 6 steps.
  static func stepwise() throws -> WeightReading {
    try read([BNLSTM.Spec(hiddenSize: 3, maxLength: 6)], input: .sequence(2))
  }

  /// A network without weights.
  static func nothing() throws -> WeightReading {
    try read([Flatten.Spec()], input: .image(1, 2, 2))
  }

  /// A screen that looks at `reading`, while the run is at step 240.
  static func state(_ reading: WeightReading? = nil) throws -> AppState {
    var state = TrainSample.state(.running, step: 240)
    state.screen = .inspect
    state.inspect.look(at: .weights)
    state.inspect.weights.take(try reading ?? gated())
    return state
  }

  /// The weights of `layers`, times `scale`, after `step` steps, with their spectra.
  private static func read(
    _ layers: [any LayerSpec], input: Signature, scale: Float = 1, step: Int = 200
  ) throws -> WeightReading {
    let network = try Network(ModelSpec(layers), input: input, seed: 3)
    for (_, parameter) in network.parameters {
      let value = parameter.value
      parameter.assign(Tensor(value.scalars.map { $0 * scale }, value.shape))
    }
    for buffer in network.elements.flatMap(\.layer.buffers) where buffer.value.shape.rank == 2 {
      let count = buffer.value.count
      buffer.assign(Tensor((0..<count).map { Float($0 * 37 % 101) / 50 }, buffer.value.shape))
    }
    let labels = InspectSample.labels
    var reading = WeightReading(network, weightsStep: step) { labels[$0 % labels.count] }
    reading.findSpectra()
    return reading
  }
}
