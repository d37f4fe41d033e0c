import Data
import Engine
import Layers
import Testing

@testable import Inspection

@Suite struct CellNormTests {
  private func recording(
    _ spec: LayerNormLSTM.Spec = .init(hiddenSize: 3), gain: Float = 1, scale: Float = 1,
    lengths: [Int]? = nil, clamps: [Clamp]? = nil
  ) throws -> SequenceRecording {
    let network = try Network(
      ModelSpec([spec, Linear.Spec(outFeatures: 2)]), input: .sequence(2), seed: 5)
    for (name, parameter) in network.parameters {
      let value = parameter.value
      let factor = name.contains("norm_ih_weight") ? gain : name.contains("weight_ih") ? scale : 1
      parameter.assign(Tensor(value.scalars.map { $0 * factor }, value.shape))
    }
    let x: [Float] = [1, -2, 0.5, 3, -1, 2, 0.25, 0.75]
    return try SequenceRecording(
      network: network,
      example: Example(
        title: "",
        batch: Batch(
          input: Tensor(x, [1, 4, 2]), targets: [0, 0, 0, 0], lengths: lengths),
        steps: x.map { "\($0)" }), target: upOrDown(), weightsStep: nil, clamps: clamps)
  }

  @Test func withoutAGainTheVarianceAfterwardsIsOne() throws {
    let norms = try recording().norms
    #expect(norms.map(\.name) == ["W x", "U h", "c"] && norms.map(\.width) == [12, 12, 3])
    #expect(norms[0].gates.map(\.name) == ["i", "f", "g", "o"] && norms[2].gates.count == 1)
    for (before, after) in zip(norms[0].before, norms[0].after) {
      #expect(abs(after - before / (before + 1e-5)) < 1e-5 && before > 0)
    }
    // Before the first step there is no h, and nothing to be normalised.
    #expect(norms[1].before[0] == 0 && norms[1].after[0] == 0 && norms[1].before[1] > 0)
  }

  @Test func rescaledNumbersVaryMoreBeforeAndNoMoreAfter() throws {
    let (plain, large) = (try recording().norms[0], try recording(scale: 10).norms[0])
    for t in 0..<4 {
      #expect(abs(large.before[t] / plain.before[t] - 100) < 1e-2)
      #expect(abs(large.after[t] - plain.after[t]) < 1e-3)
    }
    let gained = try recording(gain: 3).norms[0]
    #expect(abs(gained.after[2] / plain.after[2] - 9) < 1e-4 && gained.before == plain.before)
    #expect(gained.gates[1].gains == [3, 3, 3] && gained.gates[1].summary.mean == 3)
    #expect(abs(gained.gates[1].after / plain.gates[1].after - 9) < 1e-4)
  }

  @Test func theVarianceOfTheCellIsThatOfItsSignal() throws {
    let found = try recording()
    let c = try #require(found.matrix("layer_norm_lstm", "c"))
    let values = (0..<3).map { Double(c.value(2, $0)) }
    let mean = values.reduce(0, +) / 3
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    #expect(abs(found.norms[2].before[2] - variance) < 1e-6)
    let held = try recording(
      clamps: [Clamp(layer: "layer_norm_lstm", signal: "c", unit: nil, value: 1)])
    #expect(held.norms[2].before == [0, 0, 0, 0])
  }

  /// The signal is s = z s' + (1 − z) c, and what is normalised is c.
  @Test func theCellIsNormalisedBeforeZoneout() throws {
    var spec = LayerNormLSTM.Spec(hiddenSize: 3)
    spec.options.zoneoutCell = 0.5
    let found = try recording(spec)
    let signal = try #require(found.matrix("layer_norm_lstm", "c"))
    for t in 1..<4 {
      let cell = (0..<3).map { 2 * Double(signal.value(t, $0)) - Double(signal.value(t - 1, $0)) }
      let mean = cell.reduce(0, +) / 3
      let variance = cell.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
      #expect(abs(found.norms[2].before[t] - variance) < 1e-6)
    }
  }

  @Test func bothWaysOfReadingAreInTheOrderOfTheData() throws {
    var spec = LayerNormLSTM.Spec(hiddenSize: 3)
    spec.options.bidirectional = .concat
    let norms = try recording(spec, lengths: [3]).norms
    #expect(norms.map(\.layer).suffix(3) == Array(repeating: "layer_norm_lstm_reverse", count: 3))
    #expect(norms.allSatisfy { $0.before.count == 3 })
    #expect(norms[1].before[0] == 0 && norms[4].before[2] == 0 && norms[4].before[0] > 0)
  }

  @Test func otherCellsHaveNone() throws {
    let found = try SequenceRecording(
      network: oneUnit(), example: example([1, 2], targets: [0, 0]), target: upOrDown(),
      weightsStep: nil)
    #expect(found.norms.isEmpty)
  }
}
