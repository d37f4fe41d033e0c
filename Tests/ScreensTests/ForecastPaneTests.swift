import Canvas
import Data
import Engine
import Inspection
import Layers
import Testing

@testable import Screens

/// Recordings of networks that predict numbers and flags.
enum ForecastSample {
  /// 30 hours of a temperature and a pressure, and what a small network says of them.
  static func weather() throws -> SequenceRecording {
    let target = Target(
      .values([
        Quantity("temperature", unit: "°C", mean: 15, deviation: 10),
        Quantity("pressure", unit: "Pa", mean: 101_300, deviation: 800),
      ]), isPerStep: true, metric: .rootMeanSquareError)
    return try recording(target)
  }

  /// The same as two flags.
  static func flags() throws -> SequenceRecording {
    try recording(Target(.flags(["rain", "frost"]), isPerStep: true, metric: .areaUnderROC))
  }

  private static func recording(_ target: Target) throws -> SequenceRecording {
    let time = 30
    var (inputs, targets, weights): ([Float], [Float], [Float]) = ([], [], [])
    for t in 0..<time {
      // A saw tooth, exact in every arithmetic.
      let wave = Float(t % 10) / 5 - 1
      inputs += [wave, -wave]
      if case .flags = target.kind {
        targets += [wave > 0 ? 1 : 0, wave > 0 ? 0 : 1]
      } else {
        targets += [wave, -wave / 2]
      }
      weights.append(t == 3 ? 0 : 1)
    }
    let network = try Network(
      ModelSpec([RNN.Spec(hiddenSize: 2), Linear.Spec(outFeatures: 2, bias: false)]),
      input: .sequence(2), seed: 1)
    for (name, parameter) in network.parameters {
      let diagonal: Float = name.hasSuffix("weight_hh_l0") || name.contains("bias") ? 0 : 1
      let shape = parameter.value.shape
      let values = (0..<shape.count).map { $0 % 3 == 0 ? diagonal : 0 }
      parameter.assign(Tensor(shape.rank == 2 ? values : values.map { _ in 0 }, shape))
    }
    let example = Example(
      title: "validation days 3",
      batch: Batch(
        input: Tensor(inputs, [1, time, 2]), targets: .values(Tensor(targets, [time, 2])),
        weights: weights),
      steps: (0..<time).map { "\($0)" })
    return try SequenceRecording(
      network: network, example: example, target: target, weightsStep: 200)
  }
}

