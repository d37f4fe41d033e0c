import Testing

@testable import Data

struct TextDatasetTests {
  @Test func theTextIsSplitInItsOrder() {
    let parts = TextDataset.Parts(count: 1_252_480)
    #expect(parts.train == 1..<1_127_232)
    #expect(parts.validation == 1_127_232..<1_189_856)
    #expect(parts.test == 1_189_856..<1_252_480)
  }

  @Test func aVeryLongTextHoldsOutHalfAMillionCharactersTwice() {
    let parts = TextDataset.Parts(count: 200_000_000)
    #expect(parts.train.upperBound == 199_000_000)
    #expect(parts.validation == 199_000_000..<199_500_000)
    #expect(parts.test == 199_500_000..<200_000_000)
  }

  @Test(arguments: [(1, 1), (4, 7), (32, 64), (3, 50), (5, 900), (7, 13)])
  func evaluationHasEveryTargetExactlyOnce(batchSize: Int, sequenceLength: Int) throws {
    let data = try positions(5003, batchSize: batchSize, sequenceLength: sequenceLength)
    let parts = TextDataset.Parts(count: 5003)
    for split in Split.allCases {
      var seen: [Int32] = []
      for index in 0..<data.batchCount(of: split) {
        let batch = data.batch(index, of: split)
        let weights = batch.weights ?? batch.targets.classes.map { _ in 1 }
        #expect(batch.input.count == batch.targets.count && batch.input.shape.rank == 2)
        #expect(batch.input.shape[1] <= sequenceLength)
        #expect(batch.continues == (index > 0))
        for (place, target) in batch.targets.classes.enumerated() where weights[place] > 0 {
          seen.append(target)
          #expect(Int32(batch.input[flat: place]) == target - 1)
        }
      }
      #expect(seen.sorted() == parts[split].map(Int32.init))
    }
  }

