import Engine
import Foundation
import Layers
import Testing

@testable import Data
@testable import Inspection

/// Series of one number, each step's target being the next, and the same ones in every split.
private struct KnownSeries: Dataset {
  var name: String { "series" }
  var summary: String { name }
  var input: Signature { .sequence(1) }
  let target = Target(
    .values([Quantity("x", mean: 10, deviation: 2)]), isPerStep: true,
    metric: .rootMeanSquareError)
  var feedback: [Int]? = [0]
  var levels: SeriesLevels?
  var stepsPerEpoch: Int { 1 }
  /// The numbers of every series as networks see them.
  let series: [[Float]]

  func trainingBatch(at step: Int) -> Batch { batch(0, of: .train) }
  func batchCount(of split: Split) -> Int { series.count }
  func batch(_ index: Int, of split: Split) -> Batch {
    let x = series[index]
    return Batch(
      input: Tensor(Array(x.dropLast()), [1, x.count - 1, 1]),
      targets: .values(Tensor(Array(x.dropFirst()), [x.count - 1, 1])))
  }
  func exampleCount(of split: Split) -> Int { series.count }
  func example(_ index: Int, of split: Split) -> Example {
    var example = Example(
      title: "series \(index)", batch: batch(index, of: split),
      steps: series[index].dropLast().map { "\($0)" })
    example.levels = levels
    return example
  }
  func baselines(on split: Split) -> [Baseline] { [] }
}

/// x̂ₜ₊₁ = .8 xₜ.
private func shrinking() throws -> Network {
  try Network(
    ModelSpec([Linear.Spec(outFeatures: 1, bias: false)]), input: .sequence(1),
    weights: [("linear.weight", Tensor([0.8], [1, 1]))])
}

/// An autoregressive series xₜ₊₁ = .8 xₜ + e, e ~ N(0, .1²).
private func noisy(_ count: Int, _ random: inout Random) -> [Float] {
  var x: Float = 0
  return (0..<count).map { _ in
    x = 0.8 * x + 0.1 * random.normal()
    return x
  }
}

struct ForecasterTests {
  @Test func theModelReadsWhatItSaid() throws {
    let data = KnownSeries(series: [[0, 0.5, 1, 0.8, 0]])
    let forecaster = try Forecaster(shrinking(), for: data)
    let found = forecaster.forecast(after: Tensor([0.25, 1], [1, 2, 1]), steps: 5)
    for (step, row) in found.enumerated() {
      #expect(abs(Double(row[0]) - pow(0.8, Double(step + 1))) < 1e-6)
    }
  }

  @Test func theStateIsCarriedOn() throws {
    var random = Random(seed: 3)
    let network = try Network(
      ModelSpec([GRU.Spec(hiddenSize: 4), LSTM.Spec(hiddenSize: 3), Linear.Spec(outFeatures: 1)]),
      input: .sequence(1), seed: 2)
    var x = noisy(6, &random)
    let forecaster = try Forecaster(network, for: KnownSeries(series: [x]))
    let found = forecaster.forecast(after: Tensor(x, [1, 6, 1]), steps: 4).map { $0[0] }
    for said in found {
      // The whole sequence from its start gives the same.
      var pass = Pass()
      #expect(network(Tensor(x, [1, x.count, 1]), &pass).scalars.last == said)
      x.append(said)
    }
  }

  @Test func theFanHasTheQuantilesOfTheSeries() throws {
    var random = Random(seed: 1)
    let data = KnownSeries(series: [[0, 1, 0.5]])
    let forecaster = try Forecaster(shrinking(), for: data)
    var wish = FanWish(after: 1, steps: 12)
    wish.paths = 4000
    let fan = try forecaster.fan(
      wish, of: data.example(0, of: .test), in: data,
      errors: (0..<4000).map { _ in [0.1 * random.normal()] }, weightsStep: 7)
    #expect(fan.after == 1 && fan.steps == 12 && fan.weightsStep == 7)
    // x_h ~ N(.8^h, .1² (1 − .64^h) / (1 − .64)), in its unit twice that around 10.
    for (step, point) in fan.points[0].enumerated() {
      let h = Double(step + 1)
      let centre = 10 + 2 * pow(0.8, h)
      let deviation = 2 * 0.1 * ((1 - pow(0.64, h)) / (1 - 0.64)).squareRoot()
      #expect(abs(point.value - centre) < 1e-5)
      for (found, z) in zip(point.quantiles, [-1.6449, -0.6745, 0, 0.6745, 1.6449]) {
        #expect(abs(found - (centre + z * deviation)) < 0.12 * deviation, "step \(h)")
      }
    }
    #expect(fan.points[0].map(\.wanted).prefix(2) == [11, nil])
    #expect(fan.points[0].allSatisfy { $0.naive == 12 })
  }

