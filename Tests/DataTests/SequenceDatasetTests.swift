import Engine
import Testing

@testable import Data

/// 40 sequences; number i has 1 + i % 5 steps whose two features are i and t; its class is i % 3.
private func numbered(
  batchSize: Int, seed: UInt64 = 1, isBucketed: Bool = false
) -> SequenceDataset {
  let lengths = (0..<40).map { 1 + $0 % 5 }
  let values = lengths.enumerated().flatMap { index, length in
    (0..<length).flatMap { [Float(index), Float($0)] }
  }
  let sequences = Sequences(
    classForm(2, ["a", "b", "c"]), values: values, lengths: lengths,
    answers: .classes((0..<40).map { Int32($0 % 3) }))
  let members = Members(
    train: Array(0..<30), validation: Array(30..<35), test: Array(35..<40))
  let words = SequenceDataset.Words(
    noun: "thing", kind: { "kind \($0)" }, step: { t, x in "\(t):\(x.last ?? 0)" })
  return SequenceDataset(
    name: "numbers", summary: "numbers", sequences, members, words,
    Batching(size: batchSize, isBucketed: isBucketed, seed: seed), [.constant])
}

/// Sequences of `features` numbers a step with a class each.
private func classForm(_ features: Int, _ labels: [String]) -> SampleForm {
  SampleForm(
    input: .sequence(features),
    target: Target(labels: labels, isPerStep: false, metric: .accuracy))
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

  @Test(arguments: [1, 4, 7, 64]) func bucketsSeeEveryTrainingExampleOnceAndPadLess(size: Int) {
    let (plain, data) = (numbered(batchSize: size), numbered(batchSize: size, isBucketed: true))
    let steps = data.stepsPerEpoch
    #expect(steps == plain.stepsPerEpoch)
    for epoch in 0..<3 {
      let batches = (0..<steps).map { data.trainingBatch(at: epoch * steps + $0) }
      #expect(batches.flatMap(numbers).sorted() == Array(0..<30))
      func area(_ batches: [Batch]) -> Int { batches.reduce(0) { $0 + $1.input.count } }
      let unsorted = (0..<steps).map { plain.trainingBatch(at: epoch * steps + $0) }
      #expect(size == 1 || size == 64 || area(batches) < area(unsorted))
    }
    let batches = (0..<steps).map(data.trainingBatch)
    #expect(size > 20 || batches.map(\.tokens) != batches.map(\.tokens).sorted())
  }

  @Test func theLossOfAnEpochIsTheSameInBuckets() {
    // A loss that depends on every valid step, as that of a network does.
    func loss(_ data: SequenceDataset) -> Double {
      (0..<data.stepsPerEpoch).map(data.trainingBatch).reduce(0) { sum, batch in
        let (input, classes) = (batch.input, batch.targets.classes)
        return (0..<classes.count).reduce(sum) { sum, row in
          let length = batch.lengths?[row] ?? input.shape[1]
          let state = (0..<length).reduce(0.1) { h, t in
            h * 0.5 + Double(input[row, t, 0] + input[row, t, 1])
          }
          return sum + (state - Double(classes[row])) * (state - Double(classes[row]))
        }
      }
    }
    let plain = loss(numbered(batchSize: 4))
    #expect(abs(loss(numbered(batchSize: 4, isBucketed: true)) - plain) < 1e-9 * plain)
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
    var sequences = Sequences(
      classForm(2, ["a"]), values: [1, 5, 3, 5, 100, 9], lengths: [2, 1],
      answers: .classes([0, 0]))
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
