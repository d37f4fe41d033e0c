import Data
import Engine
import Inspection
import Layers
import Testing

@Suite struct BatchStripTests {
  /// Three sequences of two features, of 4, 1 and 3 steps, with a target for each or for every step.
  private struct Uneven: Dataset {
    var isPerStep = false
    let name = "uneven"
    let summary = ""
    let input = Signature.sequence(2)
    var target: Target { Target(labels: ["a", "b"], isPerStep: isPerStep, metric: .accuracy) }
    let stepsPerEpoch = 2

    func trainingBatch(at step: Int) -> Batch {
      var numbers = [Float](repeating: 0, count: 24)
      for (row, length) in [4, 1, 3].enumerated() {
        for t in 0..<length {
          numbers[(row * 4 + t) * 2] = Float(step)
          numbers[(row * 4 + t) * 2 + 1] = Float(2 * t)
        }
      }
      let weights: [Float] =
        isPerStep ? [0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0] : [1, 0, 1]
      return Batch(
        input: Tensor(numbers, [3, 4, 2]),
        targets: Array(repeating: 0, count: isPerStep ? 12 : 3), weights: weights,
        lengths: [4, 1, 3])
    }
    func batchCount(of split: Split) -> Int { 0 }
    func batch(_ index: Int, of split: Split) -> Batch { trainingBatch(at: index) }
    func exampleCount(of split: Split) -> Int { 0 }
    func example(_ index: Int, of split: Split) -> Example {
      Example(title: "", batch: trainingBatch(at: index), steps: [])
    }
    func read(_ material: Material) throws(DataError) -> NewSequences {
      throw DataError("uneven reads nothing.")
    }
    func baselines(on split: Split) -> [Baseline] { [] }
  }

  @Test func paddingIsWhatLiesBehindTheEndOfASequence() {
    let strip = BatchStrip(5, of: Uneven())
    #expect(strip.number == 5 && strip.time == 4 && !strip.areIDs)
    #expect(strip.sequences.map(\.length) == [4, 1, 3])
    #expect(abs(strip.paddingShare - 4.0 / 12) < 1e-12)
    #expect(strip.sequences[0].values == [2.5, 3.5, 4.5, 5.5])
    #expect(strip.sequences[1].values == [2.5, 0, 0, 0])
    // A sequence that the loss does not count is read all the same.
    #expect(strip.sequences[1].parts == [.read, .padding, .padding, .padding])
    #expect(strip.sequences[2].parts == [.counted, .counted, .counted, .padding])
  }

  @Test func stepsWithoutWeightAreReadAndNotCounted() {
    let strip = BatchStrip(0, of: Uneven(isPerStep: true))
    #expect(strip.sequences[0].parts == [.read, .counted, .counted, .counted])
    #expect(strip.sequences[2].parts.last == .padding)
  }
}
