import Data
import Engine
import Layers
import TestSupport
import Testing

@testable import Training

/// Training steps with an output layer that shares an embedding's vectors.
@Suite struct TiedTests {
  /// The batches of the fixture, one a step.
  private struct FixedBatches: Dataset {
    let ids, targets: Tensor
    var name: String { "fixed batches" }
    var seed: UInt64 { 1 }
    var summary: String { "9 symbols" }
    var batchSize: Int { ids.shape[1] }
    var stepsPerEpoch: Int { ids.shape[0] }
    var input: Signature { .ids(below: 9) }
    var target: Target {
      Target(labels: (0..<9).map(String.init), isPerStep: true, metric: .bitsPerCharacter)
    }
    var longestSequence: Int { ids.shape[2] }

    func trainingBatch(at step: Int) -> Batch {
      let size = ids.shape[1] * ids.shape[2]
      func part(_ whole: Tensor) -> ArraySlice<Float> {
        whole.scalars[step % stepsPerEpoch * size..<(step % stepsPerEpoch + 1) * size]
      }
      return Batch(
        input: Tensor(Array(part(ids)), [ids.shape[1], ids.shape[2]]),
        targets: part(targets).map { Int32($0) })
    }
    func batchCount(of split: Split) -> Int { 0 }
    func batch(_ index: Int, of split: Split) -> Batch { trainingBatch(at: index) }
    func exampleCount(of split: Split) -> Int { 0 }
    func example(_ index: Int, of split: Split) -> Example { fatalError("not looked at") }
    func baselines(on split: Split) -> [Baseline] { [] }
  }

  private func trainer() throws -> (trainer: Trainer, fixture: Fixture) {
    let fixture = try Fixture("layers/tied")
    let data = FixedBatches(ids: try fixture("ids"), targets: try fixture("targets"))
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 5), RNN.Spec(hiddenSize: 5), TiedLinear.Spec(),
    ])
    let network = try Network(model, input: data.input, seed: 1)
    for (name, parameter) in network.parameters { parameter.assign(try fixture(name)) }
    let recipe = TrainingRecipe.with {
      $0.learningRate = 0.01
      $0.clipNorm = 0
    }
    return (try Trainer(network: network, dataset: data, recipe: recipe, seed: 1), fixture)
  }

  @Test func stepsAreThoseOfPyTorch() throws {
    let (trainer, fixture) = try trainer()
    let losses = try fixture("losses").scalars
    for loss in losses { #expect(abs(try trainer.trainStep().loss - Double(loss)) < 1e-5) }
    for (name, parameter) in trainer.network.parameters {
      expectClose(parameter.value, try fixture("trained." + name), within: 2e-5, name)
    }
  }

  @Test func theVectorsAreKeptOnceByOptimiserAndCheckpointAndGoOnWithTheSameBits() throws {
    let (trainer, _) = try trainer()
    for _ in 0..<3 { _ = try trainer.trainStep() }
    let checkpoint = trainer.checkpoint()
    let names = [
      "embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
      "rnn.bias_hh_l0", "tied_linear.bias",
    ]
    #expect(checkpoint.weights.map(\.name) == names)
    #expect(checkpoint.memory.count == 2 * names.count)
    let (other, _) = try self.trainer()
    try other.restore(try Checkpoint(checkpoint.file, name: "tied"))
    for run in [trainer, other] { for _ in 0..<2 { _ = try run.trainStep() } }
    #expect(bits(trainer.network) == bits(other.network))
  }
}