  @Test func trainingStreamsGoOnFromStepToStep() throws {
    // 1,000 characters: targets 1 ..< 900, 3 streams of 299, 29 windows of 10.
    let data = try positions(1000, batchSize: 3, sequenceLength: 10)
    #expect(data.stepsPerEpoch == 29)
    for step in [0, 1, 28] {
      let batch = data.trainingBatch(at: step)
      #expect(batch.input.shape == [3, 10] && batch.input.shape == data.batchShape)
      for stream in 0..<3 {
        let first = Int32(1 + stream * 299 + step * 10)
        #expect(
          Array(batch.targets.classes[stream * 10..<stream * 10 + 10]) == Array(first..<first + 10))
        #expect(batch.input[stream, 0] == Float(first - 1))
        #expect(batch.input[stream, 9] == Float(first + 8))
      }
      #expect(batch.continues == (step > 0))
      #expect(batch.weights == nil && batch.lengths == nil)
    }
  }

  @Test func windowsEndWhereDocumentsDo() throws {
    let text = (0..<12).map { String(repeating: "ab", count: 2 + $0) + "%%" }.joined()
    let source = try TextSource(Array(text.utf8), name: "'x'")
    let documents = try Documents(of: source, endedBy: "%%", name: "'x'")
    #expect(documents.count == 12 && documents.starts.prefix(3) == [6, 14, 24])
    let data = try TextDataset(
      name: "x", title: "x", source, batchSize: 2, sequenceLength: 5, documents: documents)
    #expect(data.summary.hasSuffix("; 12 documents, the state starts anew with each"))
    for split in Split.allCases {
      let part = TextDataset.Parts(count: source.ids.count)[split]
      var counted = 0
      for index in 0..<data.batchCount(of: split) {
        let batch = data.batch(index, of: split)
        let time = batch.input.shape[1]
        counted += batch.lengths?.reduce(0, +) ?? batch.targets.count
        #expect(time <= 5)
        for (stream, length) in (batch.lengths ?? []).enumerated() {
          let counts = batch.weights?[stream * time..<(stream + 1) * time]
          #expect(counts.map { $0.count { $0 == 1 } } == length)
        }
      }
      #expect(counted == part.count)
    }
    // The second document begins at position 6, from the last character of the separator before it.
    let second = data.trainingBatch(at: 1)
    #expect(second.begins?.first == true && second.continues == (second.begins != [true, true]))
    // Examples read on over borders of documents, and say where they are.
    let example = data.example(0, of: .train)
    #expect(example.begins.isSuperset(of: [5, 13, 23]) && !example.begins.contains(0))
    let mark = source.vocabulary.id(of: "%")
    #expect(second.input[0, 0] == mark.map(Float.init))
    #expect(
      message { _ = try Documents(of: source, endedBy: "\\n", name: "'x'") }
        == "Text 'x' needs '\\n' between its documents, got it nowhere. Correct data.document_end, or "
        + "set it to none.")
  }

  @Test func everyEpochStartsAnewAtTheBeginning() throws {
    let data = try positions(1000, batchSize: 3, sequenceLength: 10)
    let first = data.trainingBatch(at: 0)
    let second = data.trainingBatch(at: 29)
    #expect(!second.continues)
    #expect(isSame(first, second))
  }

  @Test func aTrainingBatchDependsOnItsStepOnly() throws {
    let data = try positions(1000, batchSize: 4, sequenceLength: 8)
    let again = try positions(1000, batchSize: 4, sequenceLength: 8)
    let forward = (0..<60).map(data.trainingBatch)
    for step in (0..<60).reversed() {
      #expect(isSame(again.trainingBatch(at: step), forward[step]))
    }
  }

  @Test func trainingNeverSeesWhatIsHeldOut() throws {
    let data = try positions(1000, batchSize: 7, sequenceLength: 11)
    let seen = (0..<data.stepsPerEpoch).flatMap { data.trainingBatch(at: $0).targets.classes }
    #expect(Set(seen).count == seen.count)
    #expect(seen.allSatisfy { $0 < 900 })
  }

  @Test func examplesCoverTheirPart() throws {
    let data = try positions(9000, batchSize: 2, sequenceLength: 5)
    #expect(data.exampleCount(of: .validation) == 3)  // 450 characters
    let examples = (0..<3).map { data.example($0, of: .validation) }
    #expect(examples.map { $0.steps.count } == [200, 200, 50])
    #expect(examples.flatMap { $0.batch.targets.classes } == (8100..<8550).map(Int32.init))
    #expect(examples[1].batch.input.shape == [1, 200])
    #expect(examples[1].batch.input[0, 0] == 8299)
    #expect(examples[1].title == "character 201 of the validation text")
  }

  @Test func examplesOfAShortTextSayTheirLineAndShowBlanks() throws {
    let line = "to be, or\tnot\n"
    let text = String(repeating: line, count: 100)
    let data = try TextDataset(
      name: "hamlet", title: "hamlet", TextSource(Array(text.utf8), name: "'hamlet'"),
      batchSize: 2, sequenceLength: 5)
    let example = data.example(0, of: .test)  // the last 70 of 1,400 characters
    #expect(example.title == "line 1 of the test text")
    #expect(example.steps.prefix(15).joined() == "↵to be, or→not↵")
    #expect(data.vocabulary.labels == ["tab", "↵", "space", ",", "b", "e", "n", "o", "r", "t"])
    #expect(data.target.labels == data.vocabulary.labels)
    #expect(data.target.isPerStep && data.target.metric == .bitsPerCharacter)
    #expect(data.input == .ids(below: 10))
  }

  @Test func theSummaryStatesTheSplit() throws {
    #expect(
      try positions(1000, batchSize: 2, sequenceLength: 5).summary
        == "positions: 1,000 characters, 1,000 different; first 900 train, next 50 validation, "
        + "last 50 test")
  }

  @Test(arguments: [
    (
      32, 64,
      "A training step of 32 × 64 needs 2,048 characters, got 899 in the training part. "
        + "Use a longer text, a batch size of at most 14 or a sequence length of at most 28."
    ),
    (
      2, 2000,
      "A training step of 2 × 2,000 needs 4,000 characters, got 899 in the training part. "
        + "Use a longer text or a sequence length of at most 449."
    ),
    (
      Int.max, 2,
      "A training step of 9,223,372,036,854,775,807 × 2 needs more characters than any text has, "
        + "got 899 in the training part. Use a longer text or a batch size of at most 449."
    ),
    (
      2000, 2000,
      "A training step of 2,000 × 2,000 needs 4,000,000 characters, got 899 in the training part. "
        + "Use a longer text."
    ),
  ])
  func aTextThatIsTooShortForAStepSaysWhatFits(batch: Int, time: Int, expected: String) {
    #expect(
      message { _ = try positions(1000, batchSize: batch, sequenceLength: time) } == expected)
  }

  @Test func theSizesThatTheMessageOffersFit() throws {
    #expect(try positions(1000, batchSize: 14, sequenceLength: 64).stepsPerEpoch == 1)
    #expect(try positions(1000, batchSize: 32, sequenceLength: 28).stepsPerEpoch == 1)
  }
}
