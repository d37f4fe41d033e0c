import Engine
import Layers
import Testing
import TestSupport

/// Against Keras with the same weights, in our order: see Fixtures/keras/make_keras.py.
@Suite struct KerasReferenceTests {
  /// What a fixture is compared with.
  private struct Case {
    let fixture: String
    let layer: String
    var settings: [String: String] = [:]
    var input = Signature.sequence(5)
    var isTraining = false
    /// Whether the fixture has channels before time, which are after it here.
    var isVideo = false
  }

  private static let sequence = Signature.sequence(4)
  private static let image = Signature.image(4, 7, 6)
  private static let activations = [
    "relu", "gelu", "silu", "elu", "selu", "softplus", "softsign", "hard_sigmoid", "mish",
    "sigmoid", "tanh", "softmax",
  ]

  private static let cases: [Case] =
    [
      Case(fixture: "rnn_tanh", layer: "rnn", settings: ["hidden_size": "4"]),
      Case(
        fixture: "rnn_relu", layer: "rnn", settings: ["hidden_size": "4", "nonlinearity": "relu"]),
      Case(fixture: "lstm", layer: "lstm", settings: ["hidden_size": "4"]),
      Case(fixture: "gru_reset_after", layer: "gru", settings: ["hidden_size": "4"]),
      Case(
        fixture: "gru_reset_before", layer: "gru",
        settings: ["hidden_size": "4", "reset_after": "false"]),
      Case(
        fixture: "bi_lstm_concat", layer: "lstm",
        settings: ["hidden_size": "4", "bidirectional": "concat"]),
      Case(
        fixture: "bi_gru_sum", layer: "gru",
        settings: ["hidden_size": "4", "bidirectional": "sum"]),
      Case(
        fixture: "conv_lstm", layer: "conv_lstm", settings: ["hidden_channels": "4"],
        input: .images(3, 5, 6), isVideo: true),
      Case(fixture: "dense", layer: "linear", settings: ["out_features": "4"]),
      Case(
        fixture: "embedding", layer: "embedding", settings: ["embedding_dim": "4"],
        input: .ids(below: 6)),
      Case(
        fixture: "conv1d_same", layer: "conv1d", settings: ["out_channels": "6"], input: sequence),
      Case(
        fixture: "conv1d_causal", layer: "conv1d",
        settings: ["out_channels": "6", "padding": "causal", "dilation": "2"], input: sequence),
      Case(
        fixture: "conv1d_groups", layer: "conv1d",
        settings: ["out_channels": "6", "padding": "valid", "stride": "2", "groups": "2"],
        input: sequence),
      Case(fixture: "conv2d_same", layer: "conv2d", settings: ["out_channels": "6"], input: image),
      Case(
        fixture: "conv2d_valid", layer: "conv2d",
        settings: ["out_channels": "6", "kernel_size": "2", "padding": "valid", "stride": "2"],
        input: image),
      Case(
        fixture: "conv3d_valid", layer: "conv3d",
        settings: ["out_channels": "3", "kernel_size": "2", "padding": "valid"],
        input: .images(2, 6, 7), isVideo: true),
      Case(
        fixture: "conv_transpose1d", layer: "conv_transpose1d",
        settings: ["out_channels": "6", "kernel_size": "3", "padding": "valid", "stride": "2"],
        input: sequence),
      Case(
        fixture: "conv_transpose2d", layer: "conv_transpose2d",
        settings: ["out_channels": "6", "kernel_size": "3", "padding": "valid", "stride": "2"],
        input: image),
      Case(fixture: "max_pool1d", layer: "max_pool1d", input: sequence),
      Case(fixture: "avg_pool1d", layer: "avg_pool1d", input: sequence),
      Case(fixture: "max_pool2d", layer: "max_pool2d", input: image),
      Case(fixture: "avg_pool2d", layer: "avg_pool2d", input: image),
      Case(
        fixture: "adaptive_avg_pool1d", layer: "adaptive_avg_pool1d",
        settings: ["output_size": "4"], input: sequence),
      Case(
        fixture: "adaptive_max_pool1d", layer: "adaptive_max_pool1d",
        settings: ["output_size": "4"], input: sequence),
      Case(
        fixture: "adaptive_avg_pool2d", layer: "adaptive_avg_pool2d",
        settings: ["output_size": "3"], input: image),
      Case(
        fixture: "adaptive_max_pool2d", layer: "adaptive_max_pool2d",
        settings: ["output_size": "3"], input: image),
      Case(fixture: "layer_norm", layer: "layer_norm"),
      Case(fixture: "rms_norm", layer: "rms_norm", settings: ["eps": "1e-6"]),
      Case(
        fixture: "activation_leaky_relu", layer: "activation",
        settings: ["function": "leaky_relu", "negative_slope": "0.2"]),
      Case(
        fixture: "group_norm", layer: "group_norm", settings: ["num_groups": "2"],
        input: .image(4, 3, 5)),
      Case(
        fixture: "batch_norm", layer: "batch_norm", input: .vector(5), isTraining: true),
    ]
    + activations.map {
      Case(fixture: "activation_" + $0, layer: "activation", settings: ["function": $0])
    }

  @Test(arguments: cases.map(\.fixture))
  func aLayerComputesWhatKerasDoes(name: String) throws {
    let wanted = try #require(Self.cases.first { $0.fixture == name })
    var spec = try LayerRegistry.spec(of: wanted.layer)
    for (key, value) in wanted.settings { try spec.set(key, text: value) }
    _ = try spec.output(for: wanted.input)
    let fixture = try Fixture("keras/" + name)
    var random = Random(seed: 0)
    let layer = spec.makeLayer(for: wanted.input, using: &random)
    try fixture.assign(to: layer.parameters)
    let tape = Tape()
    let x = wanted.input.vocabulary == nil ? tape.variable(try fixture("x")) : try fixture("x")
    var pass = Pass()
    pass.isTraining = wanted.isTraining
    let given = x.tape == nil ? tape.constant(x) : x
    let output =
      wanted.isVideo ? layer(given.timeFirst(), &pass).channelsFirst() : layer(given, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-6, name)
    if wanted.input.vocabulary == nil {
      expectClose(gradients[x], try fixture("grad.x"), within: 4e-6, name + " x")
    }
    for parameter in layer.parameters {
      expectClose(
        gradients[parameter], try fixture("grad." + parameter.name), within: 4e-6,
        "\(name) \(parameter.name)")
    }
    guard wanted.isTraining else { return }
    pass.keepStatistics()
    expectClose(layer.buffers[0].value, try fixture("running_mean"), within: 1e-6, name)
  }
}
