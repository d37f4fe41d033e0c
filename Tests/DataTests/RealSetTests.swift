import Engine
import Testing

@testable import Data

/// What the sets that were measured say of themselves, and what simple methods reach on them.
struct RealSetTests {
  /// Mean and deviation of feature `feature` over the training windows or sequences.
  private func moments(_ data: any Dataset, _ feature: Int) -> (mean: Double, deviation: Double) {
    var numbers: [Double] = []
    for index in 0..<data.batchCount(of: .train) {
      let x = data.batch(index, of: .train).input
      for row in 0..<x.shape[0] {
        for t in 0..<x.shape[1] { numbers.append(Double(x[row, t, feature])) }
      }
    }
    let scale = Scale(numbers)
    return (scale.mean, scale.deviation)
  }

  @Test func carbonDioxideIsForecastWithItsGapsLeftOut() throws {
    let data = try bundled("co2")
    #expect(
      data.summary
        == "carbon dioxide over Mauna Loa, weekly: 2,284 rows of 1 feature in windows of 64; to "
        + "predict co2 1 row ahead; first 1,600 rows train, next 342 validation, last 342 test")
    guard case .values(let quantities) = data.target.kind else { return #expect(Bool(false)) }
    #expect(quantities[0].name == "co2" && 320...335 ~= quantities[0].mean)
    // The first of May 1958 has no value: the week before is read, and it is no target.
    let first = data.example(0, of: .train).batch
    let weights = try #require(first.weights)
    #expect(weights[5] == 0 && weights[4] == 1)
    #expect(first.input[0, 6, 0] == first.input[0, 5, 0])
    let same = baseline("persistence", of: data)
    #expect(0.3...0.8 ~= same && baseline("AR(10)", of: data) < same)
    #expect(baseline("mean of training", of: data) > 20)
  }

  @Test func everyHeldOutWeekIsATargetOnce() throws {
    for (rows, length, horizon) in [(2284, 64, 1), (309, 20, 3), (100, 1, 1), (100, 7, 0)] {
      let windows = try SeriesWindows(rows: rows, length: length, horizon: horizon, owner: "x")
      let held = Int(Double(rows) * 0.15)
      func targets(_ split: Split) -> [Int] {
        windows.members[split].flatMap { windows.counted[$0].map { $0 + horizon } }
      }
      #expect(targets(.validation).sorted() == Array(rows - 2 * held..<rows - held))
      #expect(targets(.test).sorted() == Array(rows - held..<rows))
      #expect(targets(.train).allSatisfy { $0 < rows - 2 * held })
      #expect(Set(targets(.train)) == Set(horizon..<rows - 2 * held))
      for (place, counted) in zip(windows.places, windows.counted) {
        #expect(place.count <= length && place.upperBound <= rows)
        #expect(counted.isEmpty || place.lowerBound <= counted.lowerBound)
        #expect(counted.isEmpty || counted.upperBound <= place.upperBound)
      }
    }
    #expect(
      message { _ = try SeriesWindows(rows: 100, length: 71, horizon: 1, owner: "Table 'x'") }
        == "Table 'x' needs more rows for windows of 71 and 1 ahead, got 70 in the training part. "
        + "Lower data.sequence_length or data.horizon.")
  }

  @Test func sunspotsAreForecast() throws {
    let data = try bundled("sunspots") { ($0.sequenceLength, $0.horizon) = (22, 2) }
    #expect(
      data.summary
        == "sunspots, yearly: 309 rows of 1 feature in windows of 22; to predict SUNACTIVITY 2 rows "
        + "ahead; first 217 rows train, next 46 validation, last 46 test")
    #expect(baseline("AR(10)", of: data) < baseline("persistence", of: data))
    #expect(data.trainingBatch(at: 0).input.shape == [32, 22, 1])
  }

  @Test func theWeatherIsTaggedOrForecast() throws {
    let tags = try bundled("seattle-weather")
    #expect(tags.target.labels == ["drizzle", "fog", "rain", "snow", "sun"])
    #expect(tags.input == .sequence(4) && tags.target.isPerStep)
    #expect(baseline("linear probe", of: tags) > baseline("most frequent class", of: tags))
    for feature in 0..<4 {
      let (mean, deviation) = moments(tags, feature)
      #expect(abs(mean) < 0.1 && abs(deviation - 1) < 0.1)
    }
    let temperature = try bundled("seattle-weather") { $0.variant = "temperature" }
    guard case .values(let quantities) = temperature.target.kind else {
      return #expect(Bool(false))
    }
    #expect(quantities.map(\.name) == ["temp_max"])
    // Degrees from one day to the next.
    #expect(1.5...4 ~= baseline("persistence", of: temperature))
  }

  @Test func noPersonTrainsAndTests() throws {
    let data = try bundled("watch-exercises")
    #expect(
      data.summary
        == "exercises felt by a watch: 1,149 windows of 100 steps of 6 axes, 7 classes; 656 train, "
        + "246 validation, 247 test, no person in two of them")
    #expect(data.input == .sequence(6))
    for feature in 0..<6 {
      let (mean, deviation) = moments(data, feature)
      #expect(abs(mean) < 1e-4 && abs(deviation - 1) < 1e-3)
    }
    let probe = baseline("linear probe", of: data)
    #expect(0.5...0.95 ~= probe && probe > baseline("most frequent class", of: data) + 0.2)
  }

  @Test func splicesHaveNoSequenceTwice() throws {
    let data = try bundled("splice", batchSize: 256)
    #expect(
      data.summary
        == "splice junctions in DNA: 3,005 sequences of 60 characters, 8 different; 3 classes; one "
        + "fixed shuffle gives 2,105 train, 450 validation, 450 test")
    var seen: Set<[Float]> = []
    for split in Split.allCases {
      for index in 0..<data.batchCount(of: split) {
        let x = data.batch(index, of: split).input
        for row in 0..<x.shape[0] { seen.insert(Array(x.scalars[row * 60..<row * 60 + 60])) }
      }
    }
    #expect(seen.count == 3005)
    #expect(0.9...0.97 ~= baseline("linear probe", of: data))
  }

  @Test func namesAndAuthorsAreReadLetterByLetter() throws {
    let names = try bundled("names") { $0.isBucketed = true }
    #expect(names.target.width == 18 && names.target.labels.first == "Croatian")
    #expect(names.input.vocabulary == 184)
    #expect(names.exampleCount(of: .train) == 18_984)
    let authors = try bundled("authors", batchSize: 8)
    #expect(authors.target.labels == ["Austen", "KJV", "Milton", "Shakespeare"])
    #expect(authors.summary.contains("5,657 sequences of 40 to 240 characters, 74 different"))
    #expect(baseline("most frequent class", of: authors) < 0.35)
    #expect(baseline("linear probe", of: authors) > 0.5)
  }
}
