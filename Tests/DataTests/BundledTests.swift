import Testing

@testable import Data

private func load(_ name: String, batchSize: Int = 32, seed: UInt64 = 1) throws -> any Dataset {
  try DataRecipe(source: .bundled(name), batchSize: batchSize).load(seed: seed, relativeTo: "")
}

struct BundledTests {
  @Test func shakespeareIsAllThere() throws {
    let data = try load("shakespeare")
    #expect(
      data.summary
        == "nine plays and the sonnets of Shakespeare: 1,252,480 characters, 80 different; "
        + "first 1,127,232 train, next 62,624 validation, last 62,624 test")
    #expect(data.input == .ids(below: 80))
    #expect(data.stepsPerEpoch == 550)
    #expect(data.example(0, of: .validation).steps.joined().hasPrefix("cureless ruin. I stand"))

    // From an independent count in Python: interpolated Witten-Bell, fitted on the first 90 %.
    let baselines = data.baselines()
    #expect(
      baselines.map(\.name) == [
        "unigram counts", "order-1 counts", "order-2 counts", "order-3 counts",
      ])
    let expected = [4.676804951045005, 3.555308292191494, 2.857493048570825, 2.403793741981011]
    #expect(zip(baselines, expected).allSatisfy { abs($0.value - $1) < 1e-9 })
  }

  @Test func pendigitsAreAllThere() throws {
    let data = try load("pendigits")
    #expect(
      data.summary
        == "pen strokes of digits: 10,992 sequences of 8 points (x, y), 10 classes; one fixed "
        + "shuffle gives 7,494 train, 1,749 validation, 1,749 test; writers are in all of them")
    #expect(data.input == .sequence(2))
    #expect(data.target.labels == (0...9).map(String.init))
    let batch = data.trainingBatch(at: 3)
    #expect(batch.input.shape == [32, 8, 2])
    #expect(batch.input.scalars.allSatisfy { -1...1 ~= $0 })
    let (frequent, probe) = (data.baselines()[0], data.baselines()[1])
    #expect(frequent.name == "most frequent class" && 0.08...0.13 ~= frequent.value)
    #expect(probe.name == "linear probe" && 0.83...0.90 ~= probe.value)
  }

  @Test func noPenStrokeIsInTwoSplits() {
    // The first coordinate of stroke i is i, so that a stroke can be told from its batch.
    let points = (0..<1000).flatMap { i in (0..<16).map { Float($0 == 0 ? i : 0) } }
    let data = SequenceDataset.pendigits(
      points: points, digits: Array(repeating: 0, count: 1000), Batching(size: 64, seed: 9))
    let members = Split.allCases.map { split in
      (0..<data.batchCount(of: split)).flatMap { index in
        let x = data.batch(index, of: split).input
        return (0..<x.shape[0]).map { Int(((x[$0, 0, 0] + 1) * 50).rounded()) }
      }
    }
    #expect(members.flatMap { $0 }.sorted() == Array(0..<1000))
    #expect(members.map(\.count) == [682, 159, 159])
    #expect(members[0] != members[0].sorted())
  }

  @Test func aStrokeReadsAsItsPoints() {
    let points: [Float] = (0..<10).flatMap { _ in
      [47, 100, 27, 81, 57, 37, 26, 0, 0, 23, 56, 53, 100, 90, 40, 98] as [Float]
    }
    let data = SequenceDataset.pendigits(
      points: points, digits: Array(repeating: 8, count: 10), Batching(size: 2, seed: 1))
    let example = data.example(4, of: .train)
    #expect(example.title == "train pen stroke 5, a '8'")
    #expect(
      example.steps == [
        "(47,100)", "(27,81)", "(57,37)", "(26,0)", "(0,23)", "(56,53)", "(100,90)", "(40,98)",
      ])
  }

  @Test func theSplitDoesNotDependOnTheSeed() throws {
    for name in ["pendigits", "japanese-vowels", "digits"] {
      let (a, b) = (try load(name, seed: 1), try load(name, seed: 2))
      #expect(isSame(a.batch(0, of: .train), b.batch(0, of: .train)))
      #expect(isSame(a.batch(0, of: .validation), b.batch(0, of: .validation)))
      #expect(!isSame(a.trainingBatch(at: 0), b.trainingBatch(at: 0)))
    }
  }

  @Test func vowelsAreAllThere() throws {
    let data = try load("japanese-vowels")
    #expect(
      data.summary
        == "vowels of 9 speakers: 640 sequences of 12 cepstrum coefficients, 7 to 29 steps long; "
        + "of the given 270, one fixed shuffle leaves 234 train, 36 validation "
        + "(4 of each); the given 370 test")
    #expect(data.input == .sequence(12))
    #expect(data.target.labels == (1...9).map(String.init))
    #expect(Split.allCases.map(data.exampleCount) == [234, 36, 370])
    let example = data.example(0, of: .test)
    #expect(example.title == "test utterance 1, by speaker 1")
    #expect(example.steps.prefix(3) == ["0", "1", "2"])
    #expect(example.steps.count == example.batch.tokens)
    let validation = (0..<36).map { data.example($0, of: .validation).batch.targets.classes[0] }
    #expect(validation.sorted() == (0..<36).map { Int32($0 / 4) })
    #expect(data.baselines()[0].value == 1.0 / 9)
    #expect(data.baselines()[1].value > 0.9)
  }

  @Test func everyUtteranceIsInOneSplit() {
    // The first coefficient of utterance i is i before standardising, which keeps the order.
    func part(_ range: Range<Int>) -> GivenPart {
      GivenPart(
        values: range.flatMap { i in (0..<12).map { Float($0 == 0 ? i : 0) } },
        lengths: range.map { _ in 1 }, classes: range.map { Int32($0 % 9) })
    }
    let data = SequenceDataset.japaneseVowels(
      train: part(0..<90), test: part(90..<100), Batching(size: 100, seed: 3))
    let members = Split.allCases.map { split in
      let x = data.batch(0, of: split).input
      return (0..<x.shape[0]).map { x[$0, 0, 0] }
    }
    #expect(members.map(\.count) == [54, 36, 10])
    #expect(Set(members.flatMap { $0 }).count == 100)
    #expect((members[2].min() ?? 0) > max(members[0].max() ?? 0, members[1].max() ?? 0))
  }

  @Test func vowelsAreStandardizedByTheTrainingFrames() throws {
    let data = try load("japanese-vowels", batchSize: 1)
    var frames: [[Float]] = []
    for index in 0..<234 {
      let x = data.batch(index, of: .train).input
      for t in 0..<x.shape[1] { frames.append((0..<12).map { x[0, t, $0] }) }
    }
    for feature in 0..<12 {
      let values = frames.map { Double($0[feature]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-4)
    }
  }

  @Test func everyBatchOfVowelsIsPaddedWithZeros() throws {
    let data = try load("japanese-vowels")
    for step in 0..<data.stepsPerEpoch {
      let batch = data.trainingBatch(at: step)
      let lengths = try #require(batch.lengths)
      #expect(lengths.max() == batch.input.shape[1])
      for (row, length) in lengths.enumerated() {
        for t in length..<batch.input.shape[1] {
          #expect((0..<12).allSatisfy { batch.input[row, t, $0] == 0 })
        }
        #expect((0..<12).contains { batch.input[row, length - 1, $0] != 0 })
      }
    }
  }

  @Test func digitsAreReadInFourWays() throws {
    var recipe = DataRecipe(source: .bundled("digits"))
    func digits(_ variant: String) throws -> any Dataset {
      recipe.variant = variant
      return try recipe.load(seed: 1, relativeTo: "")
    }
    let rows = try digits("rows")
    #expect(
      rows.summary
        == "handwritten digits: 1,797 pictures of 8 rows of 8 pixels, 10 classes; one fixed shuffle "
        + "gives 1,257 train, 270 validation, 270 test")
    #expect(try digits("auto").summary == rows.summary)
    let (pixels, image) = (try digits("pixels"), try digits("image"))
    #expect(rows.input == .sequence(8) && pixels.input == .sequence(1))
    #expect(image.input == .image(1, 8, 8) && image.batchShape == [32, 1, 8, 8])
    let batch = rows.trainingBatch(at: 5)
    #expect(pixels.trainingBatch(at: 5).input.scalars == batch.input.scalars)
    #expect(image.trainingBatch(at: 5).input.scalars == batch.input.scalars)
    #expect(image.trainingBatch(at: 5).input.shape == [32, 1, 8, 8])
    let permuted = try digits("permuted").trainingBatch(at: 5)
    #expect(permuted.input.shape == [32, 64, 1] && permuted.input.scalars != batch.input.scalars)
    for row in [0, 31] {
      let (a, b) = (permuted.input.scalars, batch.input.scalars)
      #expect(a[row * 64..<row * 64 + 64].sorted() == b[row * 64..<row * 64 + 64].sorted())
    }
    #expect(rows.example(0, of: .test).steps.allSatisfy { $0.count == 8 })
    #expect(0.05...0.15 ~= rows.baselines()[0].value && 0.85...0.97 ~= rows.baselines()[1].value)
    #expect(
      message { _ = try digits("colums") }
        == "Data set 'digits' needs variant to be rows or pixels or permuted or image, got 'colums'."
    )
  }

  @Test func everySetSaysWhatItIsAndLoads() throws {
    #expect(Set(Bundled.names).count == Bundled.all.count)
    for set in Bundled.all {
      for variant in set.variants.isEmpty ? [DataRecipe.automatic] : set.variants {
        var recipe = DataRecipe(source: .bundled(set.name), batchSize: 4)
        recipe.variant = variant
        let data = try recipe.load(seed: 1, relativeTo: "")
        #expect(data.name == set.name && !data.summary.isEmpty && !set.title.isEmpty)
        for batch in [data.trainingBatch(at: 0), data.batch(0, of: .validation)] {
          #expect(batch.input.shape[0] > 0 && batch.input.scalars.allSatisfy(\.isFinite))
          #expect(
            batch.input.shape.dimensions.suffix(data.input.features.count)
              == data.input.features[...])
          let rows =
            data.target.isPerStep
            ? batch.input.shape[0] * batch.input.shape[1] : batch.input.shape[0]
          #expect(batch.targets.count == rows && batch.weights.map { $0.count == rows } != false)
          #expect(batch.targets.classes.allSatisfy { 0..<Int32(data.target.width) ~= $0 })
          #expect(Set(batch.namedInputs.keys) == Set(data.namedInputs.keys))
        }
        for split in Split.allCases {
          #expect(data.exampleCount(of: split) > 0)
          let example = data.example(0, of: split)
          #expect(example.batch.input.shape[0] == 1 && !example.title.isEmpty)
        }
      }
    }
  }

  @Test func aFileThatTheProgramLacksIsNamed() {
    #expect(
      message { _ = try Bundled.bytes("mnist/x.npy") }
        == "The program needs its own file 'mnist/x.npy', got none. Build it again.")
  }
}
