import Engine
import Testing

@testable import Data

/// What holds for every set that is made up.
struct GeneratedTests {
  private static let names = Bundled.all.filter { $0.settings.contains(.fresh) }.map(\.name)

  @Test(arguments: names) func aBatchIsAFunctionOfSeedAndStep(name: String) throws {
    let (data, again) = (try bundled(name, batchSize: 3), try bundled(name, batchSize: 3))
    let other = try bundled(name, batchSize: 3, seed: 2)
    for step in [1067, 5, 0] {
      let batch = data.trainingBatch(at: step)
      #expect(isSame(batch, again.trainingBatch(at: step)))
      #expect(!isSame(batch, other.trainingBatch(at: step)))
    }
    for split in [Split.validation, .test] {
      #expect(isSame(data.batch(7, of: split), other.batch(7, of: split)))
    }
    #expect(!isSame(data.batch(0, of: .validation), data.batch(0, of: .test)))
    #expect(!isSame(data.batch(0, of: .validation), data.batch(0, of: .train)))
  }

  @Test(arguments: names) func trainingSequencesDoNotDependOnTheSizeOfABatch(name: String) throws {
    let one = try bundled(name, batchSize: 1) { $0.epochSequences = 6 }
    let three = try bundled(name, batchSize: 3) { $0.epochSequences = 6 }
    for step in 0..<4 {
      let together = three.trainingBatch(at: step)
      let width = three.input.features.reduce(1, *)
      for row in 0..<3 {
        let alone = one.trainingBatch(at: step * 3 + row).input
        let steps = three.input.isSequence ? alone.shape[1] : 1
        let start = row * together.input.count / 3
        #expect(
          Array(together.input.scalars[start..<start + steps * width]) == alone.scalars)
      }
    }
  }

  @Test(arguments: names) func noEpochRepeatsAnotherUnlessItIsToldTo(name: String) throws {
    let fresh = try bundled(name, batchSize: 8) { $0.epochSequences = 8 }
    #expect(!isSame(fresh.trainingBatch(at: 0), fresh.trainingBatch(at: 1)))
    let fixed = try bundled(name, batchSize: 1) { ($0.epochSequences, $0.isFresh) = (8, false) }
    let epochs = (0..<2).map { epoch in
      (0..<8).map { fixed.trainingBatch(at: epoch * 8 + $0).input.scalars }
    }
    #expect(Set(epochs[0]) == Set(epochs[1]))
    #expect(epochs[0] != epochs[1])
  }

  @Test(arguments: names) func theLargestBatchIsKnownBeforeAnyIsMade(name: String) throws {
    let data = try bundled(name, batchSize: 16)
    for step in 0..<4 {
      let shape = data.trainingBatch(at: step).input.shape
      #expect(zip(shape.dimensions, data.batchShape.dimensions).allSatisfy { $0 <= $1 })
      #expect(shape.rank == data.batchShape.rank)
    }
  }

  @Test func lengthsThatMakeNoSenseAreRefused() {
    #expect(
      message { _ = try bundled("adding") { $0.length = 1 } }
        == "This data set needs a length from 2 to 65536, got 1.")
    #expect(
      message { _ = try bundled("look-ahead") { $0.difficulty = 300 } }
        == "This data set needs a difficulty from 2 to 256, got 300.")
  }

  @Test func theSumOfTheMarkedNumbersIsWanted() throws {
    let data = try bundled("adding", batchSize: 50) { $0.length = 20 }
    let batch = data.trainingBatch(at: 2)
    #expect(batch.input.shape == [50, 20, 2])
    guard case .values(let sums) = batch.targets else { return #expect(Bool(false)) }
    for row in 0..<50 {
      let marked = (0..<20).filter { batch.input[row, $0, 1] == 1 }
      #expect(marked.count == 2)
      #expect(marked.reduce(0) { $0 + batch.input[row, $1, 0] } == sums[row, 0])
      #expect((0..<20).allSatisfy { [0, 1].contains(batch.input[row, $0, 1]) })
    }
    // The variance of the sum of two numbers from U(0, 1) is 1/6.
    #expect(abs(baseline("mean of training", of: data) - 1.0 / 6) < 0.02)
    #expect(data.example(0, of: .test).steps.count { $0.hasPrefix("+") } == 2)
  }

  @Test func aTagNeedsTheNextToken() throws {
    let data = try bundled("look-ahead")
    let batch = data.batch(0, of: .validation)
    let tags = batch.targets.classes
    for row in 0..<32 {
      for t in 0..<31 {
        let sum = Int(batch.input[row, t] + batch.input[row, t + 1])
        #expect(Int(tags[row * 32 + t]) == sum % 4 && batch.weights?[row * 32 + t] == 1)
      }
      #expect(batch.weights?[row * 32 + 31] == 0)
    }
    #expect(abs(baseline("most frequent class", of: data) - 0.25) < 0.02)
  }

  @Test func aFrameAloneDoesNotTellHowADigitMoves() {
    // Every place is reached as often on the way there as on the way back.
    var random = Random(seed: 3)
    var counts: [[Float]: [Int]] = [:]
    for _ in 0..<20_000 {
      let motion = DigitMotion(using: &random, speeds: 1...1)
      let frame = motion.frame(9, of: Array(repeating: 16, count: 64)[...])
      counts[frame, default: [0, 0, 0, 0]][motion.direction(at: 9)] += 1
    }
    #expect(counts.count == 81)
    #expect(counts.values.allSatisfy { $0.allSatisfy { (20...110).contains($0) } })
  }

  @Test func aDigitMovesAPlaceAFrameAndTurnsAtTheEdge() {
    var random = Random(seed: 4)
    let motion = DigitMotion(using: &random, speeds: 1...1)
    let corners = (0..<37).map { t in
      let frame = motion.frame(t, of: Array(repeating: 16, count: 64)[...])
      let first = frame.firstIndex(of: 1) ?? 0
      return (first % 16, first / 16)
    }
    for (a, b) in zip(corners, corners.dropFirst()) {
      #expect(abs(a.0 - b.0) <= 1 && abs(a.1 - b.1) <= 1)
    }
    #expect(Set(corners.map(\.0)) == Set(0...8))
    #expect(corners[0] == corners[18] && corners[0] == corners[36])
  }

  @Test func movingDigitsAreThoseOfTheirSplit() throws {
    let images = try DigitImages.all()
    let known = Set(images.members.test.map { images[$0].reduce(0, +) / 16 })
    let data = try bundled("moving-digits", batchSize: 1)
    for index in 0..<20 {
      let frames = data.batch(index, of: .test).input
      #expect(frames.shape == [1, 10, 1, 16, 16])
      let ink = frames.scalars[0..<256].reduce(0, +)
      #expect(known.contains { abs($0 - ink) < 1e-3 })
    }
    #expect(try bundled("moving-digits") { $0.variant = "speed" }.target.width == 3)
    #expect(try bundled("moving-digits") { $0.variant = "digit" }.target.width == 10)
  }

  @Test(arguments: [(1, 0, 16), (2, 20, 20)])
  func theNextFrameIsTheTarget(digits: Int, frameSize: Int, size: Int) throws {
    let data = try bundled("moving-digits", batchSize: 1) {
      ($0.variant, $0.difficulty, $0.frameSize) = ("next-frame", digits, frameSize)
    }
    #expect(data.input == .images(1, size, size) && data.feedback == Array(0..<size * size))
    let pixels = size * size
    for index in 0..<20 {
      let batch = data.batch(index, of: .validation)
      let wanted = try #require(values(batch.targets))
      let (seen, next) = (batch.input.scalars, wanted.scalars)
      #expect(Array(seen[pixels...]) == Array(next[..<(9 * pixels)]))
      #expect(batch.weights == [0] + Array(repeating: 1, count: 9))
      #expect(seen.allSatisfy { 0...1 ~= $0 })
      // A digit has no more ink than an 8 × 8 square, and moves 1 or 2 pixels along each axis, or stays
      // where it turns.
      let ink = (0..<10).map { t in seen[t * pixels..<(t + 1) * pixels].count { $0 > 0 } }
      #expect(ink.allSatisfy { 1...digits * 64 ~= $0 })
      if digits == 1 { #expect(Set(ink).count == 1) }
    }
  }

  private func values(_ targets: Targets) -> Tensor? {
    if case .values(let values) = targets { values } else { nil }
  }

  @Test func theLastFrameAgainIsWhatTheNextIsComparedWith() throws {
    let data = try bundled("moving-digits", batchSize: 512) { $0.variant = "next-frame" }
    let batch = data.batch(0, of: .validation)
    let wanted = try #require(values(batch.targets))
    let (seen, next) = (batch.input.scalars, wanted.scalars)
    let rows = seen.indices.filter { $0 / 256 % 10 > 0 }
    let squares = rows.reduce(0.0) { sum, place in
      let change = Double(next[place]) - Double(seen[place])
      return sum + change * change
    }
    let copy = try #require(data.baselines().first { $0.name == "copy of the last frame" })
    #expect(abs(copy.value - squares / Double(rows.count)) < 1e-9)
  }

  @Test func framesOfAnotherSizeAreRefused() throws {
    #expect(
      message {
        _ = try bundled("moving-digits") { ($0.variant, $0.frameSize) = ("next-frame", 18) }
      } == "Data set 'moving-digits' needs data.frame_size to be 16 or 20, got 18.")
    #expect(
      message { _ = try bundled("moving-digits") { $0.difficulty = 2 } }
        == "Data set 'moving-digits' has frames of 16 pixels with one digit, but for the variant "
        + "next-frame, got data.frame_size 0 and data.difficulty 2. Leave both at 0, or use "
        + "next-frame.")
  }

  @Test func neitherTheShapeNorTheOrderIsTheClass() throws {
    let data = try bundled("shape-and-order", batchSize: 512)
    #expect(data.namedInputs == ["frame": .image(1, 12, 12), "sequence": .sequence(4)])
    let batch = data.batch(0, of: .validation)
    #expect(batch.namedInputs["frame"]?.shape == [512, 1, 12, 12])
    #expect(batch.namedInputs["sequence"]?.scalars == batch.input.scalars)
    // Of the four classes, an input alone leaves two open, equally likely.
    let classes = batch.targets.classes
    for kind in 0..<4 { #expect((90...166).contains(classes.count { $0 == kind })) }
    for row in 0..<512 {
      let a = (0..<20).first { batch.input[row, $0, 0] == 1 } ?? -1
      let b = (0..<20).first { batch.input[row, $0, 1] == 1 } ?? -1
      #expect((a < b) == (classes[row] % 2 == 0) && a >= 0 && b >= 0)
    }
    let frame = try bundled("shape-and-order", batchSize: 512) { $0.variant = "frame" }
    #expect(frame.batch(0, of: .validation).targets.classes == classes)
    #expect(frame.input == .image(1, 12, 12) && frame.namedInputs.isEmpty)
  }
}
