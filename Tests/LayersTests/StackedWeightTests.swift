import Engine
import Layers
import TestSupport
import Testing

/// Modules of PyTorch with several layers, whose weights come in one go: see
/// Fixtures/packings/make_stacked.py.
@Suite struct StackedWeightTests {
  /// A network of `layers` like `spec`, the first of which is called `name`.
  private func network(
    _ name: String, _ spec: any LayerSpec, layers: Int
  ) throws -> Network {
    let entries = (0..<layers).map {
      LayerEntry(name: $0 == 0 ? name : "above\($0)", spec: spec)
    }
    return try Network(ModelSpec(entries), input: .sequence(5), seed: 1)
  }

  private var bothWays: LSTM.Spec {
    var spec = LSTM.Spec(hiddenSize: 4)
    spec.options.bidirectional = .concat
    return spec
  }

  private func given(_ fixture: Fixture, _ name: String, _ layers: Int, _ ways: [String]) throws
    -> [(name: String, value: Tensor)]
  {
    try (0..<layers).flatMap { layer in
      try ways.flatMap { way in
        try ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map {
          let key = "\(name).\($0)_l\(layer)\(way)"
          return (name: key, value: try fixture(key))
        }
      }
    }
  }

  @Test(arguments: [true, false])
  func severalLayersInBothDirectionsAreThoseOfPyTorch(isBare: Bool) throws {
    let fixture = try Fixture("packings/stacked_lstm")
    let network = try network("lstm", bothWays, layers: 3)
    var weights = try given(fixture, "lstm", 3, ["", "_reverse"])
    if isBare { weights = weights.map { (String($0.name.dropFirst(5)), $0.value) } }
    try network.load(network.weights(weights, in: .pytorch))
    var pass = Pass()
    let output = network(try fixture("input"), &pass)
    let wanted = try fixture("output")
    #expect(output.shape == wanted.shape)
    #expect(zip(output.scalars, wanted.scalars).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func aDeepGRUIsThatOfPyTorch() throws {
    let fixture = try Fixture("packings/stacked_gru")
    let network = try network("gru", GRU.Spec(hiddenSize: 4), layers: 2)
    try network.load(network.weights(given(fixture, "gru", 2, [""]), in: .pytorch))
    var pass = Pass()
    let output = network(try fixture("input"), &pass).scalars
    #expect(zip(output, try fixture("output").scalars).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func tooFewLayersAreSaid() throws {
    let fixture = try Fixture("packings/stacked_gru")
    let network = try network("gru", GRU.Spec(hiddenSize: 4), layers: 1)
    #expect(
      throws: ShapeError(
        "The weights 'gru.weight_ih_l1' need 2 recurrent layers, got 1. Put a layer on top for each of "
          + "the module's num_layers.")
    ) { try network.weights(given(fixture, "gru", 2, [""]), in: .pytorch) }
  }

  @Test func ownNamesStayAsTheyAre() throws {
    let network = try network("gru", GRU.Spec(hiddenSize: 4), layers: 2)
    let own = network.saved.map { (name: $0.name, value: $0.parameter.value) }
    #expect(try network.weights(own, in: .pytorch).map(\.name) == own.map(\.name))
  }
}
