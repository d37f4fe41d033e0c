import Data
import Engine
import Layers
import Testing

@testable import Training

/// Buckets change which examples stand together and how much of a batch is padding, and nothing else.
@Suite struct BucketTests {
  /// The loss of a whole epoch of training batches under fixed weights, the gradient of it, and the steps
  /// that are padding.
  private func epoch(
    isBucketed: Bool, of number: Int
  ) throws -> (loss: Double, gradients: [[Double]], padding: Int) {
    var recipe = DataRecipe(source: .bundled("japanese-vowels"), batchSize: 16)
    recipe.isBucketed = isBucketed
    let data = try recipe.load(seed: 3, relativeTo: "")
    var cell = LSTM.Spec(hiddenSize: 8)
    cell.options.bidirectional = .concat
    let network = try Network(
      ModelSpec([cell, MeanOverTime.Spec(), Linear.Spec(outFeatures: 9)]), input: data.input,
      seed: 2)
    var (loss, examples, padding) = (0.0, 0, 0)
    var gradients = network.parameters.map {
      [Double](repeating: 0, count: $0.parameter.value.count)
    }
    for step in number * data.stepsPerEpoch..<(number + 1) * data.stepsPerEpoch {
      let batch = data.trainingBatch(at: step)
      let tape = Tape()
      var pass = Pass()
      pass.lengths = batch.lengths
      let output = network(tape.constant(batch.input), &pass)
      let mean = TrainingRecipe().loss(of: output, batch, data.target)
      let (found, count) = (tape.gradients(of: mean), batch.targets.count)
      loss += Double(mean.scalar) * Double(count)
      for (index, named) in network.parameters.enumerated() {
        for (place, value) in (found[named.parameter]?.scalars ?? []).enumerated() {
          gradients[index][place] += Double(value) * Double(count)
        }
      }
      examples += count
      padding += batch.input.shape[0] * batch.input.shape[1] - batch.tokens
    }
    return (loss / Double(examples), gradients, padding)
  }

  @Test(arguments: [0, 1])
  func anEpochOfBucketsHasTheLossAndTheGradientOfOneWithout(number: Int) throws {
    let plain = try epoch(isBucketed: false, of: number)
    let bucketed = try epoch(isBucketed: true, of: number)
    #expect(bucketed.padding < plain.padding / 2)
    #expect(abs(bucketed.loss - plain.loss) < 1e-6 * plain.loss)
    for (found, wanted) in zip(bucketed.gradients, plain.gradients) {
      let size = wanted.map(abs).max() ?? 0
      let apart = zip(found, wanted).map { abs($0 - $1) }.max() ?? 1
      #expect(size > 0 && apart < 1e-5 * size)
    }
  }
}
