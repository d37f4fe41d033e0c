import Data
import Engine
import Foundation
import Layers
import Testing

@testable import Inspection

struct SequenceRecordingTests {
  @Test func aNetworkOfOneUnitDoesWhatTheEquationSays() throws {
    let recording = try SequenceRecording(
      network: oneUnit(), example: example([1, -2, 0], targets: [0, 1, 0]), target: upOrDown(),
      weightsStep: 40)
    let h0 = tanh(1.0)
    let h1 = tanh(-2 + 0.5 * h0)
    let h2 = tanh(0.5 * h1)
    let h = try #require(recording.matrix("rnn", "h"))
    #expect(recording.layers == ["rnn"] && recording.signals.count == 1)
    #expect(h.steps == 3 && h.units == 1 && h.fullName == "rnn.h")
    for (t, value) in [h0, h1, h2].enumerated() {
      #expect(abs(Double(h.value(t, 0)) - value) < 1e-6)
      let outcome = try #require(recording.outcome(at: t))
      let up = 1 / (1 + exp(-2 * value))
      #expect(abs(Double(outcome.probabilities[0]) - up) < 1e-6)
      let loss = -log(t == 1 ? 1 - up : up)
      #expect(abs((outcome.loss ?? 0) - loss) < 1e-6)
      #expect(abs((outcome.bits ?? 0) - loss / log(2)) < 1e-6)
    }
    #expect(recording.outcomes.map(\.predicted) == [0, 1, 1])
    #expect(recording.outcomes.map(\.isRight) == [true, true, false])
    #expect(recording.accuracy == 2.0 / 3)
    #expect(recording.targetLabel(at: 1) == "down")
    #expect(recording.weightsStep == 40)
    let losses = recording.outcomes.compactMap(\.loss)
    #expect(abs((recording.meanLoss ?? 0) - losses.reduce(0, +) / 3) < 1e-12)
    let top = recording.alternatives(at: 2, count: 5)
    #expect(top.map(\.label) == ["down", "up"])
    #expect(top.map(\.isTarget) == [false, true])
  }

  @Test func aSequenceTargetHasOneOutcomeForEveryStep() throws {
    let recording = try SequenceRecording(
      network: oneUnit(perStep: false), example: example([1, -2], targets: [1]),
      target: upOrDown(perStep: false), weightsStep: nil)
    #expect(recording.outcomes.count == 1)
    #expect(recording.outcome(at: 0) == recording.outcome(at: 1))
    #expect(recording.outcome(at: 1)?.isRight == true)
    #expect(recording.length == 2)
  }

  @Test func whatIsPastTheLengthIsNotThere() throws {
    let short = try SequenceRecording(
      network: oneUnit(perStep: false), example: example([1, -2], targets: [1]),
      target: upOrDown(perStep: false), weightsStep: nil)
    let padded = try SequenceRecording(
      network: oneUnit(perStep: false), example: example([1, -2, 9], targets: [1], lengths: [2]),
      target: upOrDown(perStep: false), weightsStep: nil)
    #expect(padded.length == 2)
    #expect(padded.signals == short.signals)
    #expect(padded.outcomes == short.outcomes)
  }

  @Test func fewerStepsAfterAStrideAreSpreadOverTheSequence() throws {
    let spec = ModelSpec([
      LayerEntry(name: "half", spec: AvgPool1d.Spec(kernelSize: 2)),
      LayerEntry(name: "rnn", spec: RNN.Spec(hiddenSize: 2)),
      LayerEntry(name: "last", spec: LastStep.Spec()),
    ])
    let network = try Network(spec, input: .sequence(1), seed: 1)
    let recording = try SequenceRecording(
      network: network, example: example([1, -2, 3, 4], targets: [1]),
      target: upOrDown(perStep: false), weightsStep: nil)
    let h = try #require(recording.matrix("rnn", "h"))
    #expect(h.steps == 4)
    let trace = h.trace(of: 0)
    #expect(trace[0] == trace[1] && trace[2] == trace[3] && trace[1] != trace[2])
  }

