import Canvas
import Data
import Engine
import Inspection
import Layers
import Testing
import Workbench

@testable import Screens
@testable import Training

/// A run on classes that was validated, and what is shown of it.
enum ClassSample {
  static let labels = ["apple", "pear", "fig\u{1B}[31m", "quince of Portugal"]

  /// Twelve examples of four classes.
  static var confusion: Confusion {
    var confusion = Confusion(labels: labels)
    for (wanted, row) in [[5, 1, 0, 0], [0, 3, 0, 0], [2, 0, 0.5, 0], [0, 0, 0, 0]].enumerated() {
      for (predicted, count) in row.enumerated() where count > 0 {
        confusion.add(wanted: wanted, predicted: predicted, count)
      }
    }
    return confusion
  }

  /// A validation with every metric.
  static func report(step: Int, accuracy: Double = 0.74, isBest: Bool = true) -> ValidationReport {
    ValidationReport(
      step: step, split: .validation, loss: 0.5, metric: accuracy,
      metrics: [
        MetricValue(.accuracy, accuracy), MetricValue(.perplexity, 1.65),
        MetricValue(.macroF1, 0.625),
      ], confusion: confusion, isBest: isBest)
  }

  /// A screen of a run that was validated.
  static func state() -> AppState {
    var state = TrainSample.state(.running, step: 240)
    state.session.target = Target(labels: labels, isPerStep: false, metric: .accuracy)
    state.session.baselines = []
    state.run.follow(.validated(report(step: 240)))
    return state
  }
}

@Suite struct MetricsPaneTests {
  private func screen(_ state: AppState, width: Int = 120, height: Int = 36) -> String {
    var canvas = Canvas(
      width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
    App.view(state, on: &canvas)
    return canvas.text
  }

  @Test func everyMetricOfTheLastValidationIsListedBesideThatOfTheBest() {
    var state = ClassSample.state()
    state.run.follow(.validated(ClassSample.report(step: 300, accuracy: 0.8, isBest: false)))
    state.train.focus = .metrics
    let rows = screen(state).split(separator: "\n")
    #expect(rows.contains { $0.contains("metrics") && $0.contains("val at 300") })
    #expect(
      rows.contains { $0.contains("accuracy") && $0.contains("80.0%  ") && $0.contains("74.0%") })
    #expect(rows.contains { $0.contains("macro F1") && $0.contains("62.5%") })
    #expect(rows.contains { $0.contains("perplexity") && $0.contains("1.65") })
  }

  @Test func theKeyGoesThroughEveryMetricOfTheTarget() throws {
    var state = ClassSample.state()
    var seen: [TrainScreen.Quantity] = []
    for _ in 0..<7 {
      seen.append(state.train.quantity)
      _ = try state.press("m")
    }
    #expect(
      seen == [
        .loss, .metric, .gradientNorm, .learningRate, .further(.bitsPerCharacter),
        .further(.perplexity), .further(.macroF1),
      ])
    #expect(state.train.quantity == .loss)
    state.train.quantity = .further(.macroF1)
    #expect(screen(state).contains("macro F1, 0 to 1"))
    #expect(screen(state).contains("val .625"))
  }

  @Test func confusionIsShownWithCountsRecallAndPrecision() throws {
    var state = ClassSample.state()
    _ = try state.press("C")
    let rows = screen(state, width: 80, height: 24).split(separator: "\n").map(String.init)
    #expect(rows.contains { $0.contains("validation at step 240") })
    #expect(rows.contains { $0.contains("recall apple  pear") && $0.contains("quin…") })
    #expect(rows.contains { $0.contains("apple            83%     5     1     ·     ·") })
    #expect(rows.contains { $0.contains("precision              71%   75%  100%     –") })
    #expect(rows.contains { $0.contains("quince of Por…     –     ·") })
    #expect(!rows.contains { $0.contains("\u{1B}") })
  }

  @Test func aLargeMatrixScrollsAndStops() throws {
    var report = ClassSample.report(step: 1)
    report.confusion = Confusion(labels: (0..<60).map { "c\($0)" })
    var popup = try #require(ConfusionPopup(report))
    var state = ClassSample.state()
    for _ in 0..<70 { _ = popup.handle(.down, &state) }
    for _ in 0..<70 { _ = popup.handle(.right, &state) }
    #expect(popup.row == 59 && popup.column == 59)
    state.popups = [popup]
    #expect(screen(state, width: 80, height: 24).contains("c59"))
    #expect(screen(state, width: 60, height: 16).contains("c59"))
    for _ in 0..<8 { _ = popup.handle(.pageUp, &state) }
    #expect(popup.row == 0)
    #expect(popup.handle(.escape, &state).fate == .close)
  }

  @Test func whereNoMatrixIsTheKeySaysWhy() throws {
    var state = TrainSample.state()
    #expect(
      try state.refusal(of: "C")
        == "Nothing was validated since the workbench was opened. Train on to the next validation.")
    state.session.target = Target(
      .values([Quantity("t")]), isPerStep: true, metric: .rootMeanSquareError)
    #expect(
      try state.refusal(of: "C")
        == "Only classes are taken for each other, and these data predict something else.")
  }
}

/// The lab of Jacobians in place of the gradient of the loss.
@Suite struct FlowPaneTests {
  /// What an Elman network without biases, whose matrix is `gain` times a rotation, does around 0.
  static func flow(gain: Float, step: Int = 240) -> MeasuredGradientFlow {
    var random = Random.stream(.test, seed: 1)
    let cell = RNN(RNN.Spec(hiddenSize: 2), inputSize: 1, using: &random)
    cell.weights.weightHH.assign(Tensor([0, -gain, gain, 0], [2, 2]))
    for bias in [cell.weights.biasIH, cell.weights.biasHH] { bias.assign(.zeros([2])) }
    let reading = CellReading(layer: "rnn", cell: cell, input: .zeros([1, 40, 1]))
    return MeasuredGradientFlow(layers: [GradientFlow(reading)], weightsStep: step)
  }

  private func screen(_ state: AppState) -> String {
    var canvas = Canvas(
      width: 100, height: 30, capabilities: .init(colors: .mono, glyphs: .braille))
    TrainScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }

  @Test func theKeyAsksForAMeasurementAndBringsTheGradientBack() throws {
    var state = TrainSample.state()
    #expect(try state.press("J") == [.followGradients(example: 0)])
    #expect(screen(state).contains("not measured yet"))
    _ = App.update(&state, .followed(Self.flow(gain: 0.5)))
    #expect(screen(state).contains("half is left after 1.00 steps"))
    #expect(try state.press("J").isEmpty)
    #expect(screen(state).contains("half-life"))
  }

  @Test(
    arguments: [
      (0.5, "slope -.693  λ -.693  ρ .500 σ .500"), (1, "gradients are kept"),
      (1.25, "slope .223  λ .223  ρ 1.25 σ 1.25"),
    ] as [(Float, String)])
  func whatTheSlopeMeansIsSaid(gain: Float, words: String) throws {
    var state = TrainSample.state()
    _ = try state.press("J")
    _ = App.update(&state, .followed(Self.flow(gain: gain)))
    state.train.isEnlarged = true
    var canvas = Canvas(
      width: 100, height: 30, capabilities: .init(colors: .mono, glyphs: .braille))
    TrainScreen.view(state, on: &canvas, in: canvas.bounds)
    #expect(canvas.text.contains(words))
  }
}
