import Canvas
import Testing
import Training

@testable import Screens

@Test func theReachOfAGradientIsCountedBackFromItsLastStep() throws {
  // Halves with every step back: half after 1, a thousandth after 10.
  let halving = try #require(
    GradientReach((0..<32).map { Double(sign: .plus, exponent: $0, significand: 1) }))
  #expect(halving.halfLife == 1)
  #expect(halving.reach == 10)
  #expect(halving.growth == 1)
  #expect(halving.text == "half-life 1  reach 10 steps")
}

@Test func aGradientThatDoesNotFadeSaysSo() throws {
  let flat = try #require(GradientReach(Array(repeating: 0.3, count: 64)))
  #expect(flat.halfLife == nil)
  #expect(flat.text == "does not fade in 63 steps")
}

@Test func aGradientThatFadesButNotAwaySaysHowFarItWasSeen() throws {
  let slow = try #require(GradientReach([0.2, 0.4, 0.6, 1]))
  #expect(slow.text == "half-life 2  reach >3 steps")
}

@Test func aGradientThatGrowsTowardsThePastIsMeasured() throws {
  let growing = try #require(GradientReach([40, 8, 4, 2]))
  #expect(growing.growth == 20)
}

@Test func stepsWithoutGradientAtTheEndDoNotCount() throws {
  let ragged = try #require(GradientReach([0.1, 0.5, 1, 0, 0]))
  #expect(ragged.halfLife == 1)
  #expect(ragged.steps == 2)
}

@Test(arguments: [[], [0, 0, 0], [Double.nan, .nan], [.infinity]])
func aGradientThatIsNowhereHasNoReach(norms: [Double]) {
  #expect(GradientReach(norms) == nil)
}

@Test(arguments: [
  (0.1, 1e-3, WeightHealth.Verdict.ok), (0.1, 0.2, .high), (0.1, 1e-6, .low), (0, 1e-3, .dead),
  (.nan, 1e-3, .notFinite), (0.1, .infinity, .notFinite),
])
func weightsAreJudgedByGradientAndUpdate(
  gradient: Double, ratio: Double, verdict: WeightHealth.Verdict
) {
  let report = ParameterReport(
    layer: "lstm", name: "weight", gradientNorm: gradient, weightNorm: 2, updateRatio: ratio)
  #expect(WeightHealth([report]).verdict == verdict)
}

@Test func theHealthOfALayerIsThatOfAllItsWeightsTogether() {
  let reports = [(3.0, 4.0, 0.1), (4.0, 3.0, 0.0)].map {
    ParameterReport(
      layer: "lstm", name: "weight", gradientNorm: $0.0, weightNorm: $0.1, updateRatio: $0.2)
  }
  #expect(WeightHealth(reports).gradientNorm == 5)
  #expect(WeightHealth(reports).updateRatio == 0.08)
}

@Test func gradientSizesAndTheRadiusOfRecurrentWeightsAreShownWhereThereIsRoom() {
  var state = TrainSample.state()
  var shares = [Double](repeating: 0, count: GradientSizes.decades.count)
  (shares[7], shares[8]) = (0.25, 0.75)
  for (step, radius) in [(301, 0.9), (302, 1.0625)] {
    let weights = ParameterReport(
      layer: "rnn", name: "weight_hh_l0", gradientNorm: 0.1, weightNorm: 4, updateRatio: 1e-3,
      gradientSizes: GradientSizes(shares: shares), spectralRadius: radius)
    state.run.follow(
      .stepped(
        StepReport(
          step: step, epoch: 1, loss: 1, metric: 1, gradientNorm: 0.1, wasClipped: false,
          learningRate: 0.01, tokensPerSecond: 1, seconds: 1,
          detail: StepDetail(parameters: [weights], gradientOverTime: [], signals: []))))
  }
  #expect(state.run.spectralRadii["rnn.weight_hh_l0"]?.values == [0.9, 1.0625])
  (state.train.focus, state.train.isEnlarged) = (.health, true)
  let shown = screen(state)
  #expect(shown.contains("g 1e-10") && shown.contains(" over steps") && shown.contains("1.06"))
}

@Test func freshBiasesAreNotAlarming() {
  let bias = ParameterReport(
    layer: "lstm", name: "bias", gradientNorm: 0.1, weightNorm: 0, updateRatio: .infinity)
  #expect(WeightHealth([bias]).updateRatio == nil)
  #expect(WeightHealth([bias]).verdict == .ok)
}

@Test func theLossPlotShowsBaselinesInItsOwnUnit() {
  var state = TrainSample.state()
  let inNats = screen(state)
  state.train.quantity = .metric
  let inBits = screen(state)
  #expect(inNats.contains("loss, nats"))
  #expect(inBits.contains("bits a character"))
  #expect(inNats.contains("best by loss: val 1.38 at 200  order-2 counts 1.73 -"))
  #expect(inBits.contains("best by loss: val 1.99 bits/char at 200  order-2 counts 2.50 -"))
}

