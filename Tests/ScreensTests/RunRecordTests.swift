import Canvas
import Testing
import Training

@testable import Screens

@Test func aRecordFollowsARun() {
  var run = RunRecord()
  for event in TrainSample.events(steps: 240) { run.follow(event) }
  #expect(run.step == 240)
  #expect(run.totalSteps == 600)
  #expect(run.stepsPerEpoch == 150)
  #expect(run.loss.count == 240)
  #expect(run.metric.count == 240)
  #expect(run.gradientNorm.count == 240)
  #expect(run.validationLoss.xs == [100, 200])
  #expect(run.bestValidation?.step == 200)
  #expect(run.ticks == [.init(step: 120, label: "lr→1.60e-3")])
  #expect(run.checkpoints.map(\.step) == [100, 200])
  #expect(run.warnings.map(\.step) == [200])
  #expect(run.detailStep == 240)
  #expect(run.tokensPerSecond == 40_960)
  #expect(run.clippedShare == 0.1)
  #expect(run.fractionDone == 0.4)
}

@Test func aNewRunClearsTheRecordAndKeepsTheSmoothing() {
  var run = RunRecord()
  for event in TrainSample.events(steps: 240) { run.follow(event) }
  run.setSmoothing(0.5)
  run.follow(.started(step: 0, totalSteps: 80, stepsPerEpoch: 20))
  #expect(run.loss.isEmpty)
  #expect(run.validationLoss.isEmpty)
  #expect(run.ticks.isEmpty)
  #expect(run.checkpoints.isEmpty)
  #expect(run.warnings.isEmpty)
  #expect(run.detail == nil)
  #expect(run.bestValidation == nil)
  #expect(run.totalSteps == 80)
  #expect(run.smoothing == 0.5)
}

@Test func aRunThatGoesOnFromACheckpointForgetsWhatCameAfterIt() {
  var run = RunRecord()
  for event in TrainSample.events(steps: 240) { run.follow(event) }
  run.follow(.started(step: 100, totalSteps: 600, stepsPerEpoch: 150))
  #expect(run.step == 100)
  #expect(run.loss.xs.last == 100)
  #expect(run.validationLoss.xs == [100])
  #expect(run.ticks.isEmpty)
  #expect(run.checkpoints.map(\.step) == [100])
  #expect(run.warnings.isEmpty)
  #expect(run.bestValidation == nil)
  #expect(run.secondsLeft == nil)
}

@Test func theTimeLeftIsUnknownUntilTwoStepsAreDone() {
  var run = RunRecord()
  #expect(run.secondsLeft == nil)
  run.follow(.started(step: 0, totalSteps: 600, stepsPerEpoch: 150))
  run.follow(.stepped(TrainSample.report(1)))
  #expect(run.secondsLeft == nil)
  run.follow(.stepped(TrainSample.report(2)))
  #expect(run.secondsLeft.map { ($0 * 10).rounded() / 10 } == 29.9)
}

@Test(arguments: [-5, 0, Double.nan, .infinity])
func theTimeLeftIsNeverNegative(seconds: Double) {
  var run = RunRecord()
  run.follow(.started(step: 0, totalSteps: 600, stepsPerEpoch: 150))
  for step in 1...3 {
    var report = TrainSample.report(step)
    report.seconds = Double(step) * seconds
    run.follow(.stepped(report))
  }
  #expect(run.secondsLeft == nil)
}

@Test func nothingIsLeftOnceAllStepsAreDone() {
  var run = RunRecord()
  for event in TrainSample.events(steps: 240) { run.follow(event) }
  run.follow(.changed(.steps(200), step: 240))
  #expect(run.totalSteps == 200)
  #expect(run.secondsLeft == nil)
  #expect(run.fractionDone == 1)
}

@Test func theTestSplitStaysOutOfTheValidationCurve() {
  var run = RunRecord()
  run.follow(
    .validated(
      ValidationReport(step: 9, split: .test, loss: 0.1, metric: 0.2, isBest: false)))
  #expect(run.test?.loss == 0.1)
  #expect(run.validationLoss.isEmpty)
  #expect(run.bestValidation == nil)
}

@Test func onlyTheLastHundredWarningsAreKept() {
  var run = RunRecord()
  for step in 1...150 { run.follow(.warning("too hot", step: step)) }
  #expect(run.warnings.count == 100)
  #expect(run.warnings.last?.step == 150)
}

@Test func knobsAreTicksWithShortLabels() {
  var run = RunRecord()
  run.follow(.changed(.learningRate(0.00125), step: 3))
  run.follow(.changed(.clipNorm(0), step: 4))
  run.follow(.changed(.clipNorm(0.5), step: 5))
  run.follow(.changed(.steps(900), step: 6))
  #expect(run.ticks.map(\.label) == ["lr→1.25e-3", "clip→off", "clip→.500", "steps→900"])
}