  @Test func stepsWithoutWeightHaveNoTarget() throws {
    let masked = Example(
      title: "masked",
      batch: Batch(input: Tensor([1, 1], [1, 2, 1]), targets: [0, 0], weights: [1, 0]),
      steps: ["1", "1"])
    let recording = try SequenceRecording(
      network: oneUnit(), example: masked, target: upOrDown(), weightsStep: nil)
    #expect(recording.outcomes.map(\.target) == [0, nil])
    #expect(recording.outcomes[1].loss == nil && recording.outcomes[1].isRight == nil)
    #expect(recording.outcomes[1].predicted == 0)
    #expect(recording.accuracy == 1)
  }

  @Test func everyGateOfAnLSTMIsReadTogether() throws {
    let network = try Network(
      ModelSpec([LSTM.Spec(hiddenSize: 3), Linear.Spec(outFeatures: 2)]), input: .sequence(1),
      seed: 5)
    let recording = try SequenceRecording(
      network: network, example: example([1, -2, 0.5], targets: [0, 1, 0]), target: upOrDown(),
      weightsStep: nil)
    #expect(recording.signals.map(\.signal.name) == ["i", "f", "g", "o", "c", "h"])
    let reading = recording.reading(of: 1, in: "lstm", at: 2)
    #expect(reading.entries.count == 6 && reading.unit == 1 && reading.t == 2)
    let values = try ["i", "f", "g", "o", "c", "h"].map { try #require(reading[$0]) }
    let before = try #require(reading.entries[4].previous)
    #expect(abs(values[4] - (values[1] * before + values[0] * values[2])) < 1e-6)
    #expect(abs(values[5] - values[3] * tanh(values[4])) < 1e-6)
    #expect(recording.reading(of: 0, in: "lstm", at: 0).entries.allSatisfy { $0.previous == nil })
    #expect(recording.reading(of: 3, in: "lstm", at: 0).entries.isEmpty)
    #expect(recording.reading(of: 0, in: "gru", at: 0).entries.isEmpty)
  }

  @Test func weightsThatAreNotNumbersAreShownNotTrapped() throws {
    let network = try oneUnit()
    network.parameters[0].parameter.assign(.filled(with: .nan, [1, 1]))
    let recording = try SequenceRecording(
      network: network, example: example([1, 2], targets: [0, 1]), target: upOrDown(),
      weightsStep: nil)
    #expect(recording.outcomes.allSatisfy { $0.predicted == nil && $0.loss == nil })
    #expect(recording.alternatives(at: 0, count: 3).isEmpty)
    #expect(recording.meanLoss == nil && recording.accuracy == nil)
    let h = try #require(recording.matrix("rnn", "h"))
    #expect(h.value(0, 0).isNaN)
    #expect(h.minimum == 0 && h.maximum == 0 && h.deviation == 0)
  }

  @Test func aModelForOtherDataSaysSo() throws {
    let wide = Example(
      title: "wide", batch: Batch(input: .zeros([1, 3, 2]), targets: [0, 0, 0]), steps: [])
    #expect(
      message {
        _ = try SequenceRecording(
          network: oneUnit(), example: wide, target: upOrDown(), weightsStep: nil)
      } == "The model reads [B, T, 1], got an example of shape [1, 3, 2]. "
        + "Use the data that it was made for.")
    let three = Target(labels: ["a", "b", "c"], isPerStep: true, metric: .accuracy)
    #expect(
      message {
        _ = try SequenceRecording(
          network: oneUnit(), example: example([1], targets: [0]), target: three, weightsStep: nil)
      } == "The data need a model that puts out [B, T, 3], got [B, T, 2]. Change its last layer.")
  }

  @Test func idsBeyondTheVocabularyAreRefused() throws {
    let network = try Network(
      ModelSpec([Embedding.Spec(embeddingDim: 2), Linear.Spec(outFeatures: 2)]),
      input: .ids(below: 2), seed: 1)
    let ids = Example(
      title: "ids", batch: Batch(input: Tensor([0, 2], [1, 2]), targets: [0, 0]), steps: [])
    #expect(
      message {
        _ = try SequenceRecording(
          network: network, example: ids, target: upOrDown(), weightsStep: nil)
      } == "The model reads [B, T] ids < 2, got an example of shape [1, 2]. "
        + "Use the data that it was made for.")
  }
}
