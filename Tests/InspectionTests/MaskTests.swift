import Data
import Engine
import Layers
import Testing

@testable import Inspection

@Suite struct MaskTests {
  private func recording(
    _ layers: [any LayerSpec], seed: UInt64? = 7, step: Int = 3, time: Int = 20
  ) throws -> SequenceRecording {
    let network = try Network(
      ModelSpec(layers + [Linear.Spec(outFeatures: 2)]), input: .sequence(4), seed: 5)
    var random = Random.stream(.test, seed: 11)
    let x = Tensor.uniform(-1...1, [1, time, 4], using: &random)
    let rows = network.output.isSequence ? time : 1
    return try SequenceRecording(
      network: network,
      example: Example(
        title: "", batch: Batch(input: x, targets: Array(repeating: 0, count: rows)),
        steps: Array(repeating: "", count: time)),
      target: upOrDown(perStep: network.output.isSequence), weightsStep: step,
      trainingSeed: seed)
  }

  private var noisy: LSTM.Spec {
    var spec = LSTM.Spec(hiddenSize: 6)
    spec.options.dropout = 0.5
    spec.options.recurrentDropout = 0.5
    spec.options.candidateDropout = 0.5
    spec.options.zoneout = 0.5
    spec.options.zoneoutCell = 0.25
    return spec
  }

  @Test func everyMaskOfACellIsASignal() throws {
    let found = try recording([noisy])
    #expect(found.isAsInTraining && found.hasMasks)
    #expect(
      found.signals(of: "lstm").map(\.signal.name)
        == ["i", "f", "g", "o", "c", "h", "m_x", "m_h", "m_g", "z_h", "z_c"])
    for name in ["m_x", "m_h"] {
      // One mask a sequence: the same at every step.
      let mask = try #require(found.matrix("lstm", name))
      #expect(mask.signal.range == .mask && mask.limit == 1)
      for unit in 0..<mask.units { #expect(Set(mask.trace(of: unit)).count == 1) }
    }
    #expect(found.matrix("lstm", "m_x")?.units == 4)
    for name in ["m_g", "z_h", "z_c"] {
      let mask = try #require(found.matrix("lstm", name))
      let values = (0..<mask.units).flatMap { mask.trace(of: $0) }
      #expect(Set(values) == [0, 1])
    }
    let held = try #require(found.matrix("lstm", "z_c"))
    let share = (0..<6).flatMap { held.trace(of: $0) }.reduce(0, +) / 120
    #expect(share > 0.1 && share < 0.4)
  }

  /// What is held stays, and what is dropped is not seen: the masks are those that were used.
  @Test func masksAreThoseThatWereUsed() throws {
    let found = try recording([noisy])
    let (c, held) = (
      try #require(found.matrix("lstm", "c")), try #require(found.matrix("lstm", "z_c"))
    )
    for unit in 0..<6 {
      for t in 1..<20 {
        // An empty cell whose candidate is dropped stays empty, too.
        guard c.value(t, unit) != 0 else { continue }
        let stays = c.value(t, unit) == c.value(t - 1, unit)
        #expect(stays == (held.value(t, unit) == 1))
      }
    }
    let dropout = try recording([Dropout.Spec(p: 0.5), RNN.Spec(hiddenSize: 3)])
    #expect(dropout.layers == ["dropout", "rnn"])
    let mask = try #require(dropout.matrix("dropout", "m"))
    let output = try #require(dropout.outputs.first { $0.name == "dropout" })
    #expect(mask.units == 4 && mask.steps == 20 && output.extent.steps == 20)
  }

  /// One mask a sequence, between recurrent layers too.
  @Test func variationalDropoutShowsOneMaskASequence() throws {
    let found = try recording([
      RNN.Spec(hiddenSize: 16), VariationalDropout.Spec(p: 0.5), GRU.Spec(hiddenSize: 3),
    ])
    #expect(found.hasMasks && found.layers == ["rnn", "variational_dropout", "gru"])
    let mask = try #require(found.matrix("variational_dropout", "m"))
    #expect(mask.signal.range == .mask && mask.units == 16 && mask.steps == 20)
    let units = (0..<16).map { Set(mask.trace(of: $0)) }
    #expect(units.allSatisfy { $0.count == 1 } && Set(units) == [[0], [1]])
  }

  @Test func theSameSeedAndStepDropTheSameAndOthersDoNot() throws {
    let traces = try [recording([noisy]), recording([noisy]), recording([noisy], step: 4)].map {
      try #require($0.matrix("lstm", "z_h"))
    }
    #expect(traces[0] == traces[1] && traces[0] != traces[2])
    #expect(try recording([noisy], seed: 8).matrix("lstm", "z_h") != traces[0])
  }

  @Test func evaluationDropsNothing() throws {
    let found = try recording([Dropout.Spec(p: 0.5), noisy], seed: nil)
    #expect(!found.isAsInTraining && !found.hasMasks)
    let plain = try recording([LSTM.Spec(hiddenSize: 3)])
    #expect(plain.isAsInTraining && !plain.hasMasks)
  }

  @Test func bothCellsAndVectorsHaveTheirMasks() throws {
    var spec = noisy
    spec.options.bidirectional = .concat
    let found = try recording([spec, LastStep.Spec(), Dropout.Spec(p: 0.5)])
    let names = found.signals(of: "lstm").map(\.signal.name)
    #expect(names.contains("z_c") && names.contains("z_c_reverse"))
    // A vector has one mask, whatever the step.
    let mask = try #require(found.matrix("dropout", "m"))
    #expect(mask.units == 12 && Set(mask.trace(of: 0)).count == 1)
  }
}