@Test func theStrongestBaselineIsNamedFirst() {
  var state = TrainSample.state()
  state.session.baselines = [.init(name: "unigram", value: 4.7), .init(name: "order 3", value: 3)]
  #expect(screen(state).contains("order 3 2.08  unigram 3.26"))
  state.session.target = .init(labels: ["a", "b"], isPerStep: false, metric: .accuracy)
  state.session.baselines = [.init(name: "guess", value: 0.5), .init(name: "linear", value: 0.9)]
  #expect(screen(state).contains("linear 90.0%  guess 50.0%"))
}

@Test func theNormOfTheGradientCanBePlotted() {
  var state = TrainSample.state()
  state.train.quantity = .gradientNorm
  #expect(screen(state).contains("gradient norm before clipping"))
  #expect(screen(state).contains("train .900 -+"))
}

@Test func onlyTheLimitOfTheWholeNormIsALineInThePlotOfTheNorm() {
  var state = TrainSample.state()
  state.train.quantity = .gradientNorm
  func lines() -> [Double] { LossPane(state).levels }
  #expect(lines() == [1])
  for clip in [Clipping.Mode.parameter, .value] {
    state.session.document.training.clip = clip
    #expect(lines().isEmpty)
  }
  state.session.document.training.clip = .norm
  state.session.document.training.clipNorm = 0
  #expect(lines().isEmpty)
}

@Test func theLearningRateCanBePlotted() {
  var state = TrainSample.state()
  state.train.quantity = .learningRate
  #expect(state.run.learningRate.values.prefix(120).allSatisfy { $0 == 0.002 })
  #expect(state.run.learningRate.values.last == 0.0016)
  #expect(screen(state).contains(" learning rate "))
  #expect(screen(state).contains(" lr 1.60e-3 -+"))
}

@Test func accuracyIsShownInPerCent() {
  var state = TrainSample.state()
  state.session.target = .init(labels: ["a", "b"], isPerStep: false, metric: .accuracy)
  state.run.follow(
    .validated(
      ValidationReport(step: 240, split: .validation, loss: 0.3, metric: 0.842, isBest: true)))
  #expect(screen(state).contains("best by loss: val 84.2% at 240"))
}

@Test func theCursorReadsTheCurves() {
  var state = TrainSample.state()
  state.train.cursor = 100
  let average = NumberText.short(state.run.loss.smoothed[99])
  #expect(screen(state).contains("100  train \(average)  val 1.70"))
}

@Test func aNaNIsMarkedCountedAndDated() {
  var state = TrainSample.state()
  var report = TrainSample.report(241)
  report.loss = .nan
  state.run.follow(.stepped(report))
  #expect(screen(state).contains("train: 1 NaN, first at 241"))
}

@Test func deadUnitsAndSaturatedGatesAreNamed() {
  let text = screen(TrainSample.state())
  #expect(text.contains("2%  71% x1"))
  #expect(text.contains("dead in h: 2 7 11"))
}

private func screen(_ state: AppState) -> String {
  var canvas = Canvas(width: 100, height: 30, capabilities: .plain)
  TrainScreen.view(state, on: &canvas, in: canvas.bounds)
  return canvas.text
}

@Test func aScheduleIsShownWithItsCurveAndThePresentStep() {
  var state = TrainSample.state()
  #expect(!screen(state).contains("sched"))
  state.session.document.training.schedule = .cosine
  state.session.document.training.learningRate = 0.004
  state.session.document.training.warmupSteps = 40
  #expect(screen(state).contains("sched  cosine"))
  let now = NumberText.short(state.run.latest?.learningRate ?? 0)
  #expect(screen(state).contains("now \(now)"))
  state.train.focus = .knobs
  state.train.isEnlarged = true
  #expect(screen(state).contains("lr"))
}

@Test func howFarAdamGoesWithATensorStandsBesideItWhereThereIsRoom() throws {
  var state = TrainSample.state()
  var report = TrainSample.report(241)
  var detail = TrainSample.detail
  detail.parameters[1].momentRatio = MomentRatio(
    histogram: [0.5] + Array(repeating: 0, count: 18) + [0.5], mean: 0.52)
  report.detail = detail
  state.run.follow(.stepped(report))
  state.train.focus = .health
  func text() -> String {
    var canvas = Canvas(
      width: 80, height: 21, capabilities: .init(colors: .mono, glyphs: .braille))
    TrainScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }
  _ = try state.press("<ret>")
  #expect(text().contains("|m|/√v 0 … 1"))
  #expect(text().contains("weight_ih_l0") && text().contains("█        █     .520"))
}
