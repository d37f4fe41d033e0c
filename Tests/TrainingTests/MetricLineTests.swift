import Data
import Formats
import Testing

@testable import Training

@Suite struct MetricLineTests {
  private let report = StepReport(
    step: 3, epoch: 1, loss: Double(Float(2.5)), metric: Double(Float(3.61)), gradientNorm: 0.125,
    wasClipped: true, learningRate: 0.002, tokensPerSecond: 81920, seconds: 0.7512345678)

  private func line(_ event: RunEvent, _ metric: Metric = .bitsPerCharacter) -> String? {
    event.json(metric: metric)?.text(.compact)
  }

  @Test func aStepIsOneLineWithItsKeysInOrder() {
    #expect(
      line(.stepped(report))
        == #"{"schema":1,"event":"step","step":3,"epoch":1,"loss":2.5,"bits_per_character":3.61,"#
        + #""grad_norm":0.125,"lr":0.002,"tokens_per_second":81920.0,"seconds":0.751235,"#
        + #""clipped":true}"#)
    #expect(line(.stepped(report), .accuracy)?.contains(#""accuracy":3.61"#) == true)
  }

  @Test func everyOtherEventSaysWhatItIs() {
    let validation = ValidationReport(
      step: 3, split: .validation, loss: 1.5, metric: 0.5, isBest: true)
    let lines: [(RunEvent, String)] = [
      (
        .validated(validation),
        #"{"schema":1,"event":"validation","step":3,"split":"validation","loss":1.5,"#
          + #""bits_per_character":0.5,"best":true}"#
      ),
      (
        .changed(.learningRate(0.001), step: 4),
        #"{"schema":1,"event":"knob","step":4,"learning_rate":0.001}"#
      ),
      (
        .changed(.steps(900), step: 4), #"{"schema":1,"event":"knob","step":4,"steps":900}"#
      ),
      (
        .started(step: 0, totalSteps: 10, stepsPerEpoch: 5),
        #"{"schema":1,"event":"started","step":0,"steps":10,"steps_per_epoch":5}"#
      ),
      (
        .saved(step: 5, file: "ckpt-00000005.safetensors", isBest: false),
        #"{"schema":1,"event":"checkpoint","step":5,"file":"ckpt-00000005.safetensors","#
          + #""best":false}"#
      ),
      (
        .warning("Say \"this\".", step: 5),
        #"{"schema":1,"event":"warning","step":5,"message":"Say \"this\"."}"#
      ),
      (.paused(step: 5), #"{"schema":1,"event":"paused","step":5}"#),
      (.resumed(step: 5), #"{"schema":1,"event":"resumed","step":5}"#),
      (
        .finished(step: 10, wasStopped: true),
        #"{"schema":1,"event":"finished","step":10,"stopped":true}"#
      ),
      (
        .failed("No.", step: 10), #"{"schema":1,"event":"failed","step":10,"message":"No."}"#
      ),
    ]
    for (event, expected) in lines { #expect(line(event) == expected) }
    #expect(line(.snapshot(WeightSnapshot(step: 1, weights: []))) == nil)
  }

  @Test func aNumberThatIsNotFiniteIsNull() throws {
    var broken = report
    broken.loss = .nan
    broken.gradientNorm = .infinity
    let text = try #require(line(.stepped(broken)))
    #expect(text.contains(#""loss":null"#) && text.contains(#""grad_norm":null"#))
    _ = try JSON(parsing: text, name: "test")
  }

  private func history(_ events: [RunEvent], tail: String = "") -> [String] {
    let lines = events.compactMap { line($0) }.joined(separator: "\n")
    return MetricHistory.events(in: lines + tail).map(\.words)
  }

  @Test func everyMetricOfAValidationIsKeptAndReadBack() throws {
    let validation = ValidationReport(
      step: 3, split: .validation, loss: 1.5, trainingLoss: 1.25, metric: 0.5,
      metrics: [
        MetricValue(.accuracy, 0.5), MetricValue(.macroF1, 0.25), MetricValue(.perplexity, 8),
      ], isBest: true)
    let text = try #require(line(.validated(validation), .accuracy))
    #expect(
      text
        == #"{"schema":1,"event":"validation","step":3,"split":"validation","loss":1.5,"#
        + #""train_loss":1.25,"accuracy":0.5,"macro_f1":0.25,"perplexity":8.0,"best":true}"#)
    guard case .validated(let again) = try #require(MetricHistory.events(in: text).first) else {
      Issue.record("It is not a validation.")
      return
    }
    #expect(again == validation)
  }

  private func step(_ step: Int) -> RunEvent {
    var report = report
    report.step = step
    return .stepped(report)
  }

  @Test func historyIsReadBackAndACutTailIsLeftOut() {
    let events: [RunEvent] = [step(1), .changed(.clipNorm(2), step: 2), step(2)]
    #expect(
      history(events, tail: "\n{\"schema\":1,\"step\":3,\"ep")
        == ["step 1", "clip_norm 2 2", "step 2"])
    #expect(history([.paused(step: 1)], tail: "\nrubbish\n{}\n[1]\n").isEmpty)
  }

  @Test func readingBackChangesNoNumber() throws {
    let text = try #require(line(.stepped(report)))
    guard case .stepped(var again) = try #require(MetricHistory.events(in: text).first) else {
      Issue.record("It is not a step.")
      return
    }
    #expect(again.metric == Double(3.61))
    again.metric = report.metric
    again.seconds = report.seconds
    #expect(again == report)
  }

  @Test func whatARunWentBackFromIsLeftOut() {
    let validation = ValidationReport(
      step: 3, split: .validation, loss: 1, metric: 1, isBest: false)
    let first: [RunEvent] = [
      step(1), step(2), .changed(.steps(8), step: 3), step(3), .validated(validation), step(4),
      .changed(.steps(9), step: 5),
    ]
    #expect(
      history(first + [.changed(.clipNorm(1), step: 3), step(3), step(4)])
        == ["step 1", "step 2", "clip_norm 1 3", "step 3", "step 4"])
  }
}
