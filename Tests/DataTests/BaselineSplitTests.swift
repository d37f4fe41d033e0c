import Testing

@testable import Data

/// Simple methods are measured on the split that is asked for.
@Suite struct BaselineSplitTests {
  /// The root mean square of the differences between targets and what `guess` makes of a series up to
  /// their step, in the target's unit, over what counts of `split`.
  private func error(
    of data: any Dataset, on split: Split, _ guess: (ArraySlice<Float>) -> Float
  ) throws -> Double {
    guard case .values(let quantities) = data.target.kind else { return .nan }
    var errors: [Double] = []
    for index in 0..<data.batchCount(of: split) {
      let batch = data.batch(index, of: split)
      guard case .values(let wanted) = batch.targets else { return .nan }
      let time = batch.input.shape[1]
      for row in 0..<batch.input.shape[0] {
        let series = batch.input.scalars[row * time..<(row + 1) * time]
        for t in 0..<time where batch.weights?[row * time + t] ?? 1 > 0 {
          let said = guess(series.prefix(t + 1))
          errors.append(Double(wanted[row * time + t, 0] - said) * quantities[0].deviation)
        }
      }
    }
    return (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }

  @Test(arguments: [Split.validation, .test])
  func aSeriesIsForecastByItsLastValueAndByThatOfACycleAgo(split: Split) throws {
    let data = try bundled("sunspots") { $0.sequenceLength = 40 }
    let found = data.baselines(on: split)
    #expect(found.map(\.name) == ["mean of training", "persistence", "11 steps ago", "AR(10)"])
    let persistence = try error(of: data, on: split) { $0.last ?? .nan }
    let cycle = try error(of: data, on: split) { $0[$0.endIndex - 11] }
    #expect(abs(found[1].value - persistence) < 1e-3)
    #expect(abs(found[2].value - cycle) < 1e-3)
  }

  /// From an independent least-squares fit in numpy to the years that train.
  @Test func autoregressionIsFittedWhereAllItsLagsAreKnown() throws {
    let data = try bundled("sunspots") { $0.sequenceLength = 40 }
    for (split, expected) in [(Split.validation, 18.7207), (.test, 17.5005)] {
      let found = try #require(data.baselines(on: split).first { $0.name == "AR(10)" })
      #expect(abs(found.value - expected) < 0.3, "\(split): \(found.value)")
    }
  }

  @Test func aSeasonThatIsLongerThanWhatIsKnownIsNoBaseline() throws {
    let data = try bundled("co2") { $0.sequenceLength = 52 }
    #expect(data.baselines(on: .test).map(\.name) == ["mean of training", "persistence", "AR(10)"])
    let longer = try bundled("co2") { $0.sequenceLength = 104 }
    #expect(longer.baselines(on: .test).map(\.name).contains("52 steps ago"))
  }

  @Test func generatedExamplesAndTextsAreMeasuredOnTheirTestPart() throws {
    for name in ["sines", "shakespeare", "digits", "parity"] {
      let data = try bundled(name)
      let (validation, test) = (data.baselines(on: .validation), data.baselines(on: .test))
      #expect(validation.map(\.name) == test.map(\.name) && validation != test, "\(name)")
      #expect(data.baselines() == validation)
    }
  }

  /// From an independent count in Python: interpolated Witten-Bell, fitted on the first 90 %.
  @Test func testTextIsCountedWithWhatTrainingTextHas() throws {
    let found = try bundled("shakespeare").baselines(on: .test).map(\.value)
    let expected = [4.591462721455217, 3.5966562041074797, 2.952143669099598, 2.53682474408806]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }
}
