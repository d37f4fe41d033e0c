import Data
import Engine
import Layers
import Testing

@testable import Training

@Suite struct DetailTests {
  @Test func theCloserLookCoversEveryParameterAndSignal() throws {
    let trainer = try tinyTrainer("lstm", on: FirstSymbol())
    let report = try trainer.trainStep(detail: true)
    let detail = try #require(report.detail)
    #expect(
      detail.parameters.map { "\($0.layer).\($0.name)" } == trainer.network.parameters.map(\.name))
    let total = detail.parameters.reduce(0) { $0 + $1.gradientNorm * $1.gradientNorm }
    #expect(abs(total.squareRoot() - report.gradientNorm) < 1e-9)
    #expect(detail.parameters.allSatisfy { $0.weightNorm > 0 && $0.updateRatio > 0 })
    #expect(detail.signals.map(\.signal) == ["i", "f", "g", "o", "c", "h"])
    #expect(detail.signals[0].meaning == "input gate")
    for signal in detail.signals {
      #expect(abs(signal.histogram.reduce(0, +) - 1) < 1e-9)
      #expect(signal.histogram.count == 20)
    }
    #expect(detail.gradientOverTime.map(\.layer) == ["lstm"])
    #expect(detail.gradientOverTime[0].norms.count == 8)
  }

  @Test func theGradientOverTimeIsThatOfFiniteDifferences() throws {
    // Only the last step reaches the loss directly, so at the last step ∂L/∂h_T comes from the
    // linear layer alone: (softmax − one-hot) W / B.
    let data = FirstSymbol(batchSize: 3, time: 4)
    let trainer = try tinyTrainer("rnn", on: data)
    let weight = try #require(trainer.network.parameters.first { $0.name == "linear.weight" })
    let w = weight.parameter.value.copy()
    let batch = data.trainingBatch(at: 0)
    var pass = Pass()
    let scores = trainer.network(batch.input, &pass).softmax()
    var squares = 0.0
    for row in 0..<3 {
      for unit in 0..<8 {
        var sum = 0.0
        for c in 0..<4 {
          let target: Float = batch.targets.classes[row] == Int32(c) ? 1 : 0
          sum += Double((scores[row, c] - target) * w[c, unit])
        }
        squares += sum * sum / 9
      }
    }
    let detail = try #require(try trainer.trainStep(detail: true).detail)
    let expected = (squares / 3).squareRoot()
    #expect(abs(detail.gradientOverTime[0].norms[3] - expected) < 1e-6)
  }

  @Test func paddingIsLeftOutOfTheCloserLook() throws {
    let data = FirstSymbol(batchSize: 5, time: 9, varies: true)
    let lengths = try #require(data.trainingBatch(at: 0).lengths)
    let detail = try #require(try tinyTrainer("gru", on: data).trainStep(detail: true).detail)
    let norms = detail.gradientOverTime[0].norms
    let longest = try #require(lengths.max())
    #expect(norms.count == 9)
    // Every sequence that reaches t has a gradient there, and beyond the longest there is none.
    #expect(norms[..<longest].allSatisfy { $0 > 0 })
    #expect(norms[longest...].allSatisfy { $0 == 0 })
  }

  @Test func theMeanIsOverTheSequencesThatReachTheStep() {
    let squares = Tensor([4, 16, 100, 7], [2, 2])
    #expect(Trainer.rootMeans(squares, lengths: [2, 1]) == [Double(52).squareRoot(), 4])
    #expect(
      Trainer.rootMeans(squares, lengths: nil) == [
        Double(52).squareRoot(), Double(11.5).squareRoot(),
      ])
  }

  private func report(
    _ values: [Float], _ shape: Shape, _ range: Signal.Range, lengths: [Int]? = nil
  ) -> SignalReport {
    let signal = Signal("s", "a signal", range)
    return SignalReport(
      RecordedSignal(layer: "layer", signal: signal, values: Tensor(values, shape)),
      lengths: lengths)
  }

  @Test func gateStatisticsAreThoseOfTheValues() {
    let gate = report([0.06, 0.5, 0.96, 0.5, 0.5, 0.5, 1, 0.5], [2, 2, 2], .gate)
    #expect(gate.range == 0...1)
    #expect(gate.low == 0.125 && gate.high == 0.25)
    #expect(gate.histogram[1] == 0.125 && gate.histogram[10] == 0.625)
    #expect(gate.histogram[19] == 0.25)
    #expect(abs(gate.mean - 0.565) < 1e-6 && gate.largest == 1)
    #expect(gate.deadUnits == [1])
  }

  @Test func signedSignalsSaturateNearOneAndUnboundedOnesShowTheirReach() {
    let signed = report([-0.96, -0.9, 0.97, 0], [1, 4, 1], .signed)
    #expect(signed.range == -1...1 && signed.low == 0.25 && signed.high == 0.25)
    let cell = report([-4, 2, 1, 0], [1, 4, 1], .unbounded)
    #expect(cell.range == -4...4 && cell.histogram[0] == 0.25 && cell.largest == 4)
    let relu = report([0, 0, 0, 0], [1, 4, 1], .positive)
    #expect(relu.range == 0...1 && relu.low == 1 && relu.deadUnits == [0])
  }

  @Test func paddingDoesNotCount() {
    let signal = report([0.5, 9, 9, 0.25, 0.75, 9], [2, 3, 1], .gate, lengths: [1, 2])
    #expect(signal.mean == 0.5 && signal.largest == 0.75)
  }

  @Test func largeBatchesAreSampledEvenly() {
    let time = 5000
    let values = (0..<time * 16).map { Float($0 / 16) / Float(time) }
    let signal = report(values, [1, time, 16], .gate)
    #expect(abs(signal.mean - 0.5) < 0.01)
    #expect(signal.histogram.allSatisfy { abs($0 - 0.05) < 0.005 })
  }
}