  /// Changes of 10 + 2 x, which add up from 100.
  @Test func changesAddUpToTheNumbersThatTheyAreOf() throws {
    var data = KnownSeries(series: [[0, 0.5, 1, 0.8, 0]])
    data.levels = SeriesLevels(
      values: [100, 110, 121, 133, 144.6], lag: 1, horizon: 1, offset: 1)
    var wish = FanWish(after: 1, steps: 4)
    wish.paths = 3
    let fan = try Forecaster(shrinking(), for: data).fan(
      wish, of: data.example(0, of: .test), in: data, errors: [[0]], weightsStep: 0)
    let points = fan.points[0]
    func isClose(_ a: [Double?], _ b: [Double?]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs(($0 ?? -1) - ($1 ?? -1)) < 1e-4 }
    }
    #expect(isClose(points.map(\.value), [131.8, 142.44, 152.952, 163.3616]))
    #expect(points.allSatisfy { isClose($0.quantiles, Array(repeating: $0.value, count: 5)) })
    #expect(isClose(points.map(\.wanted), [133, 144.6, 154.6, nil]))
    #expect(points.allSatisfy { $0.naive == 121 })

    // Counted from two steps before, every second change adds up by itself.
    data.levels = SeriesLevels(values: [100, 105, 110, 116, 121], lag: 2, horizon: 1, offset: 1)
    let everySecond = try Forecaster(shrinking(), for: data).fan(
      wish, of: data.example(0, of: .test), in: data, errors: [[0]], weightsStep: 0)
    #expect(isClose(everySecond.points[0].map(\.value), [115.8, 120.64, 126.312, 131.0496]))
  }

  @Test func aCalibratedModelsBandsHoldTheirShares() throws {
    var random = Random(seed: 5)
    let data = KnownSeries(series: (0..<200).map { _ in noisy(41, &random) })
    let forecaster = try Forecaster(shrinking(), for: data)
    let errors = forecaster.errors(on: data)
    #expect(errors.count == 4096)
    let fans = try (0..<200).map { index in
      var wish = FanWish(after: 29, steps: 10)
      (wish.paths, wish.seed) = (200, UInt64(index))
      return try forecaster.fan(
        wish, of: data.example(index, of: .test), in: data, errors: errors, weightsStep: 0)
    }
    let score = try #require(ForecastScore(of: fans))
    #expect(score.count == 2000)
    #expect(abs(score.insideHalf - 0.5) < 0.07 && abs(score.insideNineTenths - 0.9) < 0.05)
    // The best forecast there is: no simple method comes near.
    #expect(score.error < score.naive)
    #expect(score.seasonal == nil)
  }

  @Test func aSeriesThatRepeatsHasAPeriod() {
    let saw = (0..<40).map { Double($0 % 7) }
    #expect(NaiveForecast.period(of: saw) == 7)
    #expect(NaiveForecast.seasonal(saw, period: 7, steps: 10) == (40..<50).map { Double($0 % 7) })
    #expect(NaiveForecast.last(of: saw, steps: 2) == [4, 4])
    #expect(NaiveForecast.period(of: (0..<40).map(Double.init)) == nil)
    #expect(NaiveForecast.period(of: [3, 3, 3, 3]) == nil && NaiveForecast.period(of: []) == nil)
  }

  @Test func quantilesLieOnLinesBetweenNeighbours() {
    #expect(Forecaster.quantile(0.5, of: [1, 2, 4]) == 2)
    #expect(Forecaster.quantile(0.25, of: [1, 2, 4]) == 1.5)
    #expect(Forecaster.quantile(0.95, of: [3]) == 3)
  }

  @Test func whatCannotGoOnIsExplained() throws {
    var data = KnownSeries(series: [[0, 1, 0]])
    var both = LSTM.Spec(hiddenSize: 2)
    both.options.bidirectional = .concat
    let reader = try Network(
      ModelSpec([
        LayerEntry(name: "reader", spec: both),
        LayerEntry(name: "linear", spec: Linear.Spec(outFeatures: 1)),
      ]), input: .sequence(1), seed: 1)
    #expect(
      message { _ = try Forecaster(reader, for: data) }
        == "A forecast of many steps needs layers that go on step by step, got 'reader', which reads "
        + "whole sequences. Use rnn, lstm or gru in one direction.")
    data.feedback = nil
    #expect(
      message { _ = try Forecaster(shrinking(), for: data) }
        == "A forecast of many steps needs data whose target is the next value of an input, got "
        + "series. Use a series with data.horizon 1 and data.horizons 1, and its own column among "
        + "data.inputs.")
  }
}