@Suite struct ForecastPaneTests {
  private func screen(_ state: AppState, width: Int = 120, height: Int = 33) -> String {
    var canvas = Canvas(
      width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
    InspectScreen.view(state, on: &canvas, in: canvas.bounds)
    return canvas.text
  }

  @Test func whatWasSaidStandsBesideWhatWasWantedInItsUnit() throws {
    var state = try InspectSample.state(ForecastSample.weather())
    _ = try state.press("g")
    let text = screen(state)
    // tanh(−1) = −.762: 15 − 7.62 °C said, 5 °C wanted.
    #expect(text.contains("temperature 7.38 °C wanted 5.00 °C"))
    #expect(text.contains("pressure     102 kPa  wanted 102 kPa"))
    #expect(text.contains("said") && text.contains("wanted"))
    #expect(text.contains("temperature mean error "))
  }

  @Test func theCurveIsThatOfTheChosenValue() throws {
    var state = try InspectSample.state(ForecastSample.weather())
    _ = try state.press("o")
    #expect(screen(state).contains("pressure mean error "))
    _ = try state.press("o")
    #expect(screen(state).contains("temperature mean error "))
    state.inspect.output = .max
    #expect(screen(state).contains("pressure mean error "))
  }

  @Test func aStepWithoutWeightHasNothingWanted() throws {
    var state = try InspectSample.state(ForecastSample.weather())
    _ = try state.press("glll")
    #expect(state.inspect.recording?.forecast(at: 3)?.wanted == nil)
    #expect(screen(state).contains("in '3'  temperature"))
    #expect(!screen(state).contains("°C wanted"))
  }

  /// What the network might say of the eight steps after step 20, the last of which nobody knows.
  private func fan(title: String = "validation days 3") -> ForecastFan {
    func points(_ scale: Double) -> [ForecastFan.Point] {
      (0..<8).map { step in
        let value = scale * Double(step)
        return ForecastFan.Point(
          value: value, quantiles: [-2, -1, 0, 1, 2].map { value + scale * $0 },
          wanted: step < 7 ? value + 1.5 * scale : nil, naive: 0, seasonal: nil)
      }
    }
    return ForecastFan(
      title: title, after: 20, points: [points(1), points(100)], periods: [nil, nil],
      weightsStep: 200)
  }

  @Test func theNetworkGoesOnFromTheCursorAndItsFanIsShown() throws {
    var desk = try Desk()
    desk.state = try InspectSample.state(ForecastSample.weather())
    try desk.press("g" + String(repeating: "l", count: 20) + "F")
    #expect(desk.effects.last == .forecast(FanWish(after: 20, steps: 10), example: 0))
    desk.handle(.forecasted(fan(title: "another sequence")))
    #expect(desk.state.inspect.fan == nil)
    desk.handle(.forecasted(fan()))
    #expect(screen(desk.state, width: 80, height: 21).contains("goes on"))
    desk.state.inspect.isEnlarged = true
    let text = screen(desk.state)
    #expect(text.contains("90%") && text.contains("goes on"))
    // Of both numbers: 1.5 and 150, then their mean.
    #expect(text.contains("RMSE 75.8") && text.contains("100% in the 90%"))
    try desk.press("F")
    #expect(desk.state.inspect.fan == nil)
    try desk.press(":forecast 30<ret>")
    #expect(desk.effects.last == .forecast(FanWish(after: 20, steps: 30), example: 0))
    try desk.press(":forecast many<ret>")
    #expect(
      (desk.state.popups.last as? CommandLine)?.problem
        == "forecast takes a number of steps from 1 to 10000, got 'many'.")
  }

  @Test func fromTheFirstStepTheNetworkGoesOnFromTheMiddle() throws {
    var desk = try Desk()
    desk.state = try InspectSample.state(ForecastSample.weather())
    try desk.press("gF")
    #expect(desk.state.inspect.t == 15)
    #expect(desk.effects.last == .forecast(FanWish(after: 15, steps: 14), example: 0))
  }

  @Test func whatHasNoNextValueSaysSo() throws {
    let reason = "A forecast of many steps needs a target that is the next value of a series."
    var desk = try Desk()
    desk.state = try InspectSample.state(ForecastSample.flags())
    var refusals: [String] = []
    _ = try desk.state.press("lF", refusals: &refusals)
    #expect(refusals == [reason])
    try desk.press(":forecast 5<ret>")
    #expect((desk.state.popups.last as? CommandLine)?.problem == reason)
  }

  @Test func flagsAreProbabilities() throws {
    var state = try InspectSample.state(ForecastSample.flags())
    _ = try state.press("g")
    let text = screen(state)
    #expect(text.contains("p(rain) .318 wanted not so  p(frost) .682 wanted so"))
  }

  @Test func theMeanErrorIsOverWhatWasWanted() throws {
    let recording = try ForecastSample.weather()
    let errors = recording.forecasts.compactMap(\.errors).map { abs($0[0]) }
    #expect(errors.count == 29)
    #expect(recording.meanError(of: 0) == errors.reduce(0, +) / 29)
    #expect(try InspectSample.recording().meanError(of: 0) == nil)
  }

  @Test func theNumbersOfManyFeaturesLeaveRoomForWhatIsSaidOfThem() throws {
    let strokes = try InspectSample.strokes()
    let long = Example(
      title: strokes.example.title, batch: strokes.example.batch,
      steps: strokes.example.steps.map { _ in "-1.03 .422 1.78 -.215 .007 2.31 -.98" })
    let network = try Network(
      ModelSpec([GRU.Spec(hiddenSize: 4), LastStep.Spec(), Linear.Spec(outFeatures: 3)]),
      input: .sequence(2), seed: 1)
    let recording = try SequenceRecording(
      network: network, example: long, target: strokes.target, weightsStep: 0)
    let text = screen(try InspectSample.state(recording), width: 80, height: 21)
    #expect(text.contains("-1.03 .4"))
    #expect(text.contains("target '1'"))
  }
}
