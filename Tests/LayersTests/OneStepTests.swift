import Engine
import Layers
import TestSupport
import Testing

/// T = 1 equals an MLP: from a state of zeros, one step of a recurrent layer is a feed-forward one.
@Suite struct OneStepTests {
  private let x = drawn([3, 1, 5], seed: 1)

  private func cell(_ spec: any RecurrentSpec) throws -> any RecurrentLayer {
    var random = Random(seed: 2)
    return try #require(
      spec.makeLayer(for: .sequence(5), using: &random) as? any RecurrentLayer)
  }

  /// A linear layer with rows of gate `gate` of `cell`: W x + b_ih + b_hh.
  private func linear(_ cell: any RecurrentLayer, gate: Int, withState: Bool = true) -> Linear {
    var random = Random(seed: 3)
    let size = cell.hiddenSize
    let layer = Linear(.init(outFeatures: size), inFeatures: 5, using: &random)
    func rows(_ index: Int) -> Tensor {
      cell.parameters[index].value.rows(gate * size..<(gate + 1) * size)
    }
    layer.parameters[0].assign(rows(0))
    layer.parameters[1].assign(withState ? rows(2) + rows(3) : rows(2))
    return layer
  }

  /// What `layers` make of `x` as a batch of vectors, one after another.
  private func run(_ layers: (any Layer)..., over x: Tensor) -> Tensor {
    var pass = Pass()
    return layers.reduce(x) { $1($0, &pass) }
  }

  @Test(arguments: ["tanh", "relu"]) func anElmanNetworkIsALinearLayerAndAFunction(function: String)
    throws
  {
    var spec = RNN.Spec(hiddenSize: 4)
    try spec.set("nonlinearity", text: function)
    let cell = try cell(spec)
    var curve = Activation.Spec()
    try curve.set("function", text: function)
    let (tape, other) = (Tape(), Tape())
    var pass = Pass()
    let (read, flat) = (tape.variable(x), other.variable(x.reshaped([3, 5])))
    let once = cell(read, &pass)
    let layer = linear(cell, gate: 0)
    let forward = run(layer, Activation(curve), over: flat)
    expectClose(once.reshaped([3, 4]), forward, within: 1e-6)
    let gradients = tape.gradients(of: weightedLoss([once]))
    let wanted = other.gradients(of: weightedLoss([forward]))
    expectClose(gradients[read]?.reshaped([3, 5]), wanted[flat], within: 1e-6)
    expectClose(gradients[cell.parameters[0]], wanted[layer.parameters[0]], within: 1e-6)
  }

  @Test func anLSTMIsFourLinearLayersWithoutItsForgetGate() throws {
    let cell = try cell(LSTM.Spec(hiddenSize: 4))
    let flat = x.reshaped([3, 5])
    let (input, candidate, output) = (
      sigmoid(run(linear(cell, gate: 0), over: flat)), tanh(run(linear(cell, gate: 2), over: flat)),
      sigmoid(run(linear(cell, gate: 3), over: flat))
    )
    var pass = Pass()
    expectClose(
      cell(x, &pass).reshaped([3, 4]), output * tanh(input * candidate), within: 1e-6)
  }

  @Test func aGRUIsThreeLinearLayers() throws {
    let cell = try cell(GRU.Spec(hiddenSize: 4))
    let flat = x.reshaped([3, 5])
    let reset = sigmoid(run(linear(cell, gate: 0), over: flat))
    let update = sigmoid(run(linear(cell, gate: 1), over: flat))
    let bias = cell.parameters[3].value.rows(8..<12).reshaped([1, 4])
    let state = Tensor.concatenated([bias, bias, bias].map { $0.reshaped([4]) }).reshaped([3, 4])
    let new = tanh(run(linear(cell, gate: 2, withState: false), over: flat) + reset * state)
    var pass = Pass()
    expectClose(cell(x, &pass).reshaped([3, 4]), (1 - update) * new, within: 1e-6)
  }
}
