import Engine
import Layers
import Testing
import TestSupport

/// Weights of other libraries, against what their own equations make of them: see
/// Fixtures/packings/make_packings.py.
@Suite struct WeightLayoutTests {
  private static let lstm = ["keras", "tf1", "cooijmans"]

  private func expectSame(
    _ fixture: Fixture, _ spec: any LayerSpec, _ layer: String, _ keys: [String],
    _ layout: WeightLayout
  ) throws {
    let input = try fixture("input")
    let model = ModelSpec([LayerEntry(name: layer, spec: spec)])
    let network = try Network(model, input: .sequence(input.shape[2]), seed: 1)
    let given = try keys.map { (name: "\(layer).\($0)", value: try fixture("\(layer).\($0)")) }
    try network.load(network.weights(given, in: layout))
    var pass = Pass()
    let output = network(input, &pass)
    let wanted = try fixture("output")
    let worst = zip(output.scalars, wanted.scalars).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6, "off by \(worst)")
  }

  @Test(arguments: lstm)
  func gatesInEveryOrderMakeTheSameLSTM(name: String) throws {
    let layout = try #require(WeightLayout(rawValue: name))
    try expectSame(
      try Fixture("packings/" + name), LSTM.Spec(hiddenSize: 4), "lstm",
      layout == .tf1 ? ["kernel", "bias"] : ["kernel", "recurrent_kernel", "bias"], layout)
  }

  @Test func aGRUOfKerasHasItsUpdateGateFirst() throws {
    try expectSame(
      try Fixture("packings/keras_gru"), GRU.Spec(hiddenSize: 4), "gru",
      ["kernel", "recurrent_kernel", "bias"], .keras)
  }

  @Test func aGRUOfTensorFlow1HasAKernelForItsGatesAndOneForItsCandidate() throws {
    let keys = ["gates.kernel", "gates.bias", "candidate.kernel", "candidate.bias"]
    let fixture = try Fixture("packings/tf1_gru")
    let before = GRU.Spec(hiddenSize: 4, resetAfter: false)
    try expectSame(fixture, before, "gru", keys, .tf1)
    #expect(
      throws: ShapeError(
        "The layout tf1 has a GRU that resets before its recurrent product, 'gru' does after. Set its "
          + "reset_after to false.")
    ) { try expectSame(fixture, GRU.Spec(hiddenSize: 4), "gru", keys, .tf1) }
    #expect {
      try expectSame(fixture, before, "gru", Array(keys.prefix(2)), .tf1)
    } throws: {
      "\($0)".contains("and a bias for each, got [9, 8] and none.")
    }
  }

  @Test func kernelsAreTurnedAndVectorsRenamed() throws {
    var convolution = Conv1d.Spec()
    convolution.outChannels = 2
    let model = ModelSpec([
      LayerEntry(name: "conv", spec: convolution), LayerEntry(name: "norm", spec: LayerNorm.Spec()),
      LayerEntry(name: "rnn", spec: RNN.Spec(hiddenSize: 2)),
    ])
    let network = try Network(model, input: .sequence(3), seed: 1)
    let kernel = drawn([3, 3, 2], seed: 2)
    let made = try network.weights(
      [
        ("conv.kernel", kernel), ("conv.bias", .ones([2])), ("norm.gamma", .ones([2])),
        ("norm.beta", .zeros([2])), ("rnn.kernel", .ones([2, 2])),
        ("rnn.recurrent_kernel", .zeros([2, 2])),
      ], in: .keras)
    let named = Dictionary(uniqueKeysWithValues: made.map { ($0.name, $0.value) })
    #expect(Set(named.keys) == Set(network.saved.map(\.name)))
    let turned = try #require(named["conv.weight"])
    #expect(turned.shape == [2, 3, 3])
    for (o, i, k) in [(0, 1, 2), (1, 2, 0), (1, 0, 1)] {
      #expect(turned.scalars[(o * 3 + i) * 3 + k] == kernel.scalars[(k * 3 + i) * 2 + o])
    }
    try network.load(made)
  }

  @Test func bothDirectionsHaveTheirOwnKernels() throws {
    var spec = LSTM.Spec(hiddenSize: 2)
    spec.options.bidirectional = .concat
    let network = try Network(
      ModelSpec([LayerEntry(name: "lstm", spec: spec)]), input: .sequence(3), seed: 1)
    let given = ["forward", "backward"].enumerated().flatMap { index, lane in
      [
        (name: "lstm.\(lane).kernel", value: drawn([3, 8], seed: UInt64(index))),
        (name: "lstm.\(lane).recurrent_kernel", value: drawn([2, 8], seed: 7 + UInt64(index))),
        (name: "lstm.\(lane).bias", value: drawn([8], seed: 17 + UInt64(index))),
      ]
    }
    try network.load(network.weights(given, in: .keras))
    let reverse = network.saved.first { $0.name == "lstm.bias_ih_l0_reverse" }
    #expect(reverse?.parameter.value.scalars == given[5].value.scalars)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let network = try Network(
      ModelSpec([LayerEntry(name: "gru", spec: GRU.Spec(hiddenSize: 4))]), input: .sequence(5),
      seed: 1)
    let kernel = (name: "gru.kernel", value: Tensor.ones([5, 12]))
    #expect {
      _ = try network.weights([kernel], in: .cooijmans)
    } throws: {
      "\($0)"
        == "The layout cooijmans has no cell of 3 gates, as 'gru' is. Use the layout pytorch or keras."
    }
    #expect {
      _ = try network.weights([kernel], in: .keras)
    } throws: {
      "\($0)".contains("got [5, 12], none and [12].")
    }
  }
}
