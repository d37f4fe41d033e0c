import Engine
import Testing

@testable import Data

/// 40 sequences; number i has 1 + i % 5 steps whose two features are i and t; its class is i % 3.
private func numbered(batchSize: Int, seed: UInt64 = 1) -> SequenceDataset {
  let lengths = (0..<40).map { 1 + $0 % 5 }
  let values = lengths.enumerated().flatMap { index, length in
    (0..<length).flatMap { [Float(index), Float($0)] }
  }
  let sequences = LabelledSequences(
    values: values, features: 2, lengths: lengths, classes: (0..<40).map { Int32($0 % 3) })
  let members = SequenceDataset.Members(
    train: Array(0..<30), validation: Array(30..<35), test: Array(35..<40))
  let words = SequenceDataset.Words(
    noun: "thing", kind: { "kind \($0)" }, step: { t, x in "\(t):\(x.last ?? 0)" },
    probe: { $0.prefix(2).map(Double.init) })
  return SequenceDataset(
    name: "numbers", summary: "numbers", labels: ["a", "b", "c"], sequences, members, words,
    batchSize: batchSize, seed: seed)
}

/// The numbers of the sequences of a batch.
private func numbers(_ batch: Batch) -> [Int] {
  (0..<batch.input.shape[0]).map { Int(batch.input[$0, 0, 0]) }
}

struct SequenceDatasetTests {
  @Test(arguments: [1, 7, 10, 64]) func anEpochSeesEveryTrainingExampleOnce(batchSize: Int) {
    let data = numbered(batchSize: batchSize)
    let steps = data.stepsPerEpoch
    for epoch in 0..<3 {
      let seen = (0..<steps).flatMap { numbers(data.trainingBatch(at: epoch * steps + $0)) }
      #expect(seen.sorted() == Array(0..<30))
    }
  }

  @Test func everyEpochAndSeedHasAnOrderOfItsOwn() {
    let data = numbered(batchSize: 30)
    let other = numbered(batchSize: 30, seed: 2)
    let orders = [data.trainingBatch(at: 0), data.trainingBatch(at: 1), other.trainingBatch(at: 0)]
    #expect(Set(orders.map(numbers)).count == 3)
  }

  @Test func aTrainingBatchDependsOnSeedAndStepOnly() {
    let data = numbered(batchSize: 7)
    let again = numbered(batchSize: 7)
    let forward = (0..<20).map(data.trainingBatch)
    for step in (0..<20).reversed() {
      #expect(isSame(again.trainingBatch(at: step), forward[step]))
    }
  }

  @Test func evaluationGoesThroughEverySplitInOrder() {
    let data = numbered(batchSize: 3)
    let seen = Split.allCases.map { split in
      (0..<data.batchCount(of: split)).flatMap { numbers(data.batch($0, of: split)) }
    }
    #expect(seen == [Array(0..<30), Array(30..<35), Array(35..<40)])
  }

  @Test(arguments: [1, 7, 64]) func theLargestTrainingBatchIsKnownBeforeAnyIsMade(batchSize: Int) {
    let data = numbered(batchSize: batchSize)
    let shapes = (0..<5 * data.stepsPerEpoch).map { data.trainingBatch(at: $0).input.shape }
    #expect(data.batchShape[0] == shapes.map { $0[0] }.max())
    #expect(data.batchShape[1] == shapes.map { $0[1] }.max() && data.batchShape[2] == 2)
  }

  @Test func batchesArePaddedWithZerosToTheirLongest() {
    let batch = numbered(batchSize: 3).batch(0, of: .train)  // lengths 1, 2, 3
    #expect(batch.input.shape == [3, 3, 2])
    #expect(batch.lengths == [1, 2, 3])
    #expect(batch.tokens == 6)
    #expect(batch.input.scalars == [0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 2, 0, 2, 1, 2, 2])
    #expect(batch.targets.classes == [0, 1, 2])
    #expect(batch.weights == nil && !batch.continues)
  }

  @Test func equalLengthsNeedNoMask() {
    let batch = numbered(batchSize: 1).batch(4, of: .train)
    #expect(batch.lengths == nil)
    #expect(batch.tokens == 5)
  }

  @Test func anExampleSpeaksOfItsSteps() {
    let data = numbered(batchSize: 8)
    let example = data.example(2, of: .validation)  // number 32: 3 steps, class 2
    #expect(example.title == "validation thing 3, kind c")
    #expect(example.steps == ["0:0.0", "1:1.0", "2:2.0"])
    #expect(example.batch.input.shape == [1, 3, 2])
    #expect(example.batch.targets.classes == [2])
    #expect(data.exampleCount(of: .validation) == 5)
  }

  @Test func standardizingUsesTheSampleOnly() {
    var sequences = LabelledSequences(
      values: [1, 5, 3, 5, 100, 9], features: 2, lengths: [2, 1], classes: [0, 0])
    sequences.standardize(by: [0])
    // Feature 0 has mean 2 and deviation 1 in the sample; feature 1 never changes there.
    #expect(Array(sequences.sequence(0)) == [-1, 0, 1, 0])
    #expect(Array(sequences.sequence(1)) == [98, 4])
  }

  @Test func theLinearProbeSeparatesWhatALineSeparates() {
    let points = (0..<40).map { [Double($0 % 8), Double($0 / 8)] }
    let classes = points.map { $0[0] + $0[1] < 5.5 ? 0 : 1 }
    let probe = LinearProbe(points, classes, count: 2)
    let right = zip(points, classes).count { probe.predict($0) == $1 }
    #expect(right >= 38)
    #expect(probe.predict([0, 0]) == 0 && probe.predict([7, 4]) == 1)
  }

  @Test func aPermutationIsFixedForGood() {
    var random = Random.stream(.split, seed: 81)
    // From an independent Philox 4x32-10 and shuffle in Python.
    #expect(random.permutation(of: 12) == [8, 11, 3, 7, 4, 6, 10, 9, 2, 0, 1, 5])
    #expect(random.permutation(of: 0) == [])
    #expect(random.permutation(of: 1) == [0])
  }
}
