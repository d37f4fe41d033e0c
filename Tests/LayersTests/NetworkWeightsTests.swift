import Engine
import Testing

@testable import Layers

struct NetworkWeightsTests {
  private let model = ModelSpec([LSTM.Spec(hiddenSize: 3), Linear.Spec(outFeatures: 2)])

  private func network(seed: UInt64) throws -> Network {
    try Network(model, input: .sequence(4), seed: seed)
  }

  /// What loading `weights` into a network says, which must stay as it was.
  private func failure(_ weights: [(name: String, value: Tensor)]) throws -> String {
    let network = try network(seed: 1)
    let before = network.snapshot().map(\.value.scalars)
    var message = "no error"
    do throws(ShapeError) { try network.load(weights) } catch { message = error.description }
    #expect(network.snapshot().map(\.value.scalars) == before)
    return message
  }

  @Test func aSnapshotMakesTheSameNetworkAgain() throws {
    let trained = try network(seed: 1)
    let weights = Array(trained.snapshot().reversed())
    let again = try Network(model, input: .sequence(4), weights: weights)
    #expect(again.snapshot().map(\.name) == trained.snapshot().map(\.name))
    #expect(again.snapshot().map(\.value.scalars) == trained.snapshot().map(\.value.scalars))
    #expect(try network(seed: 2).snapshot()[0].value.scalars != weights[5].value.scalars)
  }

  @Test func aNetworkKeepsACopy() throws {
    let source = try network(seed: 1)
    let copy = try Network(model, input: .sequence(4), weights: source.snapshot())
    source.parameters[0].parameter.assign(.zeros([12, 4]))
    #expect(copy.parameters[0].parameter.value.scalars.contains { $0 != 0 })
  }

  @Test func aWrongShapeIsNamed() throws {
    var weights = try network(seed: 2).snapshot()
    weights[0].value = .zeros([8, 4])
    #expect(
      try failure(weights)
        == "Weights need 'lstm.weight_ih_l0' of shape [12, 4], got [8, 4]. "
        + "Use the session that they were trained with.")
  }

  @Test func aMissingNameIsNamed() throws {
    let weights = try network(seed: 2).snapshot().dropLast()
    #expect(
      try failure(Array(weights))
        == "Weights need 'linear.bias' of shape [2], got none. "
        + "Use the session that they were trained with.")
  }

  @Test func anUnknownNameIsNamedAndMadeSafe() throws {
    let weights = try network(seed: 2).snapshot() + [("gru\u{1B}.bias", .zeros([2]))]
    #expect(
      try failure(weights)
        == "The model has no weights 'gru\\u{1B}.bias', got some. "
        + "Use the session that they were trained with.")
  }

  @Test func aNameGivenTwiceIsNamed() throws {
    let weights = try network(seed: 2).snapshot() + [("linear.bias", .zeros([2]))]
    #expect(
      try failure(weights)
        == "Weights need each name once, got 'linear.bias' twice. "
        + "Use the session that they were trained with.")
  }
}
