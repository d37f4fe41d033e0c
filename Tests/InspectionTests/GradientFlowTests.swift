import Engine
import Foundation
import Layers
import Testing

@testable import Inspection

@Suite struct GradientFlowTests {
  /// An Elman network without biases around 0, where tanh′ = 1: the Jacobian of every step is W.
  private func linearCell(_ recurrent: Tensor) -> RNN {
    var random = Random.stream(.test, seed: 1)
    let cell = RNN(RNN.Spec(hiddenSize: recurrent.shape[0]), inputSize: 1, using: &random)
    cell.weights.weightHH.assign(recurrent)
    for bias in [cell.weights.biasIH, cell.weights.biasHH] { bias.assign(.zeros(bias.value.shape)) }
    return cell
  }

  /// The flow of a cell that reads zeros.
  private func flow(_ cell: any RecurrentLayer, time: Int, steps: Int = 100) -> GradientFlow {
    GradientFlow(
      CellReading(layer: "cell", cell: cell, input: .zeros([1, time, 1])), steps: steps)
  }

  @Test(arguments: [0.5, 0.9, 1, 1.2]) func aScaledRotationScalesEveryStep(radius: Double) throws {
    let (c, s) = (Float(radius * cos(0.7)), Float(radius * sin(0.7)))
    let found = flow(linearCell(Tensor([c, -s, s, c], [2, 2])), time: 60)
    #expect(found.isExact && found.logNorms.count == 60)
    for (k, norm) in found.logNorms.enumerated() {
      #expect(abs(norm - Double(k + 1) * log(radius)) < 1e-4)
    }
    #expect(abs(try #require(found.slope) - log(radius)) < 1e-6)
    #expect(found.lyapunovExponents.count == 2)
    for exponent in found.lyapunovExponents { #expect(abs(exponent - log(radius)) < 1e-6) }
    let matrix = try #require(found.matrices.first)
    #expect(found.matrices.count == 1 && matrix.gate == "h")
    #expect(abs(try #require(matrix.spectralRadius) - radius) < 1e-6)
    #expect(abs(matrix.spectralNorm - radius) < 1e-6)
    #expect(abs(try #require(found.logBound) - log(radius)) < 1e-6)
  }

  @Test(arguments: [0.5, 0.7, 0.9, 1.1, 1.3, 1.5])
  func theSlopeOfALinearNetworkIsTheLogOfItsSpectralRadius(gain: Double) throws {
    var random = Random.stream(.test, seed: 2)
    let gaussian = Tensor.normal([24, 24], using: &random)
    let unit = try #require(gaussian.spectralRadius())
    let found = flow(linearCell(gaussian * Float(gain / unit)), time: 150, steps: 150)
    let slope = try #require(found.slope)
    #expect(abs(slope - log(gain)) < 0.1 * abs(log(gain)))
    #expect(abs(try #require(found.lyapunovExponents.first) - log(gain)) < 0.1 * abs(log(gain)))
    let bound = try #require(found.logBound)
    for (k, norm) in found.logNorms.enumerated() { #expect(norm <= Double(k + 1) * bound + 1e-4) }
  }

  @Test func productsAreTheDerivativesOfTheLastStateByAnEarlierOne() throws {
    var random = Random.stream(.test, seed: 3)
    let cell = LSTM(LSTM.Spec(hiddenSize: 2), inputSize: 3, using: &random)
    let x = Tensor.uniform(-2...2, [1, 5, 3], using: &random)
    let start = [Tensor([0.3, -0.2], [1, 2]), Tensor([0.5, 1], [1, 2])]
    let found = GradientFlow(CellReading(layer: "lstm", cell: cell, input: x, start: start))
    let h: Float = 1e-2
    /// The last state, h and c side by side, from a state before time step `t`.
    func last(from state: [Float], _ t: Int) -> [Double] {
      let parts = [Tensor(Array(state[..<2]), [1, 2]), Tensor(Array(state[2...]), [1, 2])]
      let end = cell.stepByStep(x.steps(t..<5), from: parts, probe: nil).state
      return end.flatMap { $0.scalars.map(Double.init) }
    }
    var state = start
    for t in 0..<5 {
      let now = state.flatMap(\.scalars)
      let columns = now.indices.map { i -> [Float] in
        var (up, down) = (now, now)
        up[i] += h
        down[i] -= h
        return zip(last(from: up, t), last(from: down, t)).map {
          Float(($0 - $1) / (Double(up[i]) - Double(down[i])))
        }
      }
      let norm = log(Tensor(columns.flatMap { $0 }, [4, 4]).spectralNorm())
      #expect(abs(found.logNorms[4 - t] - norm) < 1e-3)
      state = cell.stepByStep(x.steps(t..<t + 1), from: state, probe: nil).state
    }
  }

  @Test func anOpenForgetGateHandsOnWhatAnElmanNetworkLoses() throws {
    var random = Random.stream(.test, seed: 4)
    let x = Tensor.uniform(-1...1, [1, 60, 4], using: &random)
    let lstm = LSTM(LSTM.Spec(hiddenSize: 12), inputSize: 4, using: &random)
    var biases = [Float](repeating: 0, count: 48)
    for unit in 12..<24 { biases[unit] = 6 }
    lstm.weights.biasIH.assign(Tensor(biases, [48]))
    let rnn = RNN(RNN.Spec(hiddenSize: 12), inputSize: 4, using: &random)
    let flows = [lstm as any RecurrentLayer, rnn].map {
      GradientFlow(CellReading(layer: "cell", cell: $0, input: x))
    }
    let slopes = try flows.map { try #require($0.slope) }
    #expect(slopes[0] > -0.05)  // it hands on all but a little
    #expect(slopes[1] < slopes[0] - 0.2)
    #expect(flows[0].matrices.map(\.gate) == ["i", "f", "g", "o"])
    #expect(flows[0].logBound == nil)
  }

  @Test func aLargeStateIsEstimatedFromRandomRows() throws {
    let found = flow(linearCell(.identity(260) * 0.8), time: 12)
    #expect(!found.isExact && found.matrices.first?.spectralRadius == nil)
    #expect(abs(try #require(found.slope) - log(0.8)) < 1e-3)
    #expect(abs(found.logNorms[0] - log(0.8)) < 1.1)  // the rows see some of it
  }

  @Test func whereUnitsAreDeadNothingIsHandedOn() throws {
    var random = Random.stream(.test, seed: 6)
    let cell = RNN(
      RNN.Spec(hiddenSize: 3, nonlinearity: .relu), inputSize: 1, using: &random)
    cell.weights.biasIH.assign(.filled(with: -9, [3]))
    let found = flow(cell, time: 4)
    #expect(found.logNorms == Array(repeating: -.infinity, count: 4))
    #expect(found.slope == nil && found.lyapunovExponents.isEmpty)
  }

  @Test func onlyTheLastStepsAreLookedAtAndPaddingIsNot() {
    let cell = linearCell(Tensor([0.5], [1, 1]))
    let short = flow(cell, time: 30, steps: 7)
    #expect(short.logNorms.count == 7)
    let reading = CellReading(
      layer: "cell", cell: cell, input: .zeros([1, 30, 1]), lengths: [4])
    #expect(GradientFlow(reading).logNorms.count == 4)
  }

  @Test func everyCellOfANetworkIsLookedAtByItsName() throws {
    var bidirectional = GRU.Spec(hiddenSize: 3)
    bidirectional.options.bidirectional = .concat
    let network = try Network(
      ModelSpec([bidirectional, IndRNN.Spec(hiddenSize: 4), LastStep.Spec()]),
      input: .sequence(2), seed: 1)
    var random = Random.stream(.test, seed: 7)
    let x = Tensor.uniform(-1...1, [2, 6, 2], using: &random)
    let flows = GradientFlow.all(in: network, reading: x, lengths: [5, 6])
    #expect(flows.map(\.layer) == ["gru", "gru_reverse", "indrnn"])
    #expect(flows.allSatisfy { $0.logNorms.count == 5 })
    #expect(flows.map { $0.matrices.map(\.gate) } == [["r", "z", "n"], ["r", "z", "n"], ["h"]])
    #expect(flows.map { $0.logBound == nil } == [true, true, false])
    #expect(GradientFlow.all(in: network, reading: x, lengths: [5, 6]) == flows)
  }
}
